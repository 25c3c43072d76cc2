package io.postmesh.ingress;

import io.postmesh.ingress.intake.TraceRule;
import io.postmesh.ingress.session.Limits;
import io.postmesh.ingress.session.Networks;
import io.postmesh.ingress.session.SenderRule;
import io.postmesh.ingress.space.Floor;
import io.postmesh.ingress.space.SpaceWatch;
import io.postmesh.ingress.wire.Deadlines;
import io.postmesh.mail.Domain;
import io.postmesh.runtime.kafka.WriterProfile;
import io.postmesh.runtime.redis.Rate;
import io.postmesh.runtime.settings.HostPort;
import io.postmesh.runtime.settings.Settings;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/// What the door needs to know.
///
/// @param trusted     may relay
/// @param textLine    octets of a line of content, without CR LF
/// @param inlineMax   octets of an encoded body in a record; larger ones go to the blob store
/// @param memory      octets of mail in flight, all clients together
/// @param connections at once; strangers get [#strangers] a network
/// @param eventLoops  threads that serve sockets
public record IngressConfig(
        HostPort listen,
        String ourName,
        Networks trusted,
        SenderRule senders,
        Limits limits,
        int textLine,
        int inlineMax,
        Optional<Rate> clientRate,
        long memory,
        int connections,
        int strangers,
        int eventLoops,
        SpaceWatch.Plan space,
        TraceRule traces,
        Deadlines deadlines) {

    private static final String LOOPBACK = "127.0.0.0/8 [::1]/128";

    private static final int LEAST_INLINE = 1024;
    private static final int MOST_INLINE = 2 << 20; // with header section and envelope it must fit into one record
    private static final Duration QUICKEST_LOOK = Duration.ofMillis(100);
    private static final Duration SLOWEST_LOOK = Duration.ofMinutes(1);
    private static final int LEAST_MEMORY = 64 * 1024; // one message of unknown size

    // For most messages of most clients. Those that are slower hear 421 and come again; a stop is to end within 30 s.
    private static final Duration STOP_AMONG_OTHERS = Duration.ofSeconds(20);

    /// For the only door there is: it ends soon, to be back soon.
    ///
    /// @throws NoSenderRule when neither `ALLOWED_SENDER_DOMAINS` nor `ALLOW_EMPTY_SENDER_DOMAINS` is set
    public static IngressConfig from(Settings s) throws NoSenderRule {
        return from(s, Deadlines.STANDARD);
    }

    /// For one of several doors: new clients find another, and messages in progress are taken to their end.
    ///
    /// @throws NoSenderRule as [#from]
    public static IngressConfig amongOthers(Settings s) throws NoSenderRule {
        return from(s, Deadlines.STANDARD.stopWithin(STOP_AMONG_OTHERS));
    }

    private static IngressConfig from(Settings s, Deadlines deadlines) throws NoSenderRule {
        return new IngressConfig(
                s.hostPort("POSTMESH_SMTP_LISTEN", "127.0.0.1:2525"), // loopback until there is TLS and AUTH
                s.parsed("POSTFIX_myhostname", hostName(), IngressConfig::name),
                s.parsed("POSTFIX_mynetworks", LOOPBACK, IngressConfig::networks), // boky: all private networks
                senders(s),
                new Limits(
                        s.bytes("POSTFIX_message_size_limit", "25MiB"), // 0: no limit, boky's default
                        s.count("POSTMESH_MAX_RECIPIENTS", 1000, 100, 10_000)), // RFC 5321 §4.5.3.1.8: at least 100
                s.count("POSTMESH_TEXT_LINE_MAX", 998, 998, 1 << 20), // RFC 5322 §2.1.1; we never fold, so we refuse
                (int) s.bytes("POSTMESH_BODY_INLINE_MAX", "128KiB", LEAST_INLINE, MOST_INLINE),
                s.optional("POSTMESH_CLIENT_RATE", Rate::parse),
                s.bytes(
                        "POSTMESH_INTAKE_MEMORY",
                        "64MiB", // two thirds of what the writer to Kafka may hold
                        LEAST_MEMORY,
                        WriterProfile.INTAKE.bufferBytes()),
                s.count("POSTMESH_MAX_CONNECTIONS", 10_000, 1, 100_000),
                s.count("POSTMESH_MAX_STRANGERS", 50, 1, 10_000), // they cannot relay: fifty are enough to be told so
                s.count("POSTMESH_SMTP_LOOPS", 2, 1, 64),
                space(s),
                TraceRule.from(s),
                deadlines);
    }

    private static SpaceWatch.Plan space(Settings s) {
        var floor = new Floor(s.bytes("POSTMESH_FREE_SPACE", "5GiB")); // of a small disk a tenth
        var every = s.duration("POSTMESH_FREE_SPACE_EVERY", "5s"); // sooner where a disk fills fast
        if (every.compareTo(QUICKEST_LOOK) < 0 || every.compareTo(SLOWEST_LOOK) > 0)
            s.problem("POSTMESH_FREE_SPACE_EVERY", "give 100ms to 1m");
        return new SpaceWatch.Plan(floor, every);
    }

    private static SenderRule senders(Settings s) throws NoSenderRule {
        var domains = new HashSet<Domain>();
        for (var text : s.list("ALLOWED_SENDER_DOMAINS")) {
            Domain.parse(text).ifPresentOrElse(domains::add, () -> noDomain(s, text));
        }
        boolean asked = s.isSet("ALLOWED_SENDER_DOMAINS");
        // boky: any value but the empty one counts, and only without a list.
        boolean anyone = s.optionalText("ALLOW_EMPTY_SENDER_DOMAINS").isPresent();
        if (!domains.isEmpty()) return new SenderRule.Only(domains);
        if (asked && !s.list("ALLOWED_SENDER_DOMAINS").isEmpty()) return new SenderRule.Anyone(); // `check` ends this
        if (!anyone) throw new NoSenderRule();
        return new SenderRule.Anyone();
    }

    private static void noDomain(Settings s, String text) {
        s.problem("ALLOWED_SENDER_DOMAINS", "'" + text + "' is no domain name; write example.com example.org");
    }

    private static Networks networks(String text) {
        return Networks.parse(List.of(text.strip().split("[\\s,]+")));
    }

    private static String name(String text) {
        return Domain.parse(text)
                .map(Domain::name)
                .orElseThrow(() -> new IllegalArgumentException("is no host name; write mail.example.com"));
    }

    private static String hostName() {
        try {
            var name = InetAddress.getLocalHost().getHostName();
            return Domain.parse(name).map(Domain::name).orElse("localhost");
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
