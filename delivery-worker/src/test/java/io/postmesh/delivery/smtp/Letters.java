package io.postmesh.delivery.smtp;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.postmesh.contract.Clearance;
import io.postmesh.contract.Content;
import io.postmesh.contract.Envelope;
import io.postmesh.contract.Origin;
import io.postmesh.contract.Placement;
import io.postmesh.contract.Recipient;
import io.postmesh.contract.Route;
import io.postmesh.contract.Slice;
import io.postmesh.delivery.outcome.Job;
import io.postmesh.mail.MailAddress;
import io.postmesh.mail.MailId;
import io.postmesh.mail.ReversePath;
import java.io.ByteArrayInputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Makes jobs for the carrier: `Letters.to("ann@one.test").body("Hi\r\n").job()`.
final class Letters {
    static final String HEADERS = "From: <ann@sender.test>\r\nSubject: a test\r\n\r\n";

    private final List<Recipient> recipients = new ArrayList<>();
    private String sender = "ann@sender.test";
    private byte[] headers = HEADERS.getBytes(UTF_8);
    private byte[] body = "Hello,\r\nthis is a test.\r\n".getBytes(UTF_8);
    private boolean eightBit;
    private boolean smtpUtf8;
    private Route route = Route.MX;

    static Letters to(String... addresses) {
        var letters = new Letters();
        for (int i = 0; i < addresses.length; i++) {
            letters.recipients.add(new Recipient(i, address(addresses[i])));
        }
        return letters;
    }

    Letters from(String address) {
        sender = address;
        return this;
    }

    Letters headers(String text) {
        headers = text.getBytes(UTF_8);
        return this;
    }

    Letters body(String text) {
        return body(text.getBytes(UTF_8));
    }

    Letters body(byte[] bytes) {
        body = bytes;
        return this;
    }

    Letters eightBit() {
        eightBit = true;
        return this;
    }

    Letters smtpUtf8() {
        smtpUtf8 = true;
        return this;
    }

    Letters relayed() {
        route = new Route.Relay("relayhost");
        return this;
    }

    Job job() {
        return new Job(envelope(), Slice.of(headers), () -> new ByteArrayInputStream(body), List.copyOf(recipients), 1);
    }

    private Envelope envelope() {
        var content = new Content(
                headers.length + body.length,
                new byte[32],
                new Content.BodyRef(Content.BodyRef.Encoding.IDENTITY, Optional.empty(), body.length),
                eightBit,
                smtpUtf8,
                Optional.empty(),
                "<1@sender.test>");
        var destination = recipients.getFirst().address().domain().name();
        var cleared =
                new Clearance(route, destination, 0, "test", 1, Optional.empty(), Optional.empty(), Optional.empty());
        return new Envelope(
                MailId.of(1, 2, 3),
                Instant.EPOCH,
                new Placement(1, 4, Set.of()),
                sender.isEmpty() ? ReversePath.NULL : ReversePath.of(address(sender)),
                List.copyOf(recipients),
                origin(),
                content,
                Optional.of(cleared));
    }

    private static Origin origin() {
        return new Origin.Client("127.0.0.1", "client.test", true);
    }

    private static MailAddress address(String text) {
        return MailAddress.parse(text).orElseThrow();
    }
}
