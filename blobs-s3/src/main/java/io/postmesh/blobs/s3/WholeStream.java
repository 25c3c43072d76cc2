package io.postmesh.blobs.s3;

import java.io.IOException;
import java.io.InputStream;
import software.amazon.awssdk.core.exception.SdkException;

/// An object's bytes, all of them or an error: a connection that ends early must not make a shorter mail.
final class WholeStream extends InputStream {
    private final InputStream in;
    private long left;

    WholeStream(InputStream in, long length) {
        this.in = in;
        this.left = length;
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        try {
            int count = in.read(into, offset, length);
            if (count > 0) left -= count;
            if (count < 0 && left != 0) throw new IOException("S3 read: the object ended " + left + " octets early");
            return count;
        } catch (SdkException e) {
            throw S3BlobStore.failed("read", e); // a checksum that is not right, say
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
