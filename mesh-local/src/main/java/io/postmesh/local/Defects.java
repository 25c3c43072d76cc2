package io.postmesh.local;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Where the stack trace of a defect goes: the log, not the terminal.
final class Defects {
    private static final Logger log = LoggerFactory.getLogger(Defects.class);

    private Defects() {}

    static void log(Throwable defect) {
        log.error("a defect", defect);
    }
}
