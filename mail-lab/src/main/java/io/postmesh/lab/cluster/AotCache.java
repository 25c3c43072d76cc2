package io.postmesh.lab.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// What a JVM loads and links in its first seconds, kept in a file for those after it (JEP 483, 514).
///
/// The image has one; where a cluster's processes are started again and again, they are to start as they do there.
public final class AotCache {
    private static final Duration AT_MOST = Duration.ofMinutes(3); // some 25 s on 2 cores

    private AotCache() {}

    /// Sends a little mail through a mesh in one process, which leaves the file when it ends.
    ///
    /// @param classPath jars only: there is no cache of classes in folders
    /// @param file      replaced: the JVM passes over a cache of jars that have changed, without a word
    /// @throws IOException naming where its words are, when that mesh or the JVM fails
    public static void train(String classPath, Path file) throws IOException {
        Files.deleteIfExists(file);
        var words = file.resolveSibling(file.getFileName() + ".log");
        var command = ClusterPlan.jvm("640m", classPath, List.of("-XX:AOTCacheOutput=" + file.toAbsolutePath()));
        command.addAll(List.of(Cluster.MAIN, "selftest", "--mails", "100"));
        var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(words.toFile());
        builder.environment().keySet().retainAll(List.of("PATH", "HOME"));
        if (!endsWell(builder.start()) || !Files.exists(file))
            throw new IOException("no AOT cache was made; see " + words);
    }

    private static boolean endsWell(Process training) throws IOException {
        try {
            return training.waitFor(AT_MOST.toMillis(), TimeUnit.MILLISECONDS) && training.exitValue() == 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            training.descendants().forEach(ProcessHandle::destroyForcibly);
            training.destroyForcibly();
        }
    }
}
