package io.postmesh.delivery.owner;

import com.github.luben.zstd.ZstdIOException;
import com.github.luben.zstd.ZstdInputStream;
import io.postmesh.contract.MailRecord;
import io.postmesh.delivery.outcome.BodySource;
import io.postmesh.runtime.blob.BlobStore;
import io.postmesh.runtime.blob.DamagedBlob;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.OptionalInt;

/// The body as ingress stored it: in the record or in the blob store, compressed or not.
record StoredBody(MailRecord mail, BlobStore blobs) implements BodySource {
    @Override
    public InputStream open() throws IOException {
        var ref = mail.envelope().content().body();
        var stored = ref.blob().isPresent() ? blob(ref.blob().get(), ref.sum()) : inline();
        return switch (ref.encoding()) {
            case IDENTITY -> stored;
            case ZSTD -> new Unzipped(stored, ref.blob().map("blob "::concat).orElse("a body in its record"));
        };
    }

    private InputStream blob(String key, OptionalInt sum) throws IOException {
        var stored = blobs.open(key);
        return sum.isPresent() ? new SummedBlob(stored, key, sum.getAsInt()) : stored;
    }

    /// What does not unzip is no trouble of the store, which another time would be over.
    private static final class Unzipped extends ZstdInputStream {
        private final String what;

        Unzipped(InputStream stored, String what) throws IOException {
            super(stored);
            this.what = what;
        }

        @Override
        public synchronized int read(byte[] to, int offset, int length) throws IOException {
            try {
                return super.read(to, offset, length);
            } catch (ZstdIOException e) {
                throw new DamagedBlob(what + " is damaged: " + e.getMessage(), e);
            }
        }
    }

    private InputStream inline() {
        var body = mail.body();
        return new ByteArrayInputStream(body.array(), body.offset(), body.length());
    }
}
