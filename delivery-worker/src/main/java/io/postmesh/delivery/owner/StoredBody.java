package io.postmesh.delivery.owner;

import com.github.luben.zstd.ZstdInputStream;
import io.postmesh.contract.MailRecord;
import io.postmesh.delivery.outcome.BodySource;
import io.postmesh.runtime.blob.BlobStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;

/// The body as ingress stored it: in the record or in the blob store, compressed or not.
record StoredBody(MailRecord mail, BlobStore blobs) implements BodySource {
    @Override
    public InputStream open() throws IOException {
        var ref = mail.envelope().content().body();
        var stored = ref.blob().isPresent() ? blobs.open(ref.blob().get()) : inline();
        return switch (ref.encoding()) {
            case IDENTITY -> stored;
            case ZSTD -> new ZstdInputStream(stored);
        };
    }

    private InputStream inline() {
        var body = mail.body();
        return new ByteArrayInputStream(body.array(), body.offset(), body.length());
    }
}
