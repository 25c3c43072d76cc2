package io.postmesh.blobs.s3;

import io.postmesh.runtime.blob.BlobKeys;
import io.postmesh.runtime.blob.BlobMark;
import io.postmesh.runtime.blob.BlobStore;
import io.postmesh.runtime.blob.FirstMark;
import io.postmesh.runtime.blob.MissingBlob;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Object;

/// Blobs as objects of one bucket.
///
/// Each call has a deadline inside the door's 30 s for an answer to the dot; what fails within it is tried again, and
/// then the client reads 451. A call that was cut off may have been carried out: the object that is left then is named
/// by no record, and swept.
public final class S3BlobStore implements BlobStore, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(S3BlobStore.class);

    private static final Duration CONNECT = Duration.ofSeconds(2);
    private static final Duration SILENCE = Duration.ofSeconds(5);
    private static final Duration TRY = Duration.ofSeconds(6);
    private static final Duration CALL = Duration.ofSeconds(15);
    private static final int TRIES = 3;

    private final S3Client client;
    private final S3Place place;
    private final FirstMark first = new FirstMark();

    private S3BlobStore(S3Client client, S3Place place) {
        this.client = client;
        this.place = place;
    }

    /// Writes an object, reads it, lists it and removes it: whoever may not is told now, not by the first large mail.
    ///
    /// @throws IOException with a sentence for the operator
    public static S3BlobStore open(S3Config config) throws IOException {
        var store = new S3BlobStore(client(config), config.place());
        try {
            store.prove();
            store.removeAbandoned(Instant.now().minus(ABANDONED));
            return store;
        } catch (IOException | RuntimeException e) {
            store.close();
            throw new IOException(
                    "the blob store " + config.place() + at(config) + " cannot be used: " + e.getMessage(), e);
        }
    }

    private static String at(S3Config config) {
        return config.endpoint().map(URI::toString).map(" at "::concat).orElse("");
    }

    private static S3Client client(S3Config config) {
        var http = UrlConnectionHttpClient.builder().connectionTimeout(CONNECT).socketTimeout(SILENCE);
        var builder = S3Client.builder()
                .httpClientBuilder(http)
                .region(Region.of(config.region()))
                .forcePathStyle(config.pathStyle())
                .overrideConfiguration(how -> how.apiCallAttemptTimeout(TRY)
                        .apiCallTimeout(CALL)
                        .retryStrategy(AwsRetryStrategy.standardRetryStrategy().toBuilder()
                                .maxAttempts(TRIES)
                                .build()));
        config.endpoint().ifPresent(builder::endpointOverride);
        config.keys()
                .map(keys ->
                        AwsBasicCredentials.create(keys.access(), keys.secret().reveal()))
                .map(StaticCredentialsProvider::create)
                .ifPresent(builder::credentialsProvider);
        return builder.build();
    }

    private void prove() throws IOException {
        String key;
        try (var writer = create()) {
            writer.write(new byte[] {1}, 0, 1);
            key = writer.commit();
        }
        try (var in = open(key)) {
            if (in.read() != 1) throw new IOException("an object does not read back as it was written");
        }
        try (var all = list()) {
            all.limit(1).forEach(_ -> {});
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        delete(key);
    }

    @Override
    public Optional<BlobMark> mark() throws IOException {
        return first.saw(new S3Mark(client, place).read());
    }

    @Override
    public void confirm() throws IOException {
        first.confirm(place, new S3Mark(client, place)::read);
    }

    @Override
    public BlobMark mark(BlobMark mark) throws IOException {
        new S3Mark(client, place).make(mark);
        return mark().orElseThrow(() -> new IOException(place + " does not keep its mark"));
    }

    @Override
    public Writer create() {
        return new S3Blob(client, place, BlobKeys.next());
    }

    @Override
    public InputStream open(String key) throws IOException {
        if (!BlobKeys.isOne(key)) throw new MissingBlob(key);
        try {
            var object = client.getObject(get -> get.bucket(place.bucket()).key(place.prefix() + key));
            return new WholeStream(object, object.response().contentLength());
        } catch (NoSuchKeyException e) {
            throw new MissingBlob(key);
        } catch (SdkException e) {
            throw failed("read", e);
        }
    }

    @Override
    public void delete(String key) throws IOException {
        if (!BlobKeys.isOne(key)) return;
        try {
            client.deleteObject(delete -> delete.bucket(place.bucket()).key(place.prefix() + key));
        } catch (SdkException e) {
            throw failed("delete", e);
        }
    }

    /// Page by page, as the stream is read.
    @Override
    public Stream<Stored> list() throws IOException {
        try {
            return client
                    .listObjectsV2Paginator(list -> list.bucket(place.bucket()).prefix(place.prefix()))
                    .contents()
                    .stream()
                    .filter(this::isBlob)
                    .map(object -> new Stored(nameOf(object), object.size(), object.lastModified()));
        } catch (SdkException e) {
            throw failed("list", e);
        }
    }

    private boolean isBlob(S3Object object) {
        return object.key().startsWith(place.prefix()) && BlobKeys.isOne(nameOf(object));
    }

    private String nameOf(S3Object object) {
        return object.key().substring(place.prefix().length());
    }

    // A process that died left its parts behind; nobody lists them, and yet they are paid for.
    void removeAbandoned(Instant before) {
        try {
            client
                    .listMultipartUploadsPaginator(
                            list -> list.bucket(place.bucket()).prefix(place.prefix()))
                    .uploads()
                    .stream()
                    .filter(upload -> upload.initiated().isBefore(before))
                    .forEach(this::remove);
        } catch (SdkException e) {
            // Not every server has this, and not every key may: then the bucket's life cycle has to do it.
            log.warn("uploads that were never finished cannot be looked for in {}: {}", place, e.getMessage());
        }
    }

    private void remove(MultipartUpload upload) {
        client.abortMultipartUpload(
                abort -> abort.bucket(place.bucket()).key(upload.key()).uploadId(upload.uploadId()));
    }

    static IOException failed(String what, SdkException why) {
        return new IOException("S3 " + what + ": " + why.getMessage(), why);
    }

    @Override
    public void close() {
        client.close();
    }
}
