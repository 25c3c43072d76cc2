package io.postmesh.contract;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import io.postmesh.contract.proto.EnvelopeV1;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// A mail record as bytes: format octet, length of envelope, envelope, length of headers, headers, body.
public final class RecordCodec {
    /// The one format so far. Another first octet is a record from a newer version, or garbage.
    private static final byte FORMAT = 1;

    private RecordCodec() {}

    public static byte[] encode(MailRecord record) {
        return lay(record).bytes();
    }

    /// A record whose size is known and whose bytes are made when they are wanted: many records of one mail share their
    /// headers and body until then.
    public static Laid lay(MailRecord record) {
        return new Laid(EnvelopeProto.write(record.envelope()), record.headers(), record.body());
    }

    /// See [#lay].
    public static final class Laid {
        private final EnvelopeV1 envelope;
        private final Slice headers;
        private final Slice body;

        private Laid(EnvelopeV1 envelope, Slice headers, Slice body) {
            // A record that was cut must not pass for a shorter mail.
            this.envelope = envelope.toBuilder().setBodyOctets(body.length()).build();
            this.headers = headers;
            this.body = body;
        }

        public int size() {
            int envelopeSize = envelope.getSerializedSize();
            return 1
                    + CodedOutputStream.computeUInt32SizeNoTag(envelopeSize)
                    + envelopeSize
                    + CodedOutputStream.computeUInt32SizeNoTag(headers.length())
                    + headers.length()
                    + body.length();
        }

        public byte[] bytes() {
            var out = new byte[size()];
            var coded = CodedOutputStream.newInstance(out);
            try {
                coded.write(FORMAT);
                coded.writeUInt32NoTag(envelope.getSerializedSize());
                envelope.writeTo(coded);
                coded.writeUInt32NoTag(headers.length());
                coded.write(headers.array(), headers.offset(), headers.length());
                coded.write(body.array(), body.offset(), body.length());
                coded.checkNoSpaceLeft();
            } catch (IOException e) {
                throw new AssertionError("an array of the computed size has room", e);
            }
            return out;
        }
    }

    /// Reads a record; headers and body are slices of `bytes`.
    public static MailRecord decode(byte @Nullable [] value) throws BadRecord {
        var bytes = BadRecord.unlessThere(value);
        if (bytes.length == 0 || bytes[0] != FORMAT) throw new BadRecord("not a mail record of format 1");
        var in = CodedInputStream.newInstance(bytes, 1, bytes.length - 1);
        try {
            int envelopeSize = in.readUInt32();
            if (envelopeSize < 0 || envelopeSize > bytes.length) throw new BadRecord("envelope length out of range");
            int limit = in.pushLimit(envelopeSize);
            var envelope = EnvelopeV1.parseFrom(in);
            in.checkLastTagWas(0); // else it ended before its length said
            in.popLimit(limit);
            int headerSize = in.readUInt32();
            int headersAt = 1 + in.getTotalBytesRead();
            if (headerSize < 0 || headerSize > bytes.length - headersAt)
                throw new BadRecord("header length out of range");
            int bodyAt = headersAt + headerSize;
            if (envelope.hasBodyOctets() && envelope.getBodyOctets() != bytes.length - bodyAt)
                throw new BadRecord("its body has another length than was written");
            var record = new MailRecord(
                    EnvelopeProto.read(envelope),
                    new Slice(bytes, headersAt, headerSize),
                    new Slice(bytes, bodyAt, bytes.length - bodyAt));
            if (bodyAt < bytes.length
                    && record.envelope().content().body().blob().isPresent()) {
                throw new BadRecord("two bodies: one in the record, one in the blob store");
            }
            return record;
        } catch (IOException | IllegalArgumentException e) {
            throw new BadRecord("not a mail record: " + e.getMessage(), e);
        }
    }
}
