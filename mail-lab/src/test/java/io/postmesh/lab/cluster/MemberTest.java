package io.postmesh.lab.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Processes that are a shell: what a member promises does not depend on what it runs.
class MemberTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final String TICKS = "echo ready; i=0; while :; do i=$((i+1)); echo $i >ticks; done";

    @TempDir
    private Path folder;

    private Member member =
            new Member(new Launch("none", List.of(), Map.of(), new Readiness.Line("")), Path.of(""), Path.of(""));

    @AfterEach
    void nobodyIsLeft() throws IOException {
        if (member.isRunning()) member.kill();
    }

    @Test
    void aKilledMemberStartsAgainUnderItsNameWithANewPidAndANewOutput() throws Exception {
        member = shell(TICKS);
        member.start();
        member.awaitReady(SOON);
        long first = member.pid();
        member.kill();
        assertThat(member.isRunning()).isFalse();
        assertThat(ProcessHandle.of(first).filter(ProcessHandle::isAlive)).isEmpty();
        member.start();
        member.awaitReady(SOON);
        assertThat(member.pid()).isNotEqualTo(first);
        assertThat(member.outputs()).hasSize(2).doesNotHaveDuplicates().allMatch(Files::exists);
    }

    @Test
    void aTermLetsItEndByItself() throws Exception {
        member = shell("trap 'exit 7' TERM; echo ready; while :; do sleep 0.05; done");
        member.start();
        member.awaitReady(SOON);
        assertThat(member.terminate(SOON)).isEqualTo(7);
    }

    @Test
    void whoIsSuspendedDoesNothingUntilItIsResumed() throws Exception {
        member = shell(TICKS);
        member.start();
        member.awaitReady(SOON);
        var ticks = folder.resolve("ticks");
        await().atMost(SOON).until(() -> Files.exists(ticks));
        member.suspend();
        await().atMost(SOON).until(() -> state(member.pid()) == 'T');
        var before = Files.getLastModifiedTime(ticks);
        member.resume();
        await().atMost(SOON).until(() -> Files.getLastModifiedTime(ticks).compareTo(before) > 0);
    }

    @Test
    void whoEndsBeforeItIsReadyIsNamedWithItsLastWords() throws Exception {
        member = shell("echo the disk is gone; exit 3");
        member.start();
        assertThatThrownBy(() -> member.awaitReady(SOON))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("a-1 ended with 3")
                .hasMessageContaining("the disk is gone");
    }

    @Test
    void whoIsNeverReadyIsNamed() throws Exception {
        member = shell("echo wait; while :; do sleep 0.05; done");
        member.start();
        assertThatThrownBy(() -> member.awaitReady(Duration.ofMillis(300)))
                .hasMessageContaining("a-1 is not ready")
                .hasMessageContaining("wait");
    }

    @Test
    void theLastWillEndsWhoeverIsLeft() throws Exception {
        member = shell(TICKS);
        member.start();
        try (var will = LastWill.write(folder)) {
            assertThat(will).isNotNull();
            member.awaitReady(SOON);
        }
        await().atMost(SOON).until(() -> !member.isRunning());
    }

    @Test
    void portsAreTheSameForTheNextClusterAndDifferFromOneAnother() throws Exception {
        var first = Ports.in(folder);
        int broker = first.of("broker-1");
        assertThat(first.of("redis")).isNotEqualTo(broker);
        assertThat(Ports.in(folder).of("broker-1")).isEqualTo(broker);
    }

    @Test
    void portsLieBelowThoseOfOutgoingConnections() throws Exception {
        var range = new ProcessBuilder("cat", "/proc/sys/net/ipv4/ip_local_port_range").start();
        int first;
        try (var out = range.inputReader()) {
            first = Integer.parseInt(
                    java.util.Objects.requireNonNull(out.readLine()).strip().split("\\s+")[0]);
        }
        org.junit.jupiter.api.Assumptions.assumeTrue(first > 16_000, "an unusual range");
        var ports = Ports.in(folder);
        for (int i = 0; i < 50; i++) assertThat(ports.of("p" + i)).isBetween(15_000, first - 1);
    }

    private Member shell(String script) {
        var launch = new Launch("a-1", List.of("/bin/sh", "-c", script), Map.of(), new Readiness.Line("ready"));
        return new Member(launch, folder, folder);
    }

    // proc(5): pid, name in parentheses, state.
    private static char state(long pid) throws IOException {
        var stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        return stat.charAt(stat.lastIndexOf(')') + 2);
    }
}
