package io.postmesh.contract;

/// How a record leaves: by the recipients' MX hosts, or through a named relay. Delivery resolves it anew at each
/// attempt, so that waiting mail follows a changed setting (LEDGER L3).
public sealed interface Route {
    record Mx() implements Route {}

    record Relay(String name) implements Route {
        public Relay {
            if (name.isBlank() || name.equals(MX_TEXT)) throw new IllegalArgumentException("not a relay's name");
        }
    }

    Route MX = new Mx();

    /// The one relay there is so far: whatever the setting RELAYHOST says at the moment of an attempt.
    Route RELAYHOST = new Relay("relayhost");

    String MX_TEXT = "mx";

    static Route parse(String text) {
        return text.equals(MX_TEXT) ? MX : new Relay(text);
    }

    default String text() {
        return switch (this) {
            case Mx() -> MX_TEXT;
            case Relay(var name) -> name;
        };
    }
}
