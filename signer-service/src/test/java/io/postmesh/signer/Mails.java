package io.postmesh.signer;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.postmesh.contract.Clearance;
import io.postmesh.contract.Content;
import io.postmesh.contract.Content.BodyRef;
import io.postmesh.contract.Envelope;
import io.postmesh.contract.MailRecord;
import io.postmesh.contract.Origin;
import io.postmesh.contract.Placement;
import io.postmesh.contract.Recipient;
import io.postmesh.contract.Route;
import io.postmesh.contract.Slice;
import io.postmesh.dkim.BodyHash;
import io.postmesh.mail.Domain;
import io.postmesh.mail.MailAddress;
import io.postmesh.mail.MailId;
import io.postmesh.mail.ReversePath;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// Cleared mail, ready to be signed.
final class Mails {
    static final Instant ACCEPTED = Instant.ofEpochMilli(1_700_000_000_000L);
    static final int PARTITIONS = 4;
    private static final SplittableRandom RANDOM = new SplittableRandom();
    private static final MailAddress ANN = MailAddress.parse("ann@example.org").orElseThrow();
    private static final MailAddress BOB = MailAddress.parse("bob@example.net").orElseThrow();

    private Mails() {}

    static MailRecord from(@Nullable String fromDomain, @Nullable String signAs) {
        var headers = "From: ann@" + fromDomain + "\r\nTo: bob@example.net\r\nSubject: Hello\r\n\r\n";
        return mail(headers, "Hello there.\r\n", fromDomain, signAs, 1);
    }

    static MailRecord mail(
            String headers, String body, @Nullable String fromDomain, @Nullable String signAs, int partition) {
        var octets = body.getBytes(ISO_8859_1);
        var hash = new BodyHash();
        hash.update(octets, 0, octets.length);
        var content = new Content(
                headers.length() + octets.length,
                hash.digest(),
                new BodyRef(BodyRef.Encoding.IDENTITY, Optional.empty(), octets.length),
                false,
                false,
                Optional.ofNullable(fromDomain).map(Domain::new),
                "<1@example.org>");
        var cleared = new Clearance(
                Route.MX,
                "example.net",
                partition,
                "test",
                1,
                Optional.empty(),
                Optional.empty(),
                Optional.ofNullable(signAs).map(Domain::new));
        var envelope = new Envelope(
                MailId.at(ACCEPTED.toEpochMilli(), RANDOM),
                ACCEPTED,
                new Placement(1, PARTITIONS, Set.of()),
                ReversePath.of(ANN),
                List.of(new Recipient(0, BOB)),
                new Origin.Client("127.0.0.1", "client", true),
                content,
                Optional.of(cleared));
        return new MailRecord(envelope, Slice.of(headers.getBytes(ISO_8859_1)), Slice.of(octets));
    }

    /// The message as delivery will send it.
    static byte[] wire(MailRecord mail) {
        var headers = new String(mail.headers().toBytes(), ISO_8859_1);
        return (headers + new String(mail.body().toBytes(), ISO_8859_1)).getBytes(ISO_8859_1);
    }
}
