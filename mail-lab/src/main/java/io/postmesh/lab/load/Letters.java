package io.postmesh.lab.load;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// Writes message number n of a plan: envelope and octets. Sessions share one.
final class Letters {
    private static final int KINDS = 8;
    private static final int HEADERS = 700; // about what the fields below take
    private static final int MARGIN = 2_000;
    private static final int MOST_KEPT = 256 * 1024; // of each session; a rare large letter gets its own
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.ENGLISH);
    private static final String[] SUBJECTS = {
        "Your order is on its way", "Order confirmation", "We have received your payment", "Your receipt",
    };

    private final LoadPlan plan;
    private final LetterBody[][] bodies; // by share of the sizes

    /// One message, ready to be sent.
    ///
    /// @param attempt how often it was offered, from 1 on: each offer is a message of its own, so that nobody
    ///                takes one that was taken in spite of a refusal for a duplicate of the next
    /// @param length  octets of `wire` that count, the final dot among them
    record Letter(
            int number, int attempt, String messageId, String from, String[] recipients, byte[] wire, int length) {}

    Letters(LoadPlan plan) {
        this.plan = plan;
        var shares = plan.sizes.shares();
        bodies = new LetterBody[shares.size()][];
        for (int i = 0; i < bodies.length; i++) bodies[i] = kinds(shares.get(i).octets());
    }

    private LetterBody[] kinds(int size) {
        var kinds = new LetterBody[size > 200_000 ? 1 : KINDS];
        for (int i = 0; i < kinds.length; i++) kinds[i] = LetterBody.make(Math.max(500, size - HEADERS), plan.seed + i);
        return kinds;
    }

    /// Room for most of them; [#write] finds more where it needs more.
    byte[] buffer() {
        return new byte[Math.min(plan.sizes.largest(), MOST_KEPT) + MARGIN];
    }

    /// @param buffer used again for the next letter, unless this one does not fit
    Letter write(int number, int attempt, byte[] buffer) {
        var dice = new Dice(plan.seed * 1_000_003 + number);
        var kinds = bodies[plan.sizes.indexOf(new Dice(plan.seed ^ number).below(100))];
        var body = kinds[number % kinds.length];
        var messageId = "<" + Long.toString(dice.next() >>> 1, 36) + "." + number + (attempt > 1 ? "." + attempt : "")
                + "@" + domain(plan.from) + ">";
        var recipients = recipients(number);
        var head = head(number, dice, messageId, recipients, body).getBytes(ISO_8859_1);
        var wire = head.length + body.length() + 3 <= buffer.length ? buffer : new byte[body.length() + MARGIN];
        System.arraycopy(head, 0, wire, 0, head.length);
        body.copy(wire, head.length, dice);
        int end = head.length + body.length();
        wire[end++] = '.';
        wire[end++] = '\r';
        wire[end++] = '\n';
        return new Letter(number, attempt, messageId, plan.from, recipients, wire, end);
    }

    private String head(int number, Dice dice, String messageId, String[] recipients, LetterBody body) {
        return "From: \"Demo Shop\" <" + plan.from + ">\r\n"
                + "To: " + recipients[0] + "\r\n"
                + "Subject: " + dice.pick(SUBJECTS) + " #" + number + "\r\n"
                + "Date: " + DATE.format(ZonedDateTime.now(ZoneOffset.UTC)) + "\r\n"
                + "Message-ID: " + messageId + "\r\n"
                + "Reply-To: \"Demo Shop care\" <" + plan.from + ">\r\n"
                + "List-Unsubscribe: <https://shop.demo.test/u/" + Long.toHexString(dice.next()) + ">\r\n"
                + "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
                + "X-Campaign: order-" + Long.toHexString(dice.next()) + "\r\n"
                + "Feedback-ID: " + number % 97 + ":order:demo\r\n"
                + "MIME-Version: 1.0\r\n"
                + "Content-Type: " + body.contentType() + "\r\n\r\n";
    }

    // Neighbours go to different domains, as a shop's customers do.
    private String[] recipients(int number) {
        if (plan.to.isPresent()) return new String[] {plan.to.get()};
        int spread = plan.recipients - plan.fewestRecipients;
        var out = new String[plan.fewestRecipients + (spread == 0 ? 0 : new Dice(number).below(spread + 1))];
        for (int i = 0; i < out.length; i++) {
            long domain = (number * 7_919L + i) % plan.domains;
            out[i] = plan.localParts.of(number, i) + "@d" + fourDigits(domain) + "." + plan.domainSuffix;
        }
        return out;
    }

    private static String fourDigits(long number) {
        var digits = Long.toString(number);
        return "0".repeat(Math.max(0, 4 - digits.length())) + digits;
    }

    private static String domain(String address) {
        return address.substring(address.lastIndexOf('@') + 1);
    }
}
