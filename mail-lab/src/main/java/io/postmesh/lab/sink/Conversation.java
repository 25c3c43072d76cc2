package io.postmesh.lab.sink;

import io.postmesh.mail.SmtpReply;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One client, from greeting to QUIT.
final class Conversation {
    private static final SmtpReply OK = SmtpReply.of(250, "2.0.0 OK");
    private static final SmtpReply NOT_NOW = SmtpReply.of(503, "5.5.1 Bad sequence of commands");
    private static final SmtpReply SYNTAX = SmtpReply.of(501, "5.5.4 Syntax error in parameters");
    private static final String GARBAGE = "<html>\u0001 this is not SMTP</html>\r\n";

    private final SmtpSink sink;
    private final SinkOptions options;
    private final Wire wire;
    private final long number;
    private final Runnable leaves;
    private final Transcripts.Transcript transcript;
    private final Login login;

    private boolean open = true;
    private String hello = "";
    private String tls = "";
    private @Nullable Transaction transaction;
    private String lastDomain = "";

    /// @param leaves told before the client hears the last word: it may be back before this thread goes on
    Conversation(SmtpSink sink, Wire wire, long number, Runnable leaves) {
        this.leaves = leaves;
        this.sink = sink;
        this.options = sink.options;
        this.wire = wire;
        this.number = number;
        transcript = options.memory > 0 ? sink.transcripts().open(number) : new Transcripts.Transcript(number);
        login = new Login(wire, options.user);
    }

    void run() throws IOException, InterruptedException {
        greet();
        while (open) {
            var line = wire.readLine();
            if (line == null) return;
            if (options.memory > 0) transcript.add(withoutSecret(line), wire.hasMore());
            obey(line);
        }
        leaves.run();
        wire.flush();
    }

    private static String withoutSecret(String line) {
        if (!line.regionMatches(true, 0, "AUTH ", 0, 5)) return line;
        int end = line.indexOf(' ', 5);
        return end < 0 ? line : line.substring(0, end);
    }

    private void greet() throws IOException, InterruptedException {
        boolean full = sink.counters().open() > options.connections;
        if (full) say(SmtpReply.of(421, "4.7.0 " + options.hostname + " Too many connections"));
        else answer(Stage.CONNECT, "", SmtpReply.of(220, options.hostname + " ESMTP lab sink"));
    }

    private void obey(String line) throws IOException, InterruptedException {
        int space = line.indexOf(' ');
        var argument = space < 0 ? "" : line.substring(space + 1);
        switch ((space < 0 ? line : line.substring(0, space)).toUpperCase(Locale.ROOT)) {
            case "EHLO" -> hello(Stage.EHLO, argument, SmtpReply.lines(250, capabilities()));
            case "HELO" -> hello(Stage.HELO, argument, SmtpReply.of(250, options.hostname));
            case "STARTTLS" -> startTls();
            case "AUTH" -> authenticate(argument);
            case "MAIL" -> mail(argument);
            case "RCPT" -> recipient(argument);
            case "DATA" -> data();
            case "RSET" -> reset();
            case "NOOP" -> say(OK);
            case "VRFY" -> say(SmtpReply.of(252, "2.0.0 Send and see"));
            case "QUIT" -> quit();
            default -> say(SmtpReply.of(500, "5.5.2 Command not known"));
        }
    }

    private void hello(Stage stage, String argument, SmtpReply reply) throws IOException, InterruptedException {
        transaction = null; // RFC 5321 §4.1.4: EHLO also resets
        if (answer(stage, "", reply)) hello = argument;
    }

    private List<String> capabilities() {
        var lines = new ArrayList<String>();
        lines.add(options.hostname);
        for (var extension : Extension.values()) {
            if (!options.offers(extension) || extension == Extension.STARTTLS && !tls.isEmpty()) continue;
            lines.add(extension == Extension.SIZE ? "SIZE " + options.sizeLimit : extension.keyword);
        }
        if (offersAuth()) lines.add("AUTH PLAIN LOGIN");
        return lines;
    }

