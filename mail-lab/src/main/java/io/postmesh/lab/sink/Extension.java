package io.postmesh.lab.sink;

/// What the sink can offer in its EHLO reply. AUTH is offered when [SinkOptions#user] is set.
public enum Extension {
    PIPELINING("PIPELINING"),
    EIGHT_BIT_MIME("8BITMIME"),
    SMTPUTF8("SMTPUTF8"),
    ENHANCED_STATUS_CODES("ENHANCEDSTATUSCODES"),
    SIZE("SIZE"),
    STARTTLS("STARTTLS");

    final String keyword;

    Extension(String keyword) {
        this.keyword = keyword;
    }
}
