package io.postmesh.ingress.session;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The argument of MAIL or RCPT, cut into path and parameters.
///
/// A `>` or a space inside a quoted local part cuts nothing.
record Split(String path, List<String> parameters) {

    static @Nullable Split of(String rest, String keyword) {
        int at = skipBlanks(rest, 0);
        if (!rest.regionMatches(true, at, keyword, 0, keyword.length())) return null;
        // §4.1.1.2 has no space here; half of all clients have.
        at = skipBlanks(rest, at + keyword.length());
        if (at == rest.length() || rest.charAt(at) != '<') return null;
        int end = endOfPath(rest, at + 1);
        if (end < 0) return null;
        if (end + 1 < rest.length() && !isBlank(rest.charAt(end + 1))) return null;
        return new Split(rest.substring(at + 1, end), words(rest, end + 1));
    }

    private static int endOfPath(String s, int from) {
        boolean quoted = false;
        for (int i = from; i < s.length(); i++) {
            char c = s.charAt(i);
            if (c == '\\' && quoted) i++;
            else if (c == '"') quoted = !quoted;
            else if (c == '>' && !quoted) return i;
        }
        return -1;
    }

    private static List<String> words(String s, int from) {
        var words = new ArrayList<String>();
        int i = skipBlanks(s, from);
        while (i < s.length()) {
            int start = i;
            while (i < s.length() && !isBlank(s.charAt(i))) i++;
            words.add(s.substring(start, i));
            i = skipBlanks(s, i);
        }
        return words;
    }

    private static int skipBlanks(String s, int from) {
        int i = from;
        while (i < s.length() && isBlank(s.charAt(i))) i++;
        return i;
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }
}
