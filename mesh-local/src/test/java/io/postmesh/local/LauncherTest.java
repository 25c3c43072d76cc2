package io.postmesh.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `./postmesh` itself, in a folder where everything is built, with JDKs that only say how they were called.
class LauncherTest {
    @TempDir
    private Path folder;

    @BeforeEach
    void aFolderWhereEverythingIsBuilt() throws Exception {
        script("postmesh", Files.readString(Path.of("..", "postmesh")));
        Files.writeString(folder.resolve("pom.xml"), "");
        for (var module : List.of("mesh-local", "bench")) {
            Files.createDirectories(folder.resolve(module).resolve("src/main"));
            Files.createDirectories(folder.resolve(module).resolve("target"));
            Files.writeString(folder.resolve(module).resolve("pom.xml"), "");
            Files.writeString(folder.resolve(module).resolve("target/" + module + "-0.1.0.jar"), "");
        }
        Files.createDirectories(folder.resolve("target"));
        Files.writeString(folder.resolve("target/postmesh.built"), "");
    }

    @Test
    void theJdkOfJavaHomeStartsTheProgramWithTheArgumentsAsGiven() throws Exception {
        var ended = postmesh(jdk("mine", "25.0.1"), "send", "--to", "a b@c.test", "--text", "");
        assertThat(ended.code()).as(ended.output()).isZero();
        assertThat(ended.output())
                .startsWith("mine\n")
                .contains("\n-Dpostmesh.home=" + folder.toRealPath() + "/.postmesh\n")
                .endsWith("\nio.postmesh.local.Main\nsend\n--to\na b@c.test\n--text\n\n");
    }

    @Test
    void eachServiceGetsTheHeapItNeeds() throws Exception {
        var jdk = jdk("mine", "25.0.1");
        var heaps = Map.of("ingress", "384m", "policy", "320m", "signer", "320m", "delivery", "600m");
        for (var heap : heaps.entrySet()) {
            var ended = postmesh(jdk, "service", "-s", "A=b", heap.getKey());
            assertThat(ended.output())
                    .contains("\n-Xmx" + heap.getValue() + "\n")
                    .endsWith("\nio.postmesh.local.Main\nservice\n-s\nA=b\n" + heap.getKey() + "\n");
        }
    }

    @Test
    void theFaultSuiteIsRunFromWhatIsBuilt() throws Exception {
        var ended = postmesh(jdk("mine", "25.0.1"), "test", "--faults", "--row", "A08");
        assertThat(ended.output())
                .endsWith(
                        "\nio.postmesh.lab.faults.FaultsCommand\n--checkout=" + folder.toRealPath() + "\n--row\nA08\n");
    }

    @Test
    void anOlderJavaHomeIsPassedOverForANewerJdkElsewhere() throws Exception {
        needsJdk(77);
        jdk(".jdks/good", "77-ea");
        var ended = postmesh(jdk("old", "1.8.0_402"), "bench", "relay");
        assertThat(ended.output()).startsWith(".jdks/good\n").endsWith("\nio.postmesh.bench.Main\nbench\nrelay\n");
    }

    @Test
    void withoutAJdkItSaysInOneSentenceWhatItFoundAndWhatToDo() throws Exception {
        needsJdk(77);
        for (var command : List.of("dev", "test")) {
            var ended = postmesh(jdk("old", "17.0.9"), command);
            assertThat(ended.code()).isEqualTo(2);
            assertThat(ended.output())
                    .startsWith("Postmesh needs a JDK 77 or newer and found only ")
                    .contains("JDK 17 (" + folder.toRealPath().resolve("old") + ")")
                    .contains("install one", "JAVA_HOME")
                    .hasLineCount(1);
        }
    }

