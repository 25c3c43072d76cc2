package io.postmesh.lab.load;

import java.util.List;

/// What the recipients' local parts begin with: the words by which a sink chooses how it behaves.
public record LocalParts(List<Share> shares) {
    /// Nobody asks for anything.
    public static final LocalParts PLAIN = new LocalParts(List.of());

    private static final int HUNDRED = 100;

    /// @param percent of the recipients
    /// @param word    such as `reject`; the recipient is `reject+u7.0@...`
    public record Share(int percent, String word) {}

    public LocalParts {
        shares = List.copyOf(shares);
        if (shares.stream().mapToInt(Share::percent).sum() > HUNDRED)
            throw new IllegalArgumentException("more than 100 percent: " + shares);
    }

    /// Of a hundred recipients in a row each share is exact; who belongs to none has a plain name.
    String of(int number, int index) {
        int place = index % HUNDRED;
        var name = "u" + number + "." + index;
        for (var share : shares) {
            if (place < share.percent()) return share.word() + "+" + name;
            place -= share.percent();
        }
        return name;
    }
}
