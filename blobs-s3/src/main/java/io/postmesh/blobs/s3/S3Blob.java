package io.postmesh.blobs.s3;

import io.postmesh.runtime.blob.BlobStore;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/// A blob while it is being written: one object, or parts of it as soon as there is enough for one.
final class S3Blob implements BlobStore.Writer {
    private static final Logger log = LoggerFactory.getLogger(S3Blob.class);
    static final int PART = 5 << 20; // the least that S3 takes of all parts but the last

    private final S3Client client;
    private final S3Place place;
    private final String key;
    private final List<CompletedPart> parts = new ArrayList<>();
    private Piece next = new Piece();
    private @Nullable String upload;
    private boolean committed;

    S3Blob(S3Client client, S3Place place, String key) {
        this.client = client;
        this.place = place;
        this.key = key;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        next.write(bytes, offset, length);
        if (next.size() >= PART) sendPart();
    }

    @Override
    public String commit() throws IOException {
        try {
            if (upload == null) putWhole();
            else complete(upload);
            committed = true;
            return key;
        } catch (SdkException e) {
            throw S3BlobStore.failed("write", e);
        }
    }

    private void putWhole() {
        client.putObject(put -> put.bucket(place.bucket()).key(name()), next.body());
    }

    private void complete(String id) throws IOException {
        if (next.size() > 0) sendPart();
        client.completeMultipartUpload(complete ->
                complete.bucket(place.bucket()).key(name()).uploadId(id).multipartUpload(all -> all.parts(parts)));
    }

    private void sendPart() throws IOException {
        try {
            var id = begun();
            int number = parts.size() + 1;
            var answer = client.uploadPart(
                    part -> part.bucket(place.bucket()).key(name()).uploadId(id).partNumber(number), next.body());
            parts.add(CompletedPart.builder()
                    .partNumber(number)
                    .eTag(answer.eTag())
                    .checksumCRC32(answer.checksumCRC32())
                    .build());
            next = new Piece();
        } catch (SdkException e) {
            throw S3BlobStore.failed("write", e);
        }
    }

    private String begun() {
        var id = upload;
        if (id == null) {
            id = client.createMultipartUpload(
                            create -> create.bucket(place.bucket()).key(name()))
                    .uploadId();
            upload = id;
        }
        return id;
    }

    private String name() {
        return place.prefix() + key;
    }

    /// After [#commit] there is nothing left to undo.
    @Override
    public void abort() {
        var id = upload;
        if (committed || id == null) return;
        upload = null;
        try {
            client.abortMultipartUpload(
                    abort -> abort.bucket(place.bucket()).key(name()).uploadId(id));
        } catch (SdkException e) {
            log.warn("parts of blob {} were not removed, they go at a start after a day: {}", key, e.getMessage());
        }
    }

    /// Read from where it lies: a copy for the SDK, and one of the SDK's own, would be as large again.
    private static final class Piece extends ByteArrayOutputStream {
        RequestBody body() {
            return RequestBody.fromContentProvider(
                    () -> new ByteArrayInputStream(buf, 0, count), count, "application/octet-stream");
        }
    }
}
