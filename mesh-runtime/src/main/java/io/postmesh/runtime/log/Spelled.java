package io.postmesh.runtime.log;

/// A text in which some characters may be spelled out, as `\u00e9`: [io.postmesh.mail.LogText] and quotes of a
/// [Fact] are. Read as what was meant, and yet copied as it stands.
final class Spelled {
    private static final int LENGTH = 6;

    private final String text;
    private final String meant;
    private final int[] starts; // in the text, of each character that is meant, and of the end; empty: the same ones

    private Spelled(String text, String meant, int[] starts) {
        this.text = text;
        this.meant = meant;
        this.starts = starts;
    }

    static Spelled of(String text) {
        if (!text.contains("\\u")) return new Spelled(text, text, new int[0]);
        var meant = new StringBuilder(text.length());
        var starts = new int[text.length() + 1];
        for (int i = 0; i < text.length(); ) {
            starts[meant.length()] = i;
            boolean spelled = isSpelled(text, i);
            meant.append(spelled ? (char) Integer.parseInt(text, i + 2, i + LENGTH, 16) : text.charAt(i));
            i += spelled ? LENGTH : 1;
        }
        starts[meant.length()] = text.length();
        return new Spelled(text, meant.toString(), starts);
    }

    private static boolean isSpelled(String text, int at) {
        if (at + LENGTH > text.length() || text.charAt(at) != '\\' || text.charAt(at + 1) != 'u') return false;
        for (int i = at + 2; i < at + LENGTH; i++) if (Character.digit(text.charAt(i), 16) < 0) return false;
        return true;
    }

    String meant() {
        return meant;
    }

    /// As it stands.
    String text(int from, int to) {
        return text.substring(start(from), start(to));
    }

    boolean isSpelled(int from, int to) {
        return start(to) - start(from) != to - from;
    }

    private int start(int at) {
        return starts.length == 0 ? at : starts[at];
    }
}
