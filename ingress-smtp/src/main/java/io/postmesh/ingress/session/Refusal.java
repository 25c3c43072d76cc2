package io.postmesh.ingress.session;

import io.postmesh.mail.MailAddress;
import io.postmesh.mail.ReversePath;
import java.util.List;
import java.util.Optional;

/// That a client's mail was not taken, with as much of its envelope as was known by then.
///
/// @param to whom the answer is about: one recipient at RCPT, all of them at the dot
public record Refusal(
        Client client, Optional<Hello> hello, Optional<ReversePath> sender, List<MailAddress> to, Answer answer) {

    /// Empty for answers that refuse no mail.
    ///
    /// @param at      where the conversation was
    /// @param command that the answer is to; empty when it is to content, or to silence
    public static Optional<Refusal> of(Client client, State at, Optional<Command> command, Answer answer) {
        if (answer.reply().isPositive() || !isToldOf(answer.remark())) return Optional.empty();
        return Optional.of(
                switch (command.orElse(null)) {
                    case Command.MailFrom mail ->
                        new Refusal(client, helloOf(at), Optional.of(mail.sender()), List.of(), answer);
                    case Command.RcptTo(var to) -> new Refusal(client, helloOf(at), senderOf(at), List.of(to), answer);
                    case null, default -> new Refusal(client, helloOf(at), senderOf(at), recipientsOf(at), answer);
                });
    }

    private static boolean isToldOf(Remark remark) {
        return switch (remark) {
            case CLIENT,
                    SENDER,
                    RECIPIENT,
                    RECIPIENT_COUNT,
                    SIZE,
                    CONTENT,
                    RATE,
                    MEMORY,
                    SPACE,
                    STORE,
                    SYNTAX,
                    PROTOCOL,
                    PATIENCE -> true;
            case FINE, IDLE -> false;
            case ORDER -> false; // what a client pipelined behind a command that was refused
            case CONNECTIONS, DEADLINE -> false; // of idle clients, too: no mail is refused by them
        };
    }

    private static Optional<Hello> helloOf(State at) {
        return switch (at) {
            case State.Connected() -> Optional.empty();
            case State.Ready(var hello) -> Optional.of(hello);
            case State.Asking asking -> Optional.of(asking.hello());
            case State.Addressing(var transaction) -> Optional.of(transaction.hello());
            case State.Receiving(var transaction) -> Optional.of(transaction.hello());
            case State.DataRefused(var before) -> helloOf(before);
        };
    }

    private static Optional<ReversePath> senderOf(State at) {
        return switch (at) {
            case State.Connected _, State.Ready _ -> Optional.empty();
            case State.Asking asking -> Optional.of(asking.mail().sender());
            case State.Addressing(var transaction) ->
                Optional.of(transaction.mail().sender());
            case State.Receiving(var transaction) ->
                Optional.of(transaction.mail().sender());
            case State.DataRefused(var before) -> senderOf(before);
        };
    }

    private static List<MailAddress> recipientsOf(State at) {
        return at instanceof State.Receiving(var transaction) ? transaction.recipients() : List.of();
    }
}
