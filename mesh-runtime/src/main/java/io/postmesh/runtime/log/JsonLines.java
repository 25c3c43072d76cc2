package io.postmesh.runtime.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import io.postmesh.mail.LogText;
import java.util.Locale;
import java.util.function.BiConsumer;
import net.logstash.logback.composite.AbstractJsonProvider;
import net.logstash.logback.composite.loggingevent.KeyValuePairsJsonProvider;
import net.logstash.logback.composite.loggingevent.LogLevelJsonProvider;
import net.logstash.logback.composite.loggingevent.LoggerNameJsonProvider;
import net.logstash.logback.composite.loggingevent.LoggingEventFormattedTimestampJsonProvider;
import net.logstash.logback.composite.loggingevent.LoggingEventJsonProviders;
import net.logstash.logback.composite.loggingevent.LoggingEventThreadNameJsonProvider;
import net.logstash.logback.composite.loggingevent.StackTraceJsonProvider;
import net.logstash.logback.encoder.LoggingEventCompositeJsonEncoder;
import tools.jackson.core.JsonGenerator;

/// Lines for machines: an object each. boky/postfix's keys come beside ours where its variable was used.
public final class JsonLines {
    private JsonLines() {}

    public static LoggingEventCompositeJsonEncoder ours(Origin origin) {
        var encoder = new LoggingEventCompositeJsonEncoder();
        encoder.setProviders(providers(origin));
        return encoder;
    }

    public static LoggingEventCompositeJsonEncoder boky(Origin origin) {
        var encoder = new LoggingEventCompositeJsonEncoder();
        var providers = providers(origin);
        providers.addProvider(writing((out, event) -> syslog(origin, out, event)));
        encoder.setProviders(providers);
        return encoder;
    }

    private static LoggingEventJsonProviders providers(Origin origin) {
        var providers = new LoggingEventJsonProviders();
        providers.addTimestamp(new LoggingEventFormattedTimestampJsonProvider());
        providers.addLogLevel(new LogLevelJsonProvider());
        providers.addProvider(writing((out, event) -> text(origin, out, event)));
        providers.addKeyValuePairs(new KeyValuePairsJsonProvider());
        providers.addLoggerName(new LoggerNameJsonProvider());
        providers.addThreadName(new LoggingEventThreadNameJsonProvider());
        providers.addStackTrace(new StackTraceJsonProvider()); // its line ends are escaped
        return providers;
    }

    private static void text(Origin origin, JsonGenerator out, ILoggingEvent event) {
        out.writeStringProperty("service", origin.service(event));
        out.writeStringProperty("message", LogText.line(event.getFormattedMessage()));
    }

    private static void syslog(Origin origin, JsonGenerator out, ILoggingEvent event) {
        var severity = Severity.of(event.getLevel());
        var daemon = origin.daemon(event);
        out.writeStringProperty("type", "syslog_json");
        out.writeStringProperty("tag", daemon + "[" + origin.pid() + "]:");
        out.writeStringProperty("relayhost", origin.host());
        out.writeStringProperty("relayip", "127.0.0.1");
        out.writeStringProperty("logsource", origin.host());
        out.writeStringProperty("hostname", origin.host());
        out.writeStringProperty("program", daemon);
        out.writeStringProperty("priority", Integer.toString(severity.priority()));
        out.writeStringProperty("severity", Integer.toString(severity.number()));
        out.writeStringProperty("facility", Integer.toString(Severity.MAIL));
        out.writeStringProperty("severity_label", severity.name().toLowerCase(Locale.ROOT));
        out.writeStringProperty("facility_label", "mail");
        out.writeStringProperty("end_msg", "");
    }

    private static AbstractJsonProvider<ILoggingEvent> writing(BiConsumer<JsonGenerator, ILoggingEvent> keys) {
        return new AbstractJsonProvider<>() {
            @Override
            public void writeTo(JsonGenerator out, ILoggingEvent event) {
                keys.accept(out, event);
            }
        };
    }
}
