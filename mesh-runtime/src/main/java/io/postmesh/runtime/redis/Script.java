package io.postmesh.runtime.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// A Lua script and the name Redis knows it by.
record Script(String text, String sha1) {
    static final Script GCRA = load("gcra.lua");
    static final Script PRESENCE = load("presence.lua");
    static final Script TOKENS = load("tokens.lua");
    static final Script SLOTS = load("slots.lua");

    private static Script load(String file) {
        try (var in = Script.class.getResourceAsStream(file)) {
            if (in == null) throw new IllegalStateException(file + " is missing from the jar");
            var bytes = in.readAllBytes();
            return new Script(new String(bytes, UTF_8), sha1(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // A name, not a proof: Redis chose SHA-1.
    private static String sha1(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
