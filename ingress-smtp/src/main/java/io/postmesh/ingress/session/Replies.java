package io.postmesh.ingress.session;

import static io.postmesh.ingress.session.Remark.*;

import io.postmesh.mail.MailId;
import io.postmesh.mail.SmtpReply;
import java.util.ArrayList;
import java.util.List;

/// Every reply of the door, in one place.
public final class Replies {
    private Replies() {}

    // Things go well.
    static final Answer BYE = Answer.of(221, "2.0.0 Bye", FINE);
    static final Answer SENDER_OK = Answer.of(250, "2.1.0 Ok", FINE);
    static final Answer RECIPIENT_OK = Answer.of(250, "2.1.5 Ok", FINE);
    static final Answer SEND_DATA = Answer.of(354, "End data with <CR><LF>.<CR><LF>", FINE);
    static final Answer RESET = Answer.of(250, "2.0.0 Ok", IDLE);
    static final Answer NOTHING_DONE = Answer.of(250, "2.0.0 Ok", IDLE);
    static final Answer HELP = Answer.of(214, "2.0.0 EHLO HELO MAIL RCPT DATA RSET NOOP VRFY HELP QUIT", IDLE);
    // RFC 5321 §7.3: known and unknown names look the same.
    static final Answer CANNOT_VERIFY = Answer.of(252, "2.5.2 Send some mail, I will try my best", IDLE);

    // Syntax and order.
    static final Answer UNKNOWN_COMMAND = Answer.of(500, "5.5.1 Command not recognized", SYNTAX);
    static final Answer NOT_OFFERED = Answer.of(502, "5.5.1 Command not implemented", SYNTAX);
    static final Answer BAD_CHARACTERS = Answer.of(500, "5.5.2 Bad characters in command", SYNTAX);
    static final Answer BAD_UTF8 = Answer.of(500, "5.5.2 Command is not UTF-8", SYNTAX);
    static final Answer BAD_HELLO = Answer.of(501, "5.5.4 Syntax: EHLO hostname", SYNTAX);
    static final Answer BAD_MAIL = Answer.of(501, "5.5.4 Syntax: MAIL FROM:<address> [SIZE=n]", SYNTAX);
    static final Answer BAD_RCPT = Answer.of(501, "5.5.4 Syntax: RCPT TO:<address>", SYNTAX);
    static final Answer BAD_VRFY = Answer.of(501, "5.5.4 Syntax: VRFY address", SYNTAX);
    static final Answer NO_ARGUMENT = Answer.of(501, "5.5.4 This command takes no argument", SYNTAX);
    static final Answer BAD_PARAMETER = Answer.of(501, "5.5.4 Bad value of a parameter", SYNTAX);
    static final Answer UNKNOWN_PARAMETER = Answer.of(555, "5.5.4 Unsupported parameter", SYNTAX);
    static final Answer HELLO_FIRST = Answer.of(503, "5.5.1 Send EHLO first", ORDER);
    static final Answer MAIL_FIRST = Answer.of(503, "5.5.1 Need MAIL first", ORDER);
    static final Answer MAIL_ALREADY_OPEN = Answer.of(503, "5.5.1 Nested MAIL command", ORDER);
    static final Answer NO_RECIPIENTS = Answer.of(554, "5.5.1 No valid recipients", ORDER);

    // Addresses.
    static final Answer BAD_SENDER = Answer.of(501, "5.1.7 Bad sender address syntax", SYNTAX);
    static final Answer BAD_RECIPIENT = Answer.of(501, "5.1.3 Bad recipient address syntax", SYNTAX);
    static final Answer SENDER_NOT_QUALIFIED =
            Answer.of(504, "5.5.2 Sender address rejected: need fully-qualified address", SYNTAX);
    static final Answer NOT_QUALIFIED =
            Answer.of(504, "5.5.2 Recipient address rejected: need fully-qualified address", RECIPIENT);
    static final Answer ADDRESS_LITERAL =
            Answer.of(550, "5.1.2 Recipient address rejected: address literals are not routed", RECIPIENT);
    static final Answer NEEDS_SMTPUTF8 = Answer.of(553, "5.6.7 Address needs SMTPUTF8", RECIPIENT);

    // Limits.
    static final Answer TOO_LARGE = Answer.of(552, "5.3.4 Message size exceeds fixed limit", SIZE);
    static final Answer TOO_MANY_RECIPIENTS = Answer.of(452, "4.5.3 Too many recipients", RECIPIENT_COUNT);

