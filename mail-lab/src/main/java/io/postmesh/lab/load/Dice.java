package io.postmesh.lab.load;

import static java.nio.charset.StandardCharsets.US_ASCII;

/// Cheap random letters and digits (SplitMix64): a message needs a thousand of them.
final class Dice {
    private static final byte[] LETTERS = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ0123456789-_234"
            .getBytes(US_ASCII); // 64, so 6 bits pick one

    private long state;

    Dice(long seed) {
        state = seed;
    }

    long next() {
        state += 0x9e3779b97f4a7c15L;
        long z = state;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }

    int below(int bound) {
        return (int) ((next() >>> 33) % bound);
    }

    String pick(String[] words) {
        return words[below(words.length)];
    }

    /// Writes a random letter at every one of these places.
    void letters(byte[] into, int shift, int[] places) {
        long bits = 0;
        int left = 0;
        for (int place : places) {
            if (left == 0) {
                bits = next();
                left = 10;
            }
            into[shift + place] = LETTERS[(int) (bits & 63)];
            bits >>>= 6;
            left--;
        }
    }
}
