package io.postmesh.lab.load;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// Writes message number n of a plan: envelope and octets. One per session.
final class Letters {
    private static final int KINDS = 8;
    private static final int HEADERS = 700; // about what the fields below take
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.ENGLISH);
    private static final String[] SUBJECTS = {
        "Your order is on its way", "Order confirmation", "We have received your payment", "Your receipt",
    };

    private final LoadPlan plan;
    private final LetterBody[] bodies;

    /// One message, ready to be sent.
    ///
    /// @param length octets of `wire` that count, the final dot among them
    record Letter(int number, String messageId, String from, String[] recipients, byte[] wire, int length) {}

    Letters(LoadPlan plan) {
        this.plan = plan;
        bodies = new LetterBody[plan.size > 200_000 ? 1 : KINDS];
        for (int i = 0; i < bodies.length; i++)
            bodies[i] = LetterBody.make(Math.max(500, plan.size - HEADERS), plan.seed + i);
    }

    int longest() {
        int longest = 0;
        for (var body : bodies) longest = Math.max(longest, body.length());
        return longest + 2_000;
    }

    /// @param buffer of [#longest] octets, used again for the next letter
    Letter write(int number, byte[] buffer) {
        var dice = new Dice(plan.seed * 1_000_003 + number);
        var body = bodies[number % bodies.length];
        var messageId = "<" + Long.toString(dice.next() >>> 1, 36) + "." + number + "@" + domain(plan.from) + ">";
        var recipients = recipients(number);
        var head = head(number, dice, messageId, recipients, body).getBytes(ISO_8859_1);
        System.arraycopy(head, 0, buffer, 0, head.length);
        body.copy(buffer, head.length, dice);
        int end = head.length + body.length();
        buffer[end++] = '.';
        buffer[end++] = '\r';
        buffer[end++] = '\n';
        return new Letter(number, messageId, plan.from, recipients, buffer, end);
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
        var out = new String[plan.recipients];
        for (int i = 0; i < out.length; i++) {
            long domain = (number * 7_919L + i) % plan.domains;
            out[i] = "u" + number + "." + i + "@d" + fourDigits(domain) + "." + plan.domainSuffix;
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
