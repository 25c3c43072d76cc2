package io.postmesh.policy;

import io.postmesh.contract.MailRecord;
import io.postmesh.contract.Slice;
import io.postmesh.runtime.blob.BlobStore;
import java.io.IOException;
import java.util.zip.CRC32C;

/// Where a body goes that many records share: into the blob store, once, instead of into each record.
record BodyShelf(BlobStore blobs) {
    private static final int COPIES = 4;
    private static final int COPIED_OCTETS = 256 << 10;

    /// Whether a body of so many octets, in so many records, is better stored once.
    static boolean isShared(int records, int octets) {
        if (records < 2 || octets == 0) return false;
        return records > COPIES || (long) records * octets > COPIED_OCTETS;
    }

    /// The same mail, its body durable in the blob store. If the stage runs again, the first blob is left to the sweep.
    MailRecord shelve(MailRecord mail) throws IOException {
        var body = mail.body();
        var sum = new CRC32C();
        sum.update(body.array(), body.offset(), body.length());
        try (var blob = blobs.create()) {
            blob.write(body.array(), body.offset(), body.length());
            var content = mail.envelope().content().at(blob.commit(), (int) sum.getValue());
            return new MailRecord(mail.envelope().with(content), mail.headers(), Slice.EMPTY);
        }
    }
}
