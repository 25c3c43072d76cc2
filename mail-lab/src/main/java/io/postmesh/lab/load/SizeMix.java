package io.postmesh.lab.load;

import java.util.List;

/// How large messages are, and how many of them in a hundred.
public record SizeMix(List<Share> shares) {
    private static final int HUNDRED = 100;

    /// @param percent of the messages
    /// @param octets  about
    public record Share(int percent, int octets) {}

    public SizeMix {
        shares = List.copyOf(shares);
        int sum = shares.stream().mapToInt(Share::percent).sum();
        if (sum != HUNDRED) throw new IllegalArgumentException("the shares make " + sum + " percent, not 100");
    }

    /// All the same.
    public static SizeMix of(int octets) {
        return new SizeMix(List.of(new Share(HUNDRED, octets)));
    }

    int largest() {
        return shares.stream().mapToInt(Share::octets).max().orElseThrow();
    }

    /// @return the index of the share that this percentile, 0 to 99, falls into
    int indexOf(int percentile) {
        int passed = 0;
        for (int i = 0; i < shares.size(); i++) {
            passed += shares.get(i).percent();
            if (percentile < passed) return i;
        }
        throw new IllegalArgumentException("a percentile is 0 to 99, not " + percentile);
    }
}
