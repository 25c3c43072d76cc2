package io.postmesh.runtime.log;

import ch.qos.logback.classic.Level;

/// Syslog's word for a level (RFC 5424 §6.2.1).
enum Severity {
    ERR(3),
    WARNING(4),
    INFO(6),
    DEBUG(7);

    /// Facility `mail`.
    static final int MAIL = 2;

    private final int number;

    Severity(int number) {
        this.number = number;
    }

    static Severity of(Level level) {
        if (level.isGreaterOrEqual(Level.ERROR)) return ERR;
        if (level.isGreaterOrEqual(Level.WARN)) return WARNING;
        return level.isGreaterOrEqual(Level.INFO) ? INFO : DEBUG;
    }

    int number() {
        return number;
    }

    int priority() {
        return MAIL * 8 + number;
    }
}
