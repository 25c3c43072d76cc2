package io.postmesh.ingress;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/// Damages good input in the ways that parsers of mail get wrong: the same 10,000 ways on every run.
public final class Mutator {
    private static final int ROUNDS = 10_000;
    private static final List<byte[]> SPICE = List.of(
            bytes("\r"),
            bytes("\n"),
            bytes("\r\n"),
            bytes("."),
            bytes("\r\n.\r\n"),
            bytes("\r\n."),
            bytes("\0"),
            bytes("\""),
            bytes("\\"),
            bytes("<"),
            bytes(">"),
            bytes("@"),
            bytes("("),
            bytes(")"),
            bytes(":"),
            bytes(";"),
            bytes(","),
            bytes(" "),
            bytes("\t"),
            bytes("\u00ff"),
            bytes("\u00c3\u00a9"),
            bytes("="),
            bytes("[::1]"),
            bytes("SIZE=9"),
            bytes("\u00e2\u0080\u00a8"));

    private final Random random = new Random(20260823);
    private final List<byte[]> seeds;

    private Mutator(List<byte[]> seeds) {
        this.seeds = seeds;
    }

    public static void each(List<String> seeds, Consumer<byte[]> check) {
        var mutator = new Mutator(seeds.stream().map(Mutator::bytes).toList());
        for (int i = 0; i < ROUNDS; i++) check.accept(mutator.next());
    }

    private byte[] next() {
        byte[] input = seeds.get(random.nextInt(seeds.size()));
        int changes = random.nextInt(5);
        for (int i = 0; i < changes; i++) input = changed(input);
        return input;
    }

    private byte[] changed(byte[] in) {
        int at = random.nextInt(in.length + 1);
        int end = Math.min(in.length, at + random.nextInt(4));
        var out = new ByteArrayOutputStream();
        out.write(in, 0, at);
        switch (random.nextInt(4)) {
            case 0 -> out.writeBytes(SPICE.get(random.nextInt(SPICE.size())));
            case 1 -> out.write(random.nextInt(256));
            case 2 -> out.write(in, at, end - at); // doubled
            default -> {} // removed
        }
        int from = random.nextInt(4) == 3 ? end : at;
        out.write(in, from, in.length - from);
        return out.toByteArray();
    }

    private static byte[] bytes(String latin1) {
        return latin1.getBytes(ISO_8859_1);
    }
}
