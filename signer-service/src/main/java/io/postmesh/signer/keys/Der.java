package io.postmesh.signer.keys;

import java.util.Arrays;

/// Just enough DER (X.690 §8, §10) to see what kind of key a file holds, and to put PKCS#1 into its PKCS#8 wrapper.
final class Der {
    static final int INTEGER = 0x02;
    static final int OCTETS = 0x04;
    static final int OBJECT_ID = 0x06;
    static final int SEQUENCE = 0x30;

    private final byte[] bytes;
    private int at;

    Der(byte[] bytes) {
        this.bytes = bytes;
    }

    /// The content of the next element, which has to have this tag.
    byte[] read(int tag) throws UnusableKey {
        if (at >= bytes.length || (bytes[at++] & 0xff) != tag) throw damaged();
        int length = length();
        if (length > bytes.length - at) throw damaged();
        at += length;
        return Arrays.copyOfRange(bytes, at - length, at);
    }

    Der open(int tag) throws UnusableKey {
        return new Der(read(tag));
    }

    private int length() throws UnusableKey {
        if (at >= bytes.length) throw damaged();
        int first = bytes[at++] & 0xff;
        if (first < 0x80) return first;
        int octets = first & 0x7f;
        if (octets < 1 || octets > 3 || octets > bytes.length - at) throw damaged();
        int length = 0;
        for (; octets > 0; octets--) length = length << 8 | bytes[at++] & 0xff;
        return length;
    }

    static byte[] element(int tag, byte[]... parts) {
        int length = Arrays.stream(parts).mapToInt(p -> p.length).sum();
        var head = head(tag, length);
        var out = Arrays.copyOf(head, head.length + length);
        int at = head.length;
        for (var part : parts) {
            System.arraycopy(part, 0, out, at, part.length);
            at += part.length;
        }
        return out;
    }

    private static byte[] head(int tag, int length) {
        if (length < 0x80) return new byte[] {(byte) tag, (byte) length};
        if (length < 0x100) return new byte[] {(byte) tag, (byte) 0x81, (byte) length};
        if (length < 0x10000) return new byte[] {(byte) tag, (byte) 0x82, (byte) (length >> 8), (byte) length};
        return new byte[] {(byte) tag, (byte) 0x83, (byte) (length >> 16), (byte) (length >> 8), (byte) length};
    }

    private static UnusableKey damaged() {
        return new UnusableKey("the key inside is damaged; take it from its backup, or make a new one");
    }
}
