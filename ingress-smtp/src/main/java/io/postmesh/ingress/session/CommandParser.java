package io.postmesh.ingress.session;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.postmesh.ingress.session.Command.*;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.util.Locale;

/// Makes a command of one line (without its CR LF). Every line gives a command; none throws.
public final class CommandParser {
    private static final int MAX_HELLO = 255;

    private CommandParser() {}

    public static Command parse(byte[] line, int offset, int length) {
        while (length > 0 && isBlank(line[offset + length - 1])) length--; // RFC 5321 §4.1.1: tolerate trailing space
        boolean ascii = true;
        for (int i = offset; i < offset + length; i++) {
            byte b = line[i];
            // NUL, ESC and their like end in logs and terminals; no command has them (§4.1.2).
            if (b >= 0 && b < ' ' && b != '\t' || b == 0x7f) return new Malformed(Replies.BAD_CHARACTERS);
            if (b < 0) ascii = false;
        }
        if (ascii) return parse(new String(line, offset, length, US_ASCII));
        try {
            var decoder = UTF_8.newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT);
            return parse(decoder.decode(ByteBuffer.wrap(line, offset, length)).toString());
        } catch (CharacterCodingException e) {
            return new Malformed(Replies.BAD_UTF8);
        }
    }

    private static Command parse(String line) {
        int end = endOfVerb(line);
        var rest = line.substring(end);
        return switch (line.substring(0, end).toUpperCase(Locale.ROOT)) {
            case "EHLO" -> isHello(rest.strip()) ? new Ehlo(rest.strip()) : new Malformed(Replies.BAD_HELLO);
            case "HELO" -> isHello(rest.strip()) ? new Helo(rest.strip()) : new Malformed(Replies.BAD_HELLO);
            case "MAIL" -> PathCommand.mail(rest);
            case "RCPT" -> PathCommand.rcpt(rest);
            case "DATA" -> bare(rest, new Data());
            case "RSET" -> bare(rest, new Rset());
            case "QUIT" -> bare(rest, new Quit());
            case "NOOP" -> new Noop();
            case "HELP" -> new Help();
            case "VRFY" -> rest.isBlank() ? new Malformed(Replies.BAD_VRFY) : new Vrfy();
            // Its chunk follows at once and would be run as commands.
            case "BDAT" -> new Hopeless(Replies.NO_CHUNKING);
            case "EXPN", "ETRN", "TURN", "ATRN", "SEND", "SOML", "SAML", "STARTTLS", "AUTH", "BURL" -> new NotOffered();
            case "XCLIENT", "XFORWARD" -> new NotOffered();
            // A browser or an HTTP client was pointed at us: what follows is under someone else's control.
            case "GET", "POST", "PUT", "HEAD", "CONNECT", "OPTIONS", "DELETE", "PATCH", "PRI" ->
                new Hopeless(Replies.NOT_HTTP);
            default -> new Unknown(); // strangers' words, not a sealed type
        };
    }

    private static int endOfVerb(String line) {
        int i = 0;
        while (i < line.length() && isLetter(line.charAt(i))) i++;
        boolean ends = i == line.length() || line.charAt(i) == ' ' || line.charAt(i) == '\t';
        return ends ? i : 0; // "MAILFROM:" and "DATA:" are no verbs
    }

    private static Command bare(String rest, Command command) {
        return rest.isBlank() ? command : new Malformed(Replies.NO_ARGUMENT);
    }

    // A domain or an address literal (§4.1.3), with the underscore that real hosts have. It goes into Received: and the
    // log: nothing that could mean something there.
    private static boolean isHello(String name) {
        if (name.isEmpty() || name.length() > MAX_HELLO) return false;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (!isLetter(c) && !(c >= '0' && c <= '9') && "-._:[]".indexOf(c) < 0) return false;
        }
        return true;
    }

    private static boolean isLetter(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }
}