    private boolean offersAuth() {
        return options.user.isPresent() && (options.authInClear || !tls.isEmpty());
    }

    private void startTls() throws IOException, InterruptedException {
        var context = sink.tls;
        if (context.isEmpty()) {
            say(SmtpReply.of(502, "5.5.1 STARTTLS not offered"));
        } else if (!tls.isEmpty()) {
            say(NOT_NOW);
        } else if (answer(Stage.STARTTLS, "", SmtpReply.of(220, "2.0.0 Ready"))) {
            tls = wire.startTls(context.get());
            hello = ""; // RFC 3207 §4.2: the client begins again
            transaction = null;
        }
    }

    private void authenticate(String argument) throws IOException, InterruptedException {
        if (!offersAuth()) say(SmtpReply.of(502, "5.5.1 AUTH not offered"));
        else if (login.done() || transaction != null) say(NOT_NOW);
        else answer(Stage.AUTH, "", login.attempt(argument), login::undo);
    }

    private void mail(String argument) throws IOException, InterruptedException {
        var path = Transaction.Path.parse(argument, "FROM:");
        var refusal = refusalOfMail(path);
        if (refusal.isPresent()) {
            say(refusal.get());
            return;
        }
        var opened = new Transaction(path.orElseThrow());
        if (answer(Stage.MAIL, Transaction.domainOf(opened.sender), SmtpReply.of(250, "2.1.0 Sender fine"))) {
            transaction = opened;
        }
    }

    private Optional<SmtpReply> refusalOfMail(Optional<Transaction.Path> path) {
        if (hello.isEmpty() || transaction != null) return Optional.of(NOT_NOW);
        if (options.tlsRequired && tls.isEmpty()) {
            return Optional.of(SmtpReply.of(530, "5.7.0 Must issue a STARTTLS command first"));
        }
        if (options.user.isPresent() && !login.done()) {
            return Optional.of(SmtpReply.of(530, "5.7.0 Authentication required"));
        }
        return path.isEmpty() ? Optional.of(SYNTAX) : MailParameters.refusal(path.get(), options);
    }

    private void recipient(String argument) throws IOException, InterruptedException {
        var to = Transaction.Path.parse(argument, "TO:");
        if (transaction == null) {
            say(NOT_NOW);
        } else if (to.isEmpty() || to.get().address().isEmpty()) {
            say(SYNTAX);
        } else if (!to.get().parameters().isEmpty()) {
            say(SmtpReply.of(555, "5.5.4 Parameter not recognised"));
        } else {
            offer(transaction, to.get().address());
        }
    }

    private void offer(Transaction mail, String to) throws IOException, InterruptedException {
        lastDomain = Transaction.domainOf(to);
        var fault = sink.rules()
                .take(Stage.RCPT, lastDomain, wire.door())
                .or(() -> sink.mailbox.fault(Stage.RCPT, mail.sender, to));
        if (answer(fault, SmtpReply.of(250, "2.1.5 Recipient fine"))) mail.recipients.add(to);
    }

    private void data() throws IOException, InterruptedException {
        var mail = transaction;
        if (mail == null) {
            say(NOT_NOW);
        } else if (mail.recipients.isEmpty()) {
            say(SmtpReply.of(554, "5.5.1 No valid recipients"));
        } else if (answer(fault(Stage.DATA, mail), SmtpReply.of(354, "Go on, end with a dot"))) {
            receive(mail);
        } else {
            transaction = null;
        }
    }

    private void receive(Transaction mail) throws IOException, InterruptedException {
        var inData = fault(Stage.BODY, mail);
        if (inData.isPresent()) {
            if (!wire.hasMore() && !wire.fill()) return;
            if (!answer(inData, OK)) return;
        }
        var data = new DataReader(sink.keepsOctets(), options.sizeLimit).read(wire);
        if (data == null) {
            open = false;
            return;
        }
        transaction = null;
        if (data.octets() > options.sizeLimit) say(SmtpReply.of(552, "5.3.4 Message too big"));
        else decide(mail, data);
    }

