package io.postmesh.runtime.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import java.net.InetAddress;
import java.net.UnknownHostException;

/// Who says a line: the service whose package it comes from, else the process.
///
/// @param process `postmesh` with all services in it, or the one service
public record Origin(String process, String host, long pid) {
    private static final String OURS = "io.postmesh.";

    public static Origin of(String process) {
        return new Origin(process, hostName(), ProcessHandle.current().pid());
    }

    String service(ILoggingEvent event) {
        var logger = event.getLoggerName();
        if (!logger.startsWith(OURS)) return process;
        int end = logger.indexOf('.', OURS.length());
        return switch (logger.substring(OURS.length(), end < 0 ? logger.length() : end)) {
            case "ingress" -> "ingress";
            case "policy" -> "policy";
            case "signer" -> "signer";
            case "delivery" -> "delivery";
            case "audit" -> "audit";
            default -> process;
        };
    }

    /// The daemon of Postfix that does the same: what reads boky/postfix's log knows these.
    String daemon(ILoggingEvent event) {
        return switch (service(event)) {
            case "ingress" -> "postfix/smtpd";
            case "policy" -> "postfix/qmgr";
            case "signer" -> "postfix/cleanup";
            case "delivery" -> "postfix/smtp";
            default -> "postfix/master";
        };
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
