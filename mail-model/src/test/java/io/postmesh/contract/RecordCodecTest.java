package io.postmesh.contract;

import static io.postmesh.contract.Samples.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import io.postmesh.contract.proto.ClearanceV1;
import io.postmesh.contract.proto.EnvelopeV1;
import io.postmesh.contract.proto.RecipientV1;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class RecordCodecTest {
    @Test
    void whatIsEncodedIsDecoded() throws BadRecord {
        for (var mail : Samples.mails().values()) {
            assertThat(RecordCodec.decode(RecordCodec.encode(mail))).isEqualTo(mail);
        }
    }

    @Test
    void slicesInTheMiddleOfAnArrayAreEncodedAlone() throws BadRecord {
        var array = "xxxFrom: a\r\n\r\nBodyyyy".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        var mail = new MailRecord(Samples.envelope(), new Slice(array, 3, 11), new Slice(array, 14, 4));
        var read = RecordCodec.decode(RecordCodec.encode(mail));
        assertThat(read.headers()).isEqualTo(bytes("From: a\r\n\r\n"));
        assertThat(read.body()).isEqualTo(bytes("Body"));
    }

    @Test
    void aDecodedRecordIsAViewOfItsBytes() throws BadRecord {
        var encoded = RecordCodec.encode(Samples.accepted());
        var read = RecordCodec.decode(encoded);
        assertThat(read.body().array()).isSameAs(encoded);
        assertThat(read.headers().array()).isSameAs(encoded);
        assertThat(read.envelope().content().bodyHash()).as("a copy of its own").hasSize(32);
    }

    @Test
    void anEnvelopeThatEndsBeforeItsLengthIsNoRecord() throws IOException {
        var envelope = EnvelopeProto.write(Samples.envelope()).toByteArray();
        var record = new ByteArrayOutputStream();
        var out = CodedOutputStream.newInstance(record);
        int endGroup = 15 << 3 | 4; // an end without a beginning: Protobuf stops reading there
        out.write((byte) 1);
        out.writeUInt32NoTag(envelope.length + 3);
        out.writeRawBytes(envelope);
        out.writeUInt32NoTag(endGroup);
        out.writeUInt32NoTag(0); // would be read as the length of the headers
        out.writeUInt32NoTag(0);
        out.writeUInt32NoTag(0);
        out.flush();
        assertThatExceptionOfType(BadRecord.class).isThrownBy(() -> RecordCodec.decode(record.toByteArray()));
    }

    @Test
    void anEmptyHeaderSectionAndAnEmptyBodyAreRecordsToo() throws BadRecord {
        var mail = new MailRecord(Samples.envelope(), Slice.EMPTY, Slice.EMPTY);
        assertThat(RecordCodec.decode(RecordCodec.encode(mail))).isEqualTo(mail);
    }

    @Test
    void theSpreadListIsWrittenInOneOrder() {
        var names = new ArrayList<String>();
        for (int i = 0; i < 30; i++) names.add("provider" + i + ".test");
        var one = new Placement(1, 4, new TreeSet<>(names));
        var other = new Placement(1, 4, Set.copyOf(names.reversed()));
        assertThat(RecordCodec.encode(placed(one))).isEqualTo(RecordCodec.encode(placed(other)));
    }

    @Test
    void aRecordCutAnywhereIsBadAndSoIsOneThatGrew() {
        var encoded = RecordCodec.encode(Samples.accepted());
        for (int length = 0; length <= encoded.length + 2; length++) {
            if (length == encoded.length) continue;
            var cut = Arrays.copyOf(encoded, length);
            assertThatExceptionOfType(BadRecord.class).isThrownBy(() -> RecordCodec.decode(cut));
        }
    }

    @Test
    void aFieldOfANewerVersionIsPassedOver() throws BadRecord {
        var later = com.google.protobuf.UnknownFieldSet.newBuilder()
                .addField(
                        4711,
                        com.google.protobuf.UnknownFieldSet.Field.newBuilder()
                                .addVarint(1)
                                .build())
                .build();
        var bytes = record(e -> e.setUnknownFields(later));
        assertThat(RecordCodec.decode(bytes).envelope()).isEqualTo(Samples.envelope());
    }

    @TestFactory
    List<DynamicTest> anEnvelopeThatCannotBeIsABadRecord() {
        return List.of(
                bad("no mail id", e -> e.clearMailId()),
                bad("not a mail id", e -> e.setMailId("01ARZ3NDEKTSV4RRFFQ69G5FA\n")),
                bad("no placement", e -> e.clearPlacement()),
                bad("no partitions", e -> e.setPlacement(e.getPlacementBuilder().setPartitions(0))),
                bad(
                        "negative partitions",
                        e -> e.setPlacement(e.getPlacementBuilder().setPartitions(-1))),
                bad("no origin", e -> e.clearClient()),
                bad("a report about nothing", e -> e.setMesh(e.getMeshBuilder().setAboutMailId("x"))),
                bad("no recipients", e -> e.clearRecipients()),
                bad("a position twice", e -> e.addRecipients(e.getRecipients(0))),
                bad("a negative position", e -> e.addRecipients(recipient(-1, "a@b.test", "b.test"))),
                bad("a recipient without domain", e -> e.addRecipients(recipient(9, "a@b.test", ""))),
                bad("a domain not canonical", e -> e.addRecipients(recipient(9, "a@B.test", "B.test"))),
                bad("a recipient without @", e -> e.addRecipients(recipient(9, "a", "b.test"))),
                bad("a recipient without local part", e -> e.addRecipients(recipient(9, "@b.test", "b.test"))),
                bad(
                        "a recipient that is two lines",
                        e -> e.addRecipients(recipient(9, "a\r\nRCPT TO:<x>@b.test", "b.test"))),
                bad("a sender without domain", e -> e.clearSenderDomain()),
                bad("no content", e -> e.clearContent()),
                bad(
                        "a short hash",
                        e -> e.setContent(e.getContentBuilder().setBodyHash(ByteString.copyFrom(new byte[31])))),
                bad("a negative size", e -> e.setContent(e.getContentBuilder().setSize(-1))),
                bad(
                        "a negative body size",
                        e -> e.setContent(e.getContentBuilder().setBodySize(-1))),
                bad(
                        "an unknown encoding",
                        e -> e.setContent(e.getContentBuilder().setEncodingValue(77))),
                bad(
                        "a From domain that is none",
                        e -> e.setContent(e.getContentBuilder().setFromDomain("A B"))),
                bad("two bodies", e -> e.setContent(e.getContentBuilder().setBlob("key"))),
                bad(
                        "a checksum of no blob",
                        e -> e.setContent(e.getContentBuilder().setBlobCrc32C(0))),
                bad("an empty clearance", e -> e.setClearance(ClearanceV1.getDefaultInstance())),
                bad("a clearance without route", e -> e.setClearance(clearance().setRoute(""))),
                bad(
                        "a clearance without destination",
                        e -> e.setClearance(clearance().setDestination(""))),
                bad("a negative partition", e -> e.setClearance(clearance().setPartition(-1))),
                bad(
                        "a partition outside the placement",
                        e -> e.setClearance(clearance().setPartition(12))),
                bad(
                        "a signing domain that is none",
                        e -> e.setClearance(clearance().setSignAs("x y"))));
    }

    @Test
    void aRecordOfAnotherFormatIsBad() {
        var encoded = RecordCodec.encode(Samples.accepted());
        encoded[0] = 2;
        assertThatExceptionOfType(BadRecord.class).isThrownBy(() -> RecordCodec.decode(encoded));
        assertThatExceptionOfType(BadRecord.class).isThrownBy(() -> RecordCodec.decode(new byte[0]));
    }

    private static MailRecord placed(Placement placement) {
        var e = Samples.envelope();
        var moved = new Envelope(
                e.id(),
                e.acceptedAt(),
                placement,
                e.sender(),
                e.recipients(),
                e.origin(),
                e.content(),
                Optional.empty());
        return new MailRecord(moved, Slice.EMPTY, Slice.EMPTY);
    }

    private static RecipientV1 recipient(int position, String address, String domain) {
        return RecipientV1.newBuilder()
                .setPosition(position)
                .setAddress(address)
                .setDomain(domain)
                .build();
    }

    private static ClearanceV1.Builder clearance() {
        return ClearanceV1.newBuilder()
                .setRoute("mx")
                .setDestination("one.test")
                .setPartition(1);
    }

    private static DynamicTest bad(String name, UnaryOperator<EnvelopeV1.Builder> change) {
        return DynamicTest.dynamicTest(name, () -> {
            var bytes = record(change);
            assertThatExceptionOfType(BadRecord.class).isThrownBy(() -> RecordCodec.decode(bytes));
        });
    }

    private static byte[] record(UnaryOperator<EnvelopeV1.Builder> change) {
        var envelope = change.apply(EnvelopeProto.write(Samples.envelope()).toBuilder())
                .build();
        var out = new ByteArrayOutputStream();
        try {
            out.write(1);
            envelope.writeDelimitedTo(out);
            out.write(new byte[] {2, '\r', '\n', 'x'});
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return out.toByteArray();
    }
}
