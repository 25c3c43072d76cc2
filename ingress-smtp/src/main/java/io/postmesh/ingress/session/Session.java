package io.postmesh.ingress.session;

import io.postmesh.ingress.session.Command.*;
import io.postmesh.ingress.session.State.*;
import io.postmesh.mail.MailAddress;
import io.postmesh.mail.ReversePath;

/// The rules of one conversation; it holds no state, it says what follows from one.
public record Session(String ourName, Limits limits, SenderRule senders, Client client) {

    public static final Open START = new Connected();

    public Answer greeting() {
        return Replies.greeting(ourName);
    }

    /// What a command leads to.
    public Step next(Listening state, Command command) {
        return switch (state) {
            case Open open -> next(open, command);
            case DataRefused(var before) -> afterRefusedData(before, command);
        };
    }

    private Step next(Open state, Command command) {
        return switch (command) {
            // RFC 5321 §4.1.4: a greeting ends any transaction.
            case Ehlo(var name) -> Step.to(new Ready(new Hello(name, true)), Replies.capabilities(ourName, limits));
            case Helo(var name) -> Step.to(new Ready(new Hello(name, false)), Replies.hello(ourName));
            case MailFrom mail -> mail(state, mail);
            case RcptTo(var to) -> recipient(state, to);
            case Data() -> data(state);
            case Rset() -> Step.to(reset(state), Replies.RESET);
            case Noop() -> Step.to(state, Replies.NOTHING_DONE);
            case Vrfy() -> Step.to(state, Replies.CANNOT_VERIFY);
            case Help() -> Step.to(state, Replies.HELP);
            case Quit() -> Step.close(state, Replies.BYE);
            case NotOffered() -> Step.to(state, Replies.NOT_OFFERED);
            case Unknown() -> Step.to(state, Replies.UNKNOWN_COMMAND);
            case Malformed(var answer) -> Step.to(state, answer);
            case Hopeless(var answer) -> Step.drain(state, answer);
        };
    }

    private Step afterRefusedData(Open before, Command command) {
        return switch (command) {
            case Unknown _, Malformed _ -> Step.drain(before, Replies.NOT_A_COMMAND_AFTER_DATA);
            case Ehlo _,
                    Helo _,
                    MailFrom _,
                    RcptTo _,
                    Data _,
                    Rset _,
                    Noop _,
                    Vrfy _,
                    Help _,
                    Quit _,
                    NotOffered _,
                    Hopeless _ -> next(before, command);
        };
    }

    private Step mail(Open state, MailFrom mail) {
        return switch (state) {
            case Connected _ -> Step.to(state, Replies.HELLO_FIRST);
            case Addressing _ -> Step.to(state, Replies.MAIL_ALREADY_OPEN);
            case Ready _ when limits.isTooLarge(mail.size()) -> Step.to(state, Replies.TOO_LARGE);
            case Ready _ when !mail.smtpUtf8() && !isAscii(mail.sender()) -> Step.to(state, Replies.NEEDS_SMTPUTF8);
            case Ready(var hello) -> Step.ask(new Asking(hello, mail));
        };
    }

    /// The outcome of [Effect#ASK_ADMISSION].
    public Step admitted(Asking state, Admission admission) {
        return switch (admission) {
            case Admission.Granted() ->
                Step.to(new Addressing(Transaction.begin(state.hello(), state.mail())), Replies.SENDER_OK);
            case Admission.Refused(var answer) -> Step.to(new Ready(state.hello()), answer);
        };
    }

    private Step recipient(Open state, MailAddress to) {
        return switch (state) {
            case Connected _ -> Step.to(state, Replies.HELLO_FIRST);
            case Ready _ -> Step.to(state, Replies.MAIL_FIRST);
            case Addressing a -> recipient(a, to);
        };
    }

    // Client and sender are refused here and not earlier, so that the log of either side shows all three names
    // (Postfix: smtpd_delay_reject).
    private Step recipient(Addressing state, MailAddress to) {
        var transaction = state.transaction();
        var mail = transaction.mail();
        if (!client.trusted()) return Step.to(state, Replies.clientDenied(client));
        if (!senders.allows(mail.sender())) return Step.to(state, Replies.senderDenied(mail));
        if (!mail.smtpUtf8() && !isAscii(to.text())) return Step.to(state, Replies.NEEDS_SMTPUTF8);
        if (to.domain().name().indexOf('.') < 0) return Step.to(state, Replies.NOT_QUALIFIED);
        if (transaction.recipients().size() >= limits.recipients()
                || transaction.recipientOctets() > Limits.RECIPIENT_OCTETS) {
            return Step.to(state, Replies.TOO_MANY_RECIPIENTS);
        }
        return Step.to(new Addressing(transaction.with(to)), Replies.RECIPIENT_OK);
    }

    // RFC 5321 §4.1.1.4: 503 without MAIL, 554 when every recipient was refused; the transaction stays as it was.
    private Step data(Open state) {
        return switch (state) {
            case Connected _ -> Step.to(new DataRefused(state), Replies.HELLO_FIRST);
            case Ready _ -> Step.to(new DataRefused(state), Replies.MAIL_FIRST);
            case Addressing(var t)
            when t.recipients().isEmpty() -> Step.to(new DataRefused(state), Replies.NO_RECIPIENTS);
            case Addressing(var t) -> Step.takeData(new Receiving(t), Replies.SEND_DATA);
        };
    }

    /// The outcome of [Effect#TAKE_DATA]: whatever it is, the transaction is over (§4.1.1.4) and the next message
    /// starts with MAIL. (Postfix forgot to reset after a refusal at the dot until 20260803; a second message then
    /// skipped policy.)
    public Step received(Receiving state, Answer answer) {
        return Step.to(new Ready(state.transaction().hello()), answer);
    }

    private static Open reset(Open state) {
        return switch (state) {
            case Connected c -> c;
            case Ready r -> r;
            case Addressing(var t) -> new Ready(t.hello());
        };
    }

    private static boolean isAscii(ReversePath path) {
        return isAscii(path.text());
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) if (text.charAt(i) > 0x7f) return false;
        return true;
    }
}
