package io.postmesh.blobs.s3;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.postmesh.runtime.blob.BlobMark;
import io.postmesh.runtime.blob.BlobStore;
import java.io.IOException;
import java.util.Optional;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/// The object that says which blob store a place in a bucket is. It is found again under another endpoint, and goes
/// along when all objects are copied; a name would do neither.
record S3Mark(S3Client client, S3Place place) {
    private static final int EXISTS = 412; // RFC 9110 §15.5.13
    private static final int AT_ONCE = 409; // S3's word for two such writes at the same moment
    private static final int UNKNOWN = 501; // a server that has no conditional writes

    Optional<BlobMark> read() throws IOException {
        try {
            var object =
                    client.getObjectAsBytes(get -> get.bucket(place.bucket()).key(key()));
            var mark = BlobMark.parse(object.asString(US_ASCII));
            if (mark.isPresent()) return mark;
            throw new IOException(place + BlobStore.MARK + " is no mark of a blob store; restore it");
        } catch (NoSuchKeyException e) {
            return Optional.empty();
        } catch (SdkException e) {
            throw S3BlobStore.failed("read", e);
        }
    }

    void make(BlobMark mark) throws IOException {
        first(mark);
        var made = read();
        if (made.isPresent() && made.get().mesh().isEmpty() && mark.mesh().isPresent())
            overwrite(made.get().of(mark.mesh().get()));
    }

    private void first(BlobMark mark) throws IOException {
        try {
            client.putObject(
                    put -> put.bucket(place.bucket()).key(key()).ifNoneMatch("*"), RequestBody.fromString(mark.text()));
        } catch (S3Exception e) {
            switch (e.statusCode()) {
                case EXISTS, AT_ONCE -> {} // another process was quicker
                case UNKNOWN -> overwrite(mark);
                default -> throw S3BlobStore.failed("write", e);
            }
        } catch (SdkException e) {
            throw S3BlobStore.failed("write", e);
        }
    }

    private void overwrite(BlobMark mark) throws IOException {
        try {
            client.putObject(put -> put.bucket(place.bucket()).key(key()), RequestBody.fromString(mark.text()));
        } catch (SdkException e) {
            throw S3BlobStore.failed("write", e);
        }
    }

    private String key() {
        return place.prefix() + BlobStore.MARK;
    }
}
