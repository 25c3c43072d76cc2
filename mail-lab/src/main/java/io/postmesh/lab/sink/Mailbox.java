package io.postmesh.lab.sink;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// What a recipient's local part asks for. A label may follow a plus sign: `greylist+7@any.test`.
///
/// | local part | what happens |
/// |---|---|
/// | `tempfail` | RCPT: 450 4.2.0 |
/// | `reject` | RCPT: 550 5.1.1 |
/// | `full` | RCPT: 452 4.2.2 |
/// | `greylist` | RCPT: 451 4.7.1 the first time this sender writes to it, then accepted |
/// | `code-NNN` | RCPT: that reply code, e.g. `code-421`, `code-552` |
/// | `reject-at-data`, `tempfail-at-data` | DATA: 554 5.7.1, 451 4.3.0 |
/// | `reject-at-dot`, `tempfail-at-dot` | final dot: 554 5.7.1, 451 4.3.0; the message is not kept |
/// | `greylist-at-dot` | final dot: 451 4.7.1 the first time, then accepted |
/// | `slow` | final dot: accepted, two seconds late |
/// | `drip` | final dot: accepted, the reply comes an octet every 50 ms |
/// | `drop-at-rcpt`, `drop-at-data` | the connection closes instead of the reply |
/// | `drop-in-data` | the connection closes after the first octets of the message |
/// | `drop-after-dot` | the message is kept, then the connection closes without a reply |
/// | `drop-once-after-dot` | the same, the first time only: the next attempt makes a duplicate |
/// | `silent-after-dot` | the message is kept, no reply ever comes |
/// | `garbage-at-rcpt`, `garbage-at-dot` | the reply is no SMTP |
/// | `busy` | RCPT: 421 4.3.2 and the connection closes |
/// | anything else (`ok`) | accepted |
final class Mailbox {
    private static final int REMEMBERED = 1_000_000;

    private record Rule(Stage stage, boolean firstTimeOnly, Fault fault) {}

    private static final Map<String, Rule> TABLE = Map.ofEntries(
            always("tempfail", Stage.RCPT, Fault.say(450, "4.2.0 Mailbox busy, try later")),
            always("reject", Stage.RCPT, Fault.say(550, "5.1.1 No such mailbox")),
            always("full", Stage.RCPT, Fault.say(452, "4.2.2 Mailbox full")),
            always("busy", Stage.RCPT, Fault.say(421, "4.3.2 Too busy, closing")),
            always("drop-at-rcpt", Stage.RCPT, new Fault.Drop()),
            always("garbage-at-rcpt", Stage.RCPT, new Fault.Garbage()),
            once("greylist", Stage.RCPT, Fault.say(451, "4.7.1 Greylisted, try again")),
            always("reject-at-data", Stage.DATA, Fault.say(554, "5.7.1 Not wanted")),
            always("tempfail-at-data", Stage.DATA, Fault.say(451, "4.3.0 Not now")),
            always("drop-at-data", Stage.DATA, new Fault.Drop()),
            always("drop-in-data", Stage.BODY, new Fault.Drop()),
            always("reject-at-dot", Stage.DOT, Fault.say(554, "5.7.1 Content refused")),
            always("tempfail-at-dot", Stage.DOT, Fault.say(451, "4.3.0 Not now")),
            once("greylist-at-dot", Stage.DOT, Fault.say(451, "4.7.1 Greylisted, try again")),
            always("slow", Stage.DOT, new Fault.Late(Duration.ofSeconds(2))),
            always("drip", Stage.DOT, new Fault.Drip(Duration.ofMillis(50))),
            always("drop-after-dot", Stage.DOT, new Fault.Drop()),
            once("drop-once-after-dot", Stage.DOT, new Fault.Drop()),
            always("silent-after-dot", Stage.DOT, new Fault.Silence()),
            always("garbage-at-dot", Stage.DOT, new Fault.Garbage()));

    private final Set<String> seen = ConcurrentHashMap.newKeySet();

    /// The fault this recipient wants at this stage.
    Optional<Fault> fault(Stage stage, String sender, String recipient) {
        var local = localPart(recipient);
        var asked = askedCode(stage, local);
        if (asked.isPresent()) return asked;
        var rule = TABLE.get(local);
        if (rule == null || rule.stage() != stage) return Optional.empty();
        if (rule.firstTimeOnly() && !firstTime(sender + ' ' + recipient)) return Optional.empty();
        return Optional.of(rule.fault());
    }

    private static Optional<Fault> askedCode(Stage stage, String local) {
        if (stage != Stage.RCPT || !local.matches("code-[2-5][0-9][0-9]")) return Optional.empty();
        return Optional.of(Fault.say(Integer.parseInt(local.substring(5)), "the code you asked for"));
    }

    private boolean firstTime(String pair) {
        if (seen.size() >= REMEMBERED) seen.clear(); // a lab may forget; it may not grow without end
        return seen.add(pair);
    }

    private static String localPart(String recipient) {
        int end = recipient.lastIndexOf('@');
        var local = end < 0 ? recipient : recipient.substring(0, end);
        int label = local.indexOf('+');
        return (label < 0 ? local : local.substring(0, label)).toLowerCase(Locale.ROOT);
    }

    private static Map.Entry<String, Rule> always(String local, Stage stage, Fault fault) {
        return Map.entry(local, new Rule(stage, false, fault));
    }

    private static Map.Entry<String, Rule> once(String local, Stage stage, Fault fault) {
        return Map.entry(local, new Rule(stage, true, fault));
    }
}