    // The connection ends.
    static final Answer NOT_HTTP = Answer.of(554, "5.5.1 This is a mail server", PROTOCOL);
    static final Answer NO_CHUNKING = Answer.of(502, "5.5.1 BDAT is not offered", PROTOCOL);
    static final Answer NOT_A_COMMAND_AFTER_DATA = Answer.of(554, "5.5.1 DATA was refused, no content here", PROTOCOL);
    public static final Answer NOT_IN_TURN =
            Answer.of(554, "5.5.0 SMTP synchronization error: wait for the reply", PROTOCOL);
    public static final Answer LINE_TOO_LONG = Answer.of(500, "5.5.2 Command line too long", PROTOCOL);
    public static final Answer BARE_IN_COMMAND =
            Answer.of(500, "5.5.2 Lines end in CR LF; bare CR or LF received", PROTOCOL);
    public static final Answer BARE_IN_DATA =
            Answer.of(550, "5.6.11 Lines end in CR LF; bare CR or LF received", PROTOCOL);
    static final Answer TOO_MANY_ERRORS = Answer.of(421, "4.7.0 Too many errors", PATIENCE);
    static final Answer TOO_MUCH_JUNK = Answer.of(421, "4.7.0 Too many commands that move no mail", PATIENCE);
    public static final Answer TOO_SLOW = Answer.of(421, "4.4.2 Timeout exceeded", DEADLINE);
    public static final Answer STOPPING = Answer.of(421, "4.3.2 Service is stopping", CONNECTIONS);
    public static final Answer FAULT = Answer.of(421, "4.3.0 Local error, try again later", STORE);
    public static final Answer TOO_MANY_CONNECTIONS = Answer.of(421, "4.3.2 Too many connections", CONNECTIONS);
    public static final Answer OVERLOADED = Answer.of(421, "4.3.2 Overloaded, try again later", MEMORY);

    // A new message cannot come in now.
    public static final Answer NO_MEMORY = Answer.of(452, "4.3.1 Insufficient system storage, try again later", MEMORY);
    public static final Answer NO_SPACE =
            Answer.of(452, "4.3.1 Insufficient system storage: a disk is nearly full, try again later", SPACE);
    public static final Answer STORE_AWAY = Answer.of(451, "4.3.0 Mail storage is not available, try later", STORE);
    public static final Answer TOO_FAST = Answer.of(450, "4.7.1 Rate limit of your network exceeded, try later", RATE);

    /// No fault of the client's: it did everything right, and we could not take its mail.
    public static final List<Answer> OURS = List.of(FAULT, OVERLOADED, NO_MEMORY, NO_SPACE, STORE_AWAY);

    // A message was read and cannot be taken.
    public static final Answer MESSAGE_TOO_LARGE = TOO_LARGE;
    public static final Answer HEADER_TOO_LARGE = Answer.of(552, "5.3.4 Header section too large", SIZE);
    public static final Answer HEADER_TOO_LARGE_FOR_MANY =
            Answer.of(552, "5.3.4 Header section too large for so many recipients; send to fewer at a time", SIZE);
    public static final Answer LOOP = Answer.of(554, "5.4.6 Too many hops", CONTENT);
    public static final Answer HAS_NUL = Answer.of(550, "5.6.0 NUL octets are not mail", CONTENT);
    public static final Answer TEXT_LINE_TOO_LONG =
            Answer.of(550, "5.6.0 A line is longer than 998 octets (RFC 5322 2.1.1)", CONTENT);

    /// Durable: the mail is ours from here on.
    public static Answer accepted(MailId id) {
        return Answer.of(250, "2.0.0 Ok: queued as " + id.text(), FINE);
    }

    public static Answer badContent(String why) {
        return Answer.of(550, "5.6.0 " + why, CONTENT);
    }

    static Answer clientDenied(Client client) {
        return Answer.of(554, "5.7.1 <[" + client.ip() + "]>: Client host rejected: Access denied", CLIENT);
    }

    static Answer senderDenied(Command.MailFrom mail) {
        return Answer.of(554, "5.7.1 <" + mail.sender().text() + ">: Sender address rejected: Access denied", SENDER);
    }

    static Answer greeting(String ourName) {
        return Answer.of(220, ourName + " ESMTP Postmesh", FINE);
    }

    static Answer hello(String ourName) {
        return Answer.of(250, ourName, IDLE);
    }

    static Answer capabilities(String ourName, Limits limits) {
        var lines = new ArrayList<String>();
        lines.add(ourName);
        lines.add("PIPELINING");
        lines.add(limits.message() > 0 ? "SIZE " + limits.message() : "SIZE"); // RFC 1870 §4: no number, no fixed limit
        lines.add("8BITMIME");
        lines.add("SMTPUTF8");
        lines.add("ENHANCEDSTATUSCODES");
        return new Answer(SmtpReply.lines(250, lines), IDLE);
    }
}
