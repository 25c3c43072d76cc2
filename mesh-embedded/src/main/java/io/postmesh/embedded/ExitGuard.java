package io.postmesh.embedded;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.apache.kafka.common.utils.Exit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A broker that meets a fault it cannot survive (a full or failing disk) calls `System.exit`, from any thread and
/// without a word. Inside our process it tells us instead, and the process stops in order.
final class ExitGuard {
    private static final Logger log = LoggerFactory.getLogger(ExitGuard.class);
    private static final Set<Consumer<String>> listeners = ConcurrentHashMap.newKeySet();

    private ExitGuard() {}

    static synchronized void tell(Consumer<String> listener) {
        if (listeners.isEmpty()) {
            Exit.setExitProcedure((code, reason) -> broadcast("exit", code, reason));
            Exit.setHaltProcedure((code, reason) -> broadcast("halt", code, reason));
        }
        listeners.add(listener);
    }

    static synchronized void forget(Consumer<String> listener) {
        listeners.remove(listener); // the guard stays: late threads of a closed broker may still want to exit
    }

    /// Ends in an exception: the caller's code does not expect to go on after an exit.
    private static void broadcast(String how, int code, String reason) {
        var what = reason == null ? how + " " + code : reason;
        log.error("broker asked the process to {} with {}: {}", how, code, what);
        listeners.forEach(listener -> listener.accept(what));
        throw new IllegalStateException("the embedded broker gave up: " + what);
    }
}
