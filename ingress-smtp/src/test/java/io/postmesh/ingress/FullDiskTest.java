package io.postmesh.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.postmesh.ingress.Doorway.Places;
import io.postmesh.lab.disk.SmallDisk;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Mail is refused before a disk is full, and taken again when there is room, by nobody's hand.
class FullDiskTest {
    private static final Map<String, String> OFTEN = Map.of("POSTMESH_FREE_SPACE_EVERY", "200ms");
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final long MIB = 1 << 20;

    @Test
    void withTheBrokersDiskNearlyFullMailIsPutOffAtMailAndTakenAgainAfterwards() throws Exception {
        try (var disk = small(256)) {
            var folder = Places.anywhere().folder();
            refusesAndTakesAgain(new Places(folder, disk.folder().resolve("kafka"), folder.resolve("blobs")), disk);
        }
    }

    @Test
    void withTheBlobsDiskNearlyFullMailIsPutOffAtMailAndTakenAgainAfterwards() throws Exception {
        try (var disk = small(64)) {
            var folder = Places.anywhere().folder();
            refusesAndTakesAgain(
                    new Places(folder, folder.resolve("kafka"), disk.folder().resolve("blobs")), disk);
        }
    }

    private static void refusesAndTakesAgain(Places places, SmallDisk disk) throws Exception {
        long floor = disk.size() / 10;
        try (var door = Doorway.open(OFTEN, places)) {
            accepts(door);
            disk.leave(floor - MIB);
            await().atMost(SOON).until(() -> says(door, "452 4.3.1 "));
            disk.leave(floor + MIB); // not enough to open again: the door does not flap
            await().during(Duration.ofSeconds(1)).atMost(SOON).until(() -> says(door, "452 4.3.1 "));
            disk.takeBack();
            await().atMost(SOON).until(() -> says(door, "250 "));
            accepts(door);
            await().atMost(SOON).until(() -> door.storedFor("to@one.test").size() == 2);
        }
    }

    private static SmallDisk small(int mebibytes) throws IOException {
        var disk = SmallDisk.mount(mebibytes);
        assumeTrue(disk.isPresent(), "a small file system cannot be mounted here (it takes root)");
        return disk.get();
    }

    private static boolean says(Doorway door, String start) throws IOException {
        try (var caller = Caller.dial(door.address())) {
            caller.reply();
            caller.say("EHLO client.test");
            var reply = caller.say("MAIL FROM:<a@demo.test>");
            assertThat(reply).as("never a 5xx").matches("[24].*");
            return reply.startsWith(start);
        }
    }

    private static void accepts(Doorway door) throws IOException {
        try (var caller = Caller.inData(door.address(), "a@demo.test", "to@one.test")) {
            caller.send("From: a@demo.test\r\n\r\nx\r\n.\r\n");
            assertThat(caller.reply()).startsWith("250 2.0.0 ");
        }
    }
}
