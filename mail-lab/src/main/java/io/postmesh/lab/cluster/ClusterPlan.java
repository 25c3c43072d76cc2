package io.postmesh.lab.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What a cluster is made of: `new ClusterPlan(folder, classPath).brokers(3).copies(2).set("RELAYHOST",
/// "[127.0.0.1]:25")`.
///
/// Filled in by the caller, read once by [Cluster#start].
public final class ClusterPlan {
    final Path folder;
    final String classPath;
    int brokers = 3;
    boolean oneNode;
    boolean passages;
    final Map<ServiceName, Integer> copies = new EnumMap<>(ServiceName.class);
    final Map<String, String> settings = new TreeMap<>();
    final List<String> javaOptions = new ArrayList<>();
    Duration patience = Duration.ofSeconds(90);

    /// @param folder    for data, ports and everything the processes print; a second cluster on it goes on
    ///                  where the first one ended
    /// @param classPath with mesh-local and all it needs
    public ClusterPlan(Path folder, String classPath) {
        this.folder = folder.toAbsolutePath();
        this.classPath = classPath;
        copies(1);
    }

    /// The class path of what `./postmesh` built.
    ///
    /// @param checkout the folder with the launcher
    /// @throws IOException when nothing is built there
    public static String builtJars(Path checkout) throws IOException {
        var target = checkout.toAbsolutePath().resolve("mesh-local/target");
        try (var jars = Files.newDirectoryStream(target, "mesh-local-*.jar")) {
            for (var jar : jars) return jar + ":" + target.resolve("lib") + "/*";
        }
        throw new IOException("there is no mesh-local jar in " + target + "; build it first: ./postmesh dev does");
    }

    /// 1, or 3: replication factor 3, two in sync.
    public ClusterPlan brokers(int count) {
        if (count != 1 && count != 3) throw new IllegalArgumentException("brokers: 1 or 3, not " + count);
        brokers = count;
        return this;
    }

    /// In place of all that: one process that is the whole mesh, `./postmesh run`, named `node`.
    public ClusterPlan oneNode() {
        oneNode = true;
        brokers = 0;
        return copies(0);
    }

    /// Clients come to each broker through a [Passage], where their words and its replies can be held up or lost.
    public ClusterPlan passages() {
        passages = true;
        return this;
    }

    /// Of every service.
    public ClusterPlan copies(int each) {
        for (var service : ServiceName.values()) copies(service, each);
        return this;
    }

    public ClusterPlan copies(ServiceName service, int count) {
        if (count < 0) throw new IllegalArgumentException("copies: 0 or more, not " + count);
        copies.put(service, count);
        return this;
    }

    /// A setting of every service.
    public ClusterPlan set(String name, String value) {
        settings.put(name, value);
        return this;
    }

    /// An option of every JVM.
    public ClusterPlan java(String option) {
        javaOptions.add(option);
        return this;
    }

    /// Every JVM starts from this cache, made by [AotCache#train] of the same class path.
    public ClusterPlan aotCache(Path file) {
        return java("-XX:AOTCache=" + file.toAbsolutePath());
    }

    /// How long a process may take to be ready.
    public ClusterPlan patience(Duration atMost) {
        patience = atMost;
        return this;
    }

    List<String> jvm(String heap) {
        return jvm(heap, classPath, javaOptions);
    }

    static List<String> jvm(String heap, String classPath, List<String> more) {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heap,
                "-XX:MaxDirectMemorySize=192m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:+ExitOnOutOfMemoryError",
                "-Xlog:disable",
                "-Xlog:all=error:stderr",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow"));
        command.addAll(more);
        command.addAll(List.of("-cp", classPath));
        return command;
    }
}
