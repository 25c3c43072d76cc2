package io.postmesh.message;

import io.postmesh.contract.Slice;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The fields of a header section, in order; a name may occur more than once.
public record Headers(List<HeaderField> fields) {
    /// More fields than any mailer writes; a bound on what a stranger can make us allocate.
    public static final int MAX_FIELDS = 2_000;

    public Headers {
        fields = List.copyOf(fields);
    }

    /// Finds the fields of a section whose lines all end in CR LF, with or without the final empty line.
    ///
    /// @throws BadHeader when a line is neither a field nor the continuation of one
    public static Headers scan(Slice section) throws BadHeader {
        var fields = new ArrayList<HeaderField>();
        int at = 0;
        while (at < section.length() && !isCrLf(section, at)) {
            int end = endOfField(section, at);
            if (fields.size() == MAX_FIELDS) throw new BadHeader("more than " + MAX_FIELDS + " header fields");
            int colon = colon(section, at, end);
            if (colon < 0) throw new BadHeader("header line " + (fields.size() + 1) + " is not a header field");
            fields.add(HeaderField.of(new Slice(section.array(), section.offset() + at, end - at), colon - at));
            at = end;
        }
        return new Headers(fields);
    }

    public List<HeaderField> all(String lowerCaseName) {
        return fields.stream().filter(f -> f.is(lowerCaseName)).toList();
    }

    public Optional<HeaderField> first(String lowerCaseName) {
        return fields.stream().filter(f -> f.is(lowerCaseName)).findFirst();
    }

    public int count(String lowerCaseName) {
        int n = 0;
        for (var field : fields) if (field.is(lowerCaseName)) n++;
        return n;
    }

    private static boolean isCrLf(Slice s, int at) {
        return s.get(at) == '\r' && at + 1 < s.length() && s.get(at + 1) == '\n';
    }

    // A field ends at the first CR LF that no white space follows (RFC 5322 §2.2.3).
    private static int endOfField(Slice s, int from) throws BadHeader {
        for (int i = from; i + 1 < s.length(); i++) {
            if (!isCrLf(s, i)) continue;
            int next = i + 2;
            if (next == s.length() || s.get(next) != ' ' && s.get(next) != '\t') return next;
        }
        throw new BadHeader("the header section does not end in CR LF");
    }

    // Printable ASCII but the colon (RFC 5322 §3.6.8); white space only right before the colon (§4.5.1, obsolete but
    // met).
    private static int colon(Slice s, int from, int end) {
        int i = from;
        while (i < end && s.get(i) > ' ' && s.get(i) < 0x7f && s.get(i) != ':') i++;
        if (i == from) return -1;
        while (i < end && (s.get(i) == ' ' || s.get(i) == '\t')) i++;
        return i < end && s.get(i) == ':' ? i : -1;
    }
}
