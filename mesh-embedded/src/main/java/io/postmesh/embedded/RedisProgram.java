package io.postmesh.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Unpacks the real Redis and prints the command that runs it as we do, an argument a line. Who runs that command has
/// Redis itself as its child, to kill or to stop.
public final class RedisProgram {
    private static final int USAGE = 64; // EX_USAGE of sysexits.h

    private RedisProgram() {}

    /// `RedisProgram <folder> <port>`
    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 2) {
            System.err.println("usage: RedisProgram <folder> <port>");
            System.exit(USAGE);
        }
        var home = Files.createDirectories(Path.of(arguments[0]).toAbsolutePath());
        var command = EmbeddedRedis.command(EmbeddedRedis.program(home), Integer.parseInt(arguments[1]));
        command.forEach(System.out::println);
    }
}
