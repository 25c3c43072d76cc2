package io.postmesh.ingress.intake;

import io.postmesh.contract.Slice;
import io.postmesh.ingress.session.Answer;
import io.postmesh.ingress.session.Replies;
import io.postmesh.message.BadHeader;
import io.postmesh.message.HeaderField;
import io.postmesh.message.Headers;
import io.postmesh.runtime.trace.Trace;
import java.util.List;
import java.util.Optional;

/// Whether anyone would deliver a message with this header section.
sealed interface HeaderCheck {
    record Fine(HeaderFacts facts) implements HeaderCheck {}

    record Wrong(Answer answer) implements HeaderCheck {}

    /// RFC 5321 §6.3 asks for 100 at least before a loop is assumed.
    int MAX_RECEIVED = 100;

    /// RFC 5322 §3.6 allows one of each. Two of these are how a message shows one sender to a verifier and another to a
    /// reader, and large receivers refuse them. (Two `To` or `Reply-To` are as wrong, and common, and harmless.)
    List<String> SINGLE = List.of("from", "sender", "subject", "date", "message-id");

    /// Fewer than the stages read: what the mesh adds must not make a mail unreadable that was accepted.
    int MAX_FIELDS = Headers.MAX_FIELDS - 20;

    /// As much of a Message-ID as goes into the envelope.
    int MAX_MESSAGE_ID = 998;

    /// Four times what version 00 needs (W3C Trace Context §3.2).
    int MAX_TRACE = 220;

    static HeaderCheck of(Slice section) {
        Headers headers;
        try {
            headers = Headers.scan(section);
        } catch (BadHeader e) {
            return wrong(String.valueOf(e.getMessage()));
        }
        if (headers.fields().size() > MAX_FIELDS) return wrong("More than " + MAX_FIELDS + " header fields");
        if (headers.count("received") > MAX_RECEIVED) return new Wrong(Replies.LOOP);
        for (var name : SINGLE) {
            if (headers.count(name) > 1) return wrong("More than one " + titled(name) + " field");
        }
        var from = headers.first("from");
        if (from.isEmpty()) return wrong("No From field");
        if (hasSpaceBeforeColon(from.get())) return wrong("White space in the name of the From field");
        return new Fine(new HeaderFacts(
                FromField.domain(from.get().value()),
                headers.first("date").isPresent(),
                headers.first("message-id").map(HeaderCheck::messageId),
                traceparent(headers)));
    }

    private static Wrong wrong(String why) {
        return new Wrong(Replies.badContent(why));
    }

    // `From :` is a From to some readers and none to others.
    private static boolean hasSpaceBeforeColon(HeaderField field) {
        return field.valueAt() > field.name().length() + 1;
    }

    // Two of them name no parent; what is too long is none, and is not kept.
    private static Optional<String> traceparent(Headers headers) {
        if (headers.count(Trace.HEADER) > 1) return Optional.of("");
        return headers.first(Trace.HEADER).map(HeaderField::value).map(text -> text.length() > MAX_TRACE ? "" : text);
    }

    private static String messageId(HeaderField field) {
        var value = field.value();
        if (value.length() <= MAX_MESSAGE_ID) return value;
        boolean splits = Character.isHighSurrogate(value.charAt(MAX_MESSAGE_ID - 1));
        return value.substring(0, splits ? MAX_MESSAGE_ID - 1 : MAX_MESSAGE_ID);
    }

    private static String titled(String name) {
        return name.equals("message-id") ? "Message-ID" : Character.toUpperCase(name.charAt(0)) + name.substring(1);
    }
}
