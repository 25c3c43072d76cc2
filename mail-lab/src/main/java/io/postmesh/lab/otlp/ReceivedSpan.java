package io.postmesh.lab.otlp;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A span as its receiver knows it; ids in hexadecimal digits.
///
/// @param parent   empty: none
/// @param links    trace ids
/// @param resource what describes the process it comes from
public record ReceivedSpan(
        String trace,
        String id,
        String parent,
        String name,
        String kind,
        Map<String, String> attributes,
        List<Event> events,
        List<String> links,
        boolean failed,
        Map<String, String> resource) {

    /// Something that happened while it ran.
    public record Event(String name, Map<String, String> attributes) {}

    static ReceivedSpan of(Span span, Resource resource) {
        return new ReceivedSpan(
                hex(span.getTraceId()),
                hex(span.getSpanId()),
                hex(span.getParentSpanId()),
                span.getName(),
                span.getKind().name().replace("SPAN_KIND_", ""),
                map(span.getAttributesList()),
                span.getEventsList().stream()
                        .map(event -> new Event(event.getName(), map(event.getAttributesList())))
                        .toList(),
                span.getLinksList().stream().map(link -> hex(link.getTraceId())).toList(),
                span.getStatus().getCode() == Status.StatusCode.STATUS_CODE_ERROR,
                map(resource.getAttributesList()));
    }

    private static Map<String, String> map(List<KeyValue> pairs) {
        var map = new LinkedHashMap<String, String>();
        for (var pair : pairs) map.put(pair.getKey(), text(pair.getValue()));
        return map;
    }

    private static String text(AnyValue value) {
        return switch (value.getValueCase()) {
            case STRING_VALUE -> value.getStringValue();
            case BOOL_VALUE -> Boolean.toString(value.getBoolValue());
            case INT_VALUE -> Long.toString(value.getIntValue());
            case DOUBLE_VALUE -> Double.toString(value.getDoubleValue());
            case ARRAY_VALUE, KVLIST_VALUE, BYTES_VALUE, STRING_VALUE_STRINDEX, VALUE_NOT_SET -> value.toString();
        };
    }

    private static String hex(ByteString bytes) {
        return HexFormat.of().formatHex(bytes.toByteArray());
    }
}
