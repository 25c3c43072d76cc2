package io.postmesh.ingress.wire;

import io.postmesh.ingress.wire.DotReader.Outcome;

/// The dot reader as one would write it without a thought for speed or segments.
record NaiveDotReader(Outcome outcome, String content, int consumed) {

    static NaiveDotReader read(String stream) {
        var content = new StringBuilder();
        int lineStart = 0;
        for (int i = 0; i < stream.length(); i++) {
            char c = stream.charAt(i);
            if (c == '\n') return new NaiveDotReader(Outcome.BARE, content.toString(), i);
            if (c != '\r') continue;
            if (i + 1 == stream.length()) break;
            if (stream.charAt(i + 1) != '\n') return new NaiveDotReader(Outcome.BARE, content.toString(), i);
            var line = stream.substring(lineStart, i);
            if (line.equals(".")) return new NaiveDotReader(Outcome.END, content.toString(), i + 2);
            content.append(line.startsWith(".") ? line.substring(1) : line).append("\r\n");
            i++;
            lineStart = i + 1;
        }
        return new NaiveDotReader(Outcome.MORE, content.toString(), stream.length());
    }
}