    // A fault that says nothing, or something senseless, happens to a mail the sink has taken: that is its point.
    private void decide(Transaction mail, DataReader.Data data) throws IOException, InterruptedException {
        var fault = fault(Stage.DOT, mail);
        if (fault.isPresent()
                && fault.get() instanceof Fault.Say said
                && !said.reply().isPositive()) {
            answer(fault, OK);
            return;
        }
        boolean answered = fault.isEmpty() || fault.get() instanceof Fault.Late || fault.get() instanceof Fault.Drip;
        var received = received(mail, data, answered);
        sink.keep(received, data.octets());
        try {
            answer(fault, SmtpReply.of(250, "2.0.0 Kept as " + received.number()));
            wire.flush();
        } finally {
            sink.told(received);
        }
    }

    private Received received(Transaction mail, DataReader.Data data, boolean answered) {
        return new Received(
                sink.counters().messages.incrementAndGet(),
                Instant.now(),
                number,
                hello,
                tls,
                login.user(),
                mail.sender,
                mail.parameters,
                List.copyOf(mail.recipients),
                data.wire(),
                data.flaws(),
                answered);
    }

    private void reset() throws IOException, InterruptedException {
        transaction = null;
        answer(Stage.RSET, lastDomain, OK);
    }

    private void quit() throws IOException, InterruptedException {
        answer(Stage.QUIT, lastDomain, SmtpReply.of(221, "2.0.0 Bye"));
        open = false;
    }

    private Optional<Fault> fault(Stage stage, Transaction mail) {
        var rule = sink.rules().take(stage, mail.domain(), wire.door());
        if (rule.isPresent()) return rule;
        for (var recipient : mail.recipients) {
            var fault = sink.mailbox.fault(stage, mail.sender, recipient);
            if (fault.isPresent()) return fault;
        }
        return Optional.empty();
    }

    private boolean answer(Stage stage, String domain, SmtpReply normal) throws IOException, InterruptedException {
        return answer(sink.rules().take(stage, domain, wire.door()), normal);
    }

    private void answer(Stage stage, String domain, SmtpReply normal, Runnable ifNot)
            throws IOException, InterruptedException {
        if (!answer(stage, domain, normal)) ifNot.run();
    }

    /// Gives the normal reply, or does what the fault says; true when the client heard something positive.
    private boolean answer(Optional<Fault> fault, SmtpReply normal) throws IOException, InterruptedException {
        if (fault.isEmpty()) {
            say(normal);
            return normal.isPositive();
        }
        sink.counters().faults.increment();
        return commit(fault.get(), normal);
    }

    private boolean commit(Fault fault, SmtpReply normal) throws IOException, InterruptedException {
        switch (fault) {
            case Fault.Say(var reply) -> say(reply);
            case Fault.Garbage _ -> wire.write(GARBAGE);
            case Fault.Drop _ -> hangUp();
            case Fault.Reset _ -> {
                hangUp();
                wire.reset();
            }
            case Fault.ReplyThenReset _ -> {
                say(normal);
                hangUp();
                wire.reset();
            }
            case Fault.Silence _ -> {
                wire.swallow();
                open = false;
            }
            case Fault.Late(var wait) -> late(wait, normal);
            case Fault.Drip(var perOctet) -> wire.drip(normal.wire(), perOctet);
        }
        return switch (fault) {
            case Fault.Say(var reply) -> reply.isPositive();
            case Fault.Late _, Fault.Drip _, Fault.ReplyThenReset _ -> normal.isPositive();
            case Fault.Garbage _, Fault.Drop _, Fault.Reset _, Fault.Silence _ -> false;
        };
    }

    private void late(Duration wait, SmtpReply normal) throws IOException, InterruptedException {
        wire.flush();
        Thread.sleep(wait);
        say(normal);
    }

    private void hangUp() throws IOException {
        wire.flush();
        open = false;
    }

    private void say(SmtpReply reply) {
        wire.write(reply.wire());
        if (reply.code() == 421) open = false; // RFC 5321 §3.8: the server says so, then closes
    }
}
