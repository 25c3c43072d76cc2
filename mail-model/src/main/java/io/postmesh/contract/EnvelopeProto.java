package io.postmesh.contract;

import com.google.protobuf.ByteString;
import io.postmesh.contract.Content.BodyRef;
import io.postmesh.contract.proto.BodyEncoding;
import io.postmesh.contract.proto.ClearanceV1;
import io.postmesh.contract.proto.ClientV1;
import io.postmesh.contract.proto.ContentV1;
import io.postmesh.contract.proto.EnvelopeV1;
import io.postmesh.contract.proto.MeshV1;
import io.postmesh.contract.proto.PlacementV1;
import io.postmesh.contract.proto.RecipientV1;
import io.postmesh.mail.Domain;
import io.postmesh.mail.MailAddress;
import io.postmesh.mail.MailId;
import io.postmesh.mail.ReversePath;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalInt;

/// The envelope between its record and its Protobuf form. Reading checks: a value that cannot be is an
/// IllegalArgumentException.
final class EnvelopeProto {
    private static final int HASH_OCTETS = 32;

    private EnvelopeProto() {}

    static EnvelopeV1 write(Envelope e) {
        var out = EnvelopeV1.newBuilder()
                .setMailId(e.id().text())
                .setAcceptedAtMs(e.acceptedAt().toEpochMilli())
                .setPlacement(write(e.placement()))
                .setContent(write(e.content()));
        e.sender()
                .mailbox()
                .ifPresent(
                        m -> out.setSender(m.text()).setSenderDomain(m.domain().name()));
        for (var r : e.recipients()) {
            out.addRecipients(RecipientV1.newBuilder()
                    .setPosition(r.position())
                    .setAddress(r.address().text())
                    .setDomain(r.address().domain().name()));
        }
        switch (e.origin()) {
            case Origin.Client c ->
                out.setClient(
                        ClientV1.newBuilder().setIp(c.ip()).setHello(c.hello()).setTrusted(c.trusted()));
            case Origin.Mesh m ->
                out.setMesh(MeshV1.newBuilder().setAboutMailId(m.about().text()));
        }
        e.clearance().ifPresent(c -> out.setClearance(write(c)));
        return out.build();
    }

    static PlacementV1 write(Placement p) {
        return PlacementV1.newBuilder()
                .setVersion(p.version())
                .setPartitions(p.partitions())
                .addAllSpread(p.spread())
                .build();
    }

    private static ContentV1 write(Content c) {
        var out = ContentV1.newBuilder()
                .setSize(c.size())
                .setBodyHash(ByteString.copyFrom(c.bodyHash()))
                .setEncoding(
                        switch (c.body().encoding()) {
                            case IDENTITY -> BodyEncoding.IDENTITY;
                            case ZSTD -> BodyEncoding.ZSTD;
                        })
                .setBlob(c.body().blob().orElse(""))
                .setBodySize(c.body().size())
                .setEightBit(c.eightBit())
                .setSmtpUtf8(c.smtpUtf8())
                .setFromDomain(c.fromDomain().map(Domain::name).orElse(""))
                .setMessageId(c.messageId());
        c.body().sum().ifPresent(out::setBlobCrc32C);
        return out.build();
    }

    private static ClearanceV1 write(Clearance c) {
        return ClearanceV1.newBuilder()
                .setRoute(c.route().text())
                .setDestination(c.destination())
                .setPartition(c.partition())
                .setRule(c.rule())
                .setRuleVersion(c.ruleVersion())
                .setNotBeforeMs(c.notBefore().map(Instant::toEpochMilli).orElse(0L))
                .setHoldReason(c.holdReason().orElse(""))
                .setSignAs(c.signAs().map(Domain::name).orElse(""))
                .setTag(c.tag().map(Tag::text).orElse(""))
                .build();
    }

    static Envelope read(EnvelopeV1 e) {
        requireDistinctPositions(e);
        return new Envelope(
                new MailId(e.getMailId()),
                Instant.ofEpochMilli(e.getAcceptedAtMs()),
                read(e.getPlacement()),
                e.getSender().isEmpty()
                        ? ReversePath.NULL
                        : ReversePath.of(address(e.getSender(), e.getSenderDomain())),
                e.getRecipientsList().stream()
                        .map(r -> new Recipient(r.getPosition(), address(r.getAddress(), r.getDomain())))
                        .toList(),
                origin(e),
                content(e.getContent()),
                e.hasClearance() ? Optional.of(clearance(e.getClearance())) : Optional.empty());
    }

    static Placement read(PlacementV1 p) {
        return new Placement(p.getVersion(), p.getPartitions(), new HashSet<>(p.getSpreadList()));
    }

    // Two recipients of one name would be one to the ledger: the second would never be served (LEDGER L1).
    private static void requireDistinctPositions(EnvelopeV1 e) {
        var seen = new HashSet<Integer>();
        for (var r : e.getRecipientsList()) {
            if (!seen.add(r.getPosition())) throw new IllegalArgumentException("a position occurs twice");
        }
    }

    // The canonical domain is carried, not computed again: it was decided once, at the door.
    private static MailAddress address(String text, String domain) {
        int at = text.lastIndexOf('@');
        if (at < 1) throw new IllegalArgumentException("not an address");
        return new MailAddress(text, text.substring(0, at), new Domain(domain));
    }

    private static Origin origin(EnvelopeV1 e) {
        return switch (e.getOriginCase()) {
            case CLIENT ->
                new Origin.Client(
                        e.getClient().getIp(),
                        e.getClient().getHello(),
                        e.getClient().getTrusted());
            case MESH -> new Origin.Mesh(new MailId(e.getMesh().getAboutMailId()));
            case ORIGIN_NOT_SET -> throw new IllegalArgumentException("no origin");
        };
    }

    private static Content content(ContentV1 c) {
        var encoding = switch (c.getEncoding()) {
            case IDENTITY -> BodyRef.Encoding.IDENTITY;
            case ZSTD -> BodyRef.Encoding.ZSTD;
            case UNRECOGNIZED -> throw new IllegalArgumentException("unknown body encoding");
        };
        if (c.getSize() < 0 || c.getBodySize() < 0) throw new IllegalArgumentException("size out of range");
        if (c.getBodyHash().size() != HASH_OCTETS) throw new IllegalArgumentException("body hash: 32 octets");
        return new Content(
                c.getSize(),
                c.getBodyHash().toByteArray(),
                new BodyRef(encoding, text(c.getBlob()), c.getBodySize(), sum(c)),
                c.getEightBit(),
                c.getSmtpUtf8(),
                text(c.getFromDomain()).map(Domain::new),
                c.getMessageId());
    }

    private static OptionalInt sum(ContentV1 c) {
        return c.hasBlobCrc32C() ? OptionalInt.of(c.getBlobCrc32C()) : OptionalInt.empty();
    }

    private static Clearance clearance(ClearanceV1 c) {
        return new Clearance(
                Route.parse(c.getRoute()),
                c.getDestination(),
                c.getPartition(),
                c.getRule(),
                c.getRuleVersion(),
                c.getNotBeforeMs() == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(c.getNotBeforeMs())),
                text(c.getHoldReason()),
                text(c.getSignAs()).map(Domain::new),
                text(c.getTag()).flatMap(Tag::of));
    }

    static Optional<String> text(String s) {
        return s.isEmpty() ? Optional.empty() : Optional.of(s);
    }
}
