package io.postmesh.delivery.owner;

import io.postmesh.runtime.blob.DamagedBlob;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;

/// A blob whose end is reached only when its bytes are those that its record speaks of: neither another's, nor changed.
final class SummedBlob extends CheckedInputStream {
    private final String key;
    private final int sum;

    SummedBlob(InputStream stored, String key, int sum) {
        super(stored, new CRC32C());
        this.key = key;
        this.sum = sum;
    }

    @Override
    public int read() throws IOException {
        int octet = super.read();
        if (octet < 0) check();
        return octet;
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
        int count = super.read(to, offset, length);
        if (count < 0) check();
        return count;
    }

    private void check() throws DamagedBlob {
        if ((int) getChecksum().getValue() != sum)
            throw new DamagedBlob("blob " + key + " is damaged: its checksum is not that of its record", null);
    }
}
