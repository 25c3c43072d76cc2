package io.postmesh.policy;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.postmesh.contract.Content;
import io.postmesh.contract.Content.BodyRef;
import io.postmesh.contract.Envelope;
import io.postmesh.contract.MailRecord;
import io.postmesh.contract.Origin;
import io.postmesh.contract.Placement;
import io.postmesh.contract.Recipient;
import io.postmesh.contract.RecordCodec;
import io.postmesh.contract.Slice;
import io.postmesh.mail.Domain;
import io.postmesh.mail.MailAddress;
import io.postmesh.mail.MailId;
import io.postmesh.mail.ReversePath;
import io.postmesh.policy.judge.Submission;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A mail as ingress writes it, one property at a time. Every method returns another mail.
public record SampleMail(
        MailId id,
        ReversePath sender,
        List<String> to,
        Origin origin,
        Optional<Domain> from,
        String headers,
        byte[] body,
        Optional<String> blob,
        Placement placement) {
    public static final MailId ID = new MailId("01ARZ3NDEKTSV4RRFFQ69G5FAV");
    public static final String HEADERS = "Received: from a by b\r\nFrom: ann@example.com\r\nSubject: hi\r\n\r\n";
    private static final Instant ACCEPTED_AT = Instant.ofEpochMilli(1_700_000_000_000L);

    /// From ann@example.com, by a trusted client, to bob@one.test.
    public static SampleMail plain() {
        return new SampleMail(
                ID,
                path("ann@example.com"),
                List.of("bob@one.test"),
                new Origin.Client("127.0.0.1", "client.test", true),
                Domain.parse("example.com"),
                HEADERS,
                "Hello\r\n".getBytes(US_ASCII),
                Optional.empty(),
                new Placement(1, 4, Set.of()));
    }

    public static ReversePath path(String text) {
        return MailAddress.parse(text).map(ReversePath::of).orElse(ReversePath.NULL);
    }

    public SampleMail id(MailId other) {
        return new SampleMail(other, sender, to, origin, from, headers, body, blob, placement);
    }

    public SampleMail sender(String text) {
        return new SampleMail(id, path(text), to, origin, from, headers, body, blob, placement);
    }

    public SampleMail to(String... addresses) {
        return to(List.of(addresses));
    }

    public SampleMail to(List<String> addresses) {
        return new SampleMail(id, sender, addresses, origin, from, headers, body, blob, placement);
    }

    public SampleMail from(String domain) {
        return new SampleMail(id, sender, to, origin, Domain.parse(domain), headers, body, blob, placement);
    }

    public SampleMail untrusted() {
        var stranger = new Origin.Client("203.0.113.7", "stranger.test", false);
        return new SampleMail(id, sender, to, stranger, from, headers, body, blob, placement);
    }

    /// A report of the mesh: null sender, From the mesh's own host.
    public SampleMail byTheMesh() {
        var about = new Origin.Mesh(new MailId("01BX5ZZKBKACTAV9WEVGEMMVS0"));
        return new SampleMail(
                id, ReversePath.NULL, to, about, Domain.parse("mail.mesh.test"), headers, body, blob, placement);
    }

    public SampleMail headers(String section) {
        return new SampleMail(id, sender, to, origin, from, section, body, blob, placement);
    }

    public SampleMail body(byte[] octets) {
        return new SampleMail(id, sender, to, origin, from, headers, octets, blob, placement);
    }

    public SampleMail blob(String key) {
        return new SampleMail(id, sender, to, origin, from, headers, new byte[0], Optional.of(key), placement);
    }

    public SampleMail placement(Placement other) {
        return new SampleMail(id, sender, to, origin, from, headers, body, blob, other);
    }

    public Envelope envelope() {
        var recipients = new ArrayList<Recipient>();
        for (var address : to)
            recipients.add(
                    new Recipient(recipients.size(), MailAddress.parse(address).orElseThrow()));
        long bodySize = blob.isPresent() ? 500_000 : body.length;
        var content = new Content(
                headers.length() + bodySize,
                new byte[32],
                new BodyRef(BodyRef.Encoding.IDENTITY, blob, bodySize),
                false,
                false,
                from,
                "<1@example.com>");
        return new Envelope(id, ACCEPTED_AT, placement, sender, recipients, origin, content, Optional.empty());
    }

    public MailRecord mail() {
        return new MailRecord(envelope(), Slice.of(headers.getBytes(US_ASCII)), Slice.of(body));
    }

    public byte[] encoded() {
        return RecordCodec.encode(mail());
    }

    public Submission submission() {
        return submission(Duration.ZERO);
    }

    public Submission submission(Duration senderDelay) {
        return new Submission(envelope(), mail().headers(), senderDelay);
    }
}
