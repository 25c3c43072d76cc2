package io.postmesh.local;

import io.postmesh.contract.Action;
import io.postmesh.contract.Selector;
import io.postmesh.runtime.control.Commander;
import io.postmesh.runtime.control.Replies;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;

/// Whoever typed the command.
final class Operator {
    private Operator() {}

    static String name() {
        var user = System.getProperty("user.name", "?");
        try {
            return user + "@" + InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return user;
        }
    }

    /// Asks every owner about what is selected, and changes nothing.
    static Replies looks(Commander commander, Action.Verb verb, Selector selector, int limit) throws IOException {
        var question = new Action(
                Commander.newId(),
                verb,
                selector,
                "",
                name(),
                Duration.ofSeconds(10), // whoever reads it later has nobody to answer
                false,
                1,
                limit);
        return commander.ask(question, Commander.PATIENCE);
    }
}
