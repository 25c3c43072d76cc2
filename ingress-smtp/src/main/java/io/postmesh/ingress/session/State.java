package io.postmesh.ingress.session;

/// Where a conversation is. Only a `Listening` state takes commands; a `Busy` one waits for the outcome of an effect,
/// and lines that arrive meanwhile wait, too (RFC 2920 §3.2: replies in the order of commands).
public sealed interface State {
    sealed interface Listening extends State {}

    sealed interface Busy extends State {}

    /// Whether a mail transaction is open: the room set aside at MAIL stays set aside.
    default boolean isInTransaction() {
        return switch (this) {
            case Addressing _, Receiving _ -> true;
            case DataRefused(var before) -> before.isInTransaction();
            case Connected _, Ready _, Asking _ -> false;
        };
    }

    /// The states RFC 5321 knows.
    sealed interface Open extends Listening {}

    /// No EHLO yet.
    record Connected() implements Open {}

    /// Greeted, no transaction.
    record Ready(Hello hello) implements Open {}

    /// MAIL was accepted, RCPT and DATA may follow.
    record Addressing(Transaction transaction) implements Open {}

    /// DATA was refused. A broken client sends its message nevertheless: its lines must not run as commands, so the
    /// first one that is no command ends the connection.
    record DataRefused(Open before) implements Listening {}

    /// MAIL waits for memory and rate.
    record Asking(Hello hello, Command.MailFrom mail) implements Busy {}

    /// 354 was said: the message, then its fate.
    record Receiving(Transaction transaction) implements Busy {}
}