    @Test
    void withoutMavenItSaysSoWhenSomethingIsToBeBuilt() throws Exception {
        Files.delete(folder.resolve("target/postmesh.built"));
        var ended = postmesh(jdk("mine", "25"), "dev");
        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.output()).contains("no 'mvn' on the PATH").hasLineCount(1);
    }

    @Test
    void aProgramThatIsGoneIsBuiltAgain() throws Exception {
        Files.delete(folder.resolve("mesh-local/target/mesh-local-0.1.0.jar"));
        assertThat(postmesh(jdk("mine", "25"), "dev").output()).contains("no 'mvn' on the PATH");
    }

    @Test
    void aCommandWaitsForTheBuildOfAnotherAndBuildsNothingItself() throws Exception {
        Files.delete(folder.resolve("target/postmesh.built"));
        script("path/mvn", "#!/bin/sh\necho a second build\nexit 1\n");
        var turn = Files.createDirectories(folder.resolve("target/postmesh.building"));
        Files.writeString(
                turn.resolve("pid"), Long.toString(ProcessHandle.current().pid()));
        var running = new ProcessBuilder(command(jdk("mine", "25"), "dev")).start();
        assertThat(running.errorReader().readLine())
                .isEqualTo("Postmesh is being built here by another command: waiting for it");
        Files.writeString(folder.resolve("target/postmesh.built"), "");
        Files.delete(turn.resolve("pid"));
        Files.delete(turn);
        assertThat(new String(running.getInputStream().readAllBytes(), UTF_8)).startsWith("mine\n");
        assertThat(turn).doesNotExist();
    }

    @Test
    void whoHasTestedEveryModuleNeedNotBuildThem() throws Exception {
        var stamp = folder.resolve("target/postmesh.built");
        Files.delete(stamp);
        script("path/mvn", "#!/bin/sh\nfor one; do [ $one != -Dtest=Broken ] || exit 3; done\n");
        var jdk = jdk("mine", "25");
        assertThat(postmesh(jdk, "test", "-pl", "bench").code()).isZero();
        assertThat(postmesh(jdk, "test", "-Dtest=Broken").code()).isEqualTo(3);
        assertThat(stamp).doesNotExist();
        assertThat(postmesh(jdk, "test", "-Dany=thing").code()).isZero();
        assertThat(stamp).exists();
    }

    @Test
    void theTurnOfADeadBuildIsTaken() throws Exception {
        Files.delete(folder.resolve("target/postmesh.built"));
        script("path/mvn", "#!/bin/sh\nexit 0\n");
        var turn = Files.createDirectories(folder.resolve("target/postmesh.building"));
        Files.writeString(turn.resolve("pid"), "999999999");
        assertThat(postmesh(jdk("mine", "25"), "dev").output()).contains("\nio.postmesh.local.Main\ndev\n");
        assertThat(turn).doesNotExist();
    }

    @Test
    void itSaysItsVersion() throws Exception {
        assertThat(postmesh(jdk("mine", "25"), "--version").output()).matches("postmesh \\d+\\.\\d+\\.\\d+\n");
    }

    @Test
    void anUnknownCommandIsAUsageError() throws Exception {
        var ended = postmesh(jdk("mine", "25"), "dance");
        assertThat(ended.code()).isEqualTo(64);
        assertThat(ended.output()).contains("there is no command 'dance'", "./postmesh dev");
    }

    // Whatever this machine has, it has no JDK 77.
    private void needsJdk(int version) throws Exception {
        var launcher = Files.readString(folder.resolve("postmesh"));
        assertThat(launcher).contains("\nneeded=25\n");
        script("postmesh", launcher.replace("\nneeded=25\n", "\nneeded=" + version + "\n"));
    }

    private Path jdk(String name, String version) throws Exception {
        script(name + "/bin/java", "#!/bin/sh\nprintf '%s\\n' " + name + " \"$@\"\n");
        script(name + "/bin/javac", "#!/bin/sh\n");
        Files.writeString(folder.resolve(name).resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
        return folder.resolve(name);
    }

    private void script(String name, String text) throws Exception {
        var file = folder.resolve(name);
        Files.createDirectories(file.resolveSibling("."));
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static final List<String> TOOLS = List.of(
            "bash",
            "sed",
            "head",
            "find",
            "readlink",
            "dirname",
            "touch",
            "mkdir",
            "cat",
            "rm",
            "sleep",
            "tee",
            "awk",
            "mv",
            "grep",
            "tail",
            "sh");

    private Programs.Ended postmesh(Path javaHome, String... arguments) throws Exception {
        return Programs.run("", command(javaHome, arguments));
    }

    // A PATH with what every Unix has, and with no Maven and no Java.
    private List<String> command(Path javaHome, String... arguments) throws Exception {
        var bin = Files.createDirectories(folder.resolve("path"));
        for (var tool : TOOLS) {
            if (!Files.exists(bin.resolve(tool))) Files.createSymbolicLink(bin.resolve(tool), where(tool));
        }
        var command = new ArrayList<>(List.of(
                "/usr/bin/env",
                "-i",
                "HOME=" + folder,
                "PATH=" + bin,
                "JAVA_HOME=" + javaHome,
                folder.resolve("postmesh").toString()));
        command.addAll(List.of(arguments));
        return command;
    }

    private static Path where(String tool) {
        return List.of(Path.of("/usr/bin", tool), Path.of("/bin", tool)).stream()
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow();
    }
}
