package io.postmesh.lab.dialogue;

/// Patterns in which `*` stands for any text, also none.
final class Wildcard {
    private Wildcard() {}

    static boolean matches(String pattern, String text) {
        int star = pattern.indexOf('*');
        if (star < 0) return pattern.equals(text);
        if (!text.startsWith(pattern.substring(0, star))) return false;
        var rest = pattern.substring(star + 1);
        for (int i = star; i <= text.length(); i++) {
            if (matches(rest, text.substring(i))) return true;
        }
        return false;
    }
}
