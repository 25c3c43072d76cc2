package io.postmesh.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postmesh.contract.Topics;
import io.postmesh.ingress.wire.Deadlines;
import io.postmesh.runtime.blob.BlobMark;
import io.postmesh.runtime.blob.BlobStore;
import io.postmesh.runtime.blob.MissingBlob;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;

/// A message whose body goes to the blob store is stored whole or not at all, whatever breaks on the way.
class BlobTroubleTest {
    private static final String LARGE = "From: a@demo.test\r\n\r\n" + incompressible(900_000) + ".\r\n";

    @Test
    void aDiskThatFillsUpIsA452AndNothingStaysOpen() throws Exception {
        var disk = new FaultyDisk(Fault.SECOND_PIECE);
        try (var door = Doorway.open(Map.of(), Doorway.QUICK, disk::over);
                var caller = Caller.inData(door.address(), "a@demo.test", "full@one.test")) {
            caller.send(LARGE);
            assertThat(caller.reply()).startsWith("452 4.3.1 ");
            await().until(() -> disk.open.get() == 0);
            assertThat(blobs(door)).isEmpty();
            accepts(caller, "small@one.test");
            assertThat(door.storedFor("full@one.test")).isEmpty();
        }
    }

    @Test
    void aBlobThatCannotBeMadeDurableIsA452AndNothingStaysOpen() throws Exception {
        var disk = new FaultyDisk(Fault.COMMIT);
        try (var door = Doorway.open(Map.of(), Doorway.QUICK, disk::over);
                var caller = Caller.inData(door.address(), "a@demo.test", "lost@one.test")) {
            caller.send(LARGE);
            assertThat(caller.reply()).startsWith("452 4.3.1 ");
            await().until(() -> disk.open.get() == 0);
            accepts(caller, "small@one.test");
            assertThat(door.storedFor("lost@one.test")).isEmpty();
        }
    }

    @Test
    void whatTheClientWasToldToSendAgainIsNotStoredLater() throws Exception {
        var disk = new FaultyDisk(Fault.SLOW_COMMIT);
        try (var door = Doorway.open(Map.of(), replyWithin(Duration.ofSeconds(1)), disk::over);
                var caller = Caller.inData(door.address(), "a@demo.test", "late@one.test")) {
            caller.send(LARGE);
            assertThat(caller.reply()).startsWith("451 4.3.0 ");
            disk.go.countDown();
            await().until(() -> disk.committed.get() == 1 && blobs(door).isEmpty());
            accepts(caller, "small@one.test");
            await().until(() -> door.storedFor("small@one.test").size() == 1);
            assertThat(door.storedFor("late@one.test")).isEmpty();
        }
    }

    @Test
    void aBlobWhoseRecordKafkaRefusesIsRemoved() throws Exception {
        try (var door = Doorway.open(Map.of())) {
            takeOnlyTinyRecords(door);
            try (var caller = Caller.inData(door.address(), "a@demo.test", "refused@one.test")) {
                caller.send(LARGE);
                assertThat(caller.reply()).startsWith("451 4.3.0 ");
            }
            await().until(() -> blobs(door).isEmpty());
            assertThat(door.storedCount()).isZero();
        }
    }

    @Test
    void aClientThatHangsUpInTheMiddleLeavesNoBlob() throws Exception {
        var disk = new FaultyDisk(Fault.NONE);
        try (var door = Doorway.open(Map.of(), Doorway.QUICK, disk::over)) {
            var caller = Caller.inData(door.address(), "a@demo.test", "gone@one.test");
            caller.send(LARGE.substring(0, LARGE.length() - 3));
            await().until(() -> disk.open.get() == 1);
            caller.hangUp();
            await().until(() -> disk.open.get() == 0 && blobs(door).isEmpty());
        }
    }

    private static void accepts(Caller caller, String to) throws IOException {
        caller.say("MAIL FROM:<a@demo.test>");
        caller.say("RCPT TO:<" + to + ">");
        caller.say("DATA");
        caller.send("From: a@demo.test\r\n\r\nx\r\n.\r\n");
        assertThat(caller.reply()).startsWith("250 2.0.0 ");
    }

    private static List<BlobStore.Stored> blobs(Doorway door) throws IOException {
        try (var all = door.blobs().list()) {
            return all.toList();
        }
    }

    private static void takeOnlyTinyRecords(Doorway door) throws Exception {
        var topic = new ConfigResource(ConfigResource.Type.TOPIC, Topics.ACCEPTED.topic());
        var tiny = new AlterConfigOp(new ConfigEntry("max.message.bytes", "100"), AlterConfigOp.OpType.SET);
        try (var admin = Admin.create(Map.of("bootstrap.servers", door.broker().bootstrap()))) {
            admin.incrementalAlterConfigs(Map.of(topic, List.of(tiny))).all().get();
        }
    }

    private static Deadlines replyWithin(Duration reply) {
        var q = Doorway.QUICK;
        return new Deadlines(
                q.command(),
                q.window(),
                q.minRate(),
                q.message(),
                q.connection(),
                reply,
                q.drain(),
                q.unread(),
                q.greetDelay(),
                q.stop());
    }

    private static String incompressible(int octets) {
        var random = new Random(5);
        var text = new StringBuilder(octets + 20);
        while (text.length() < octets)
            text.append(Long.toHexString(random.nextLong())).append("\r\n");
        return text.toString();
    }

    private enum Fault {
        NONE,
        SECOND_PIECE,
        COMMIT,
        SLOW_COMMIT
    }

    /// A real folder with one fault, that counts what is being written.
    private static final class FaultyDisk {
        final AtomicInteger open = new AtomicInteger();
        final AtomicInteger committed = new AtomicInteger();
        final CountDownLatch go = new CountDownLatch(1);
        private final Fault fault;

        FaultyDisk(Fault fault) {
            this.fault = fault;
        }

        BlobStore over(BlobStore real) {
            return new BlobStore() {
                @Override
                public Writer create() throws IOException {
                    var writer = real.create();
                    open.incrementAndGet();
                    return new FaultyWriter(writer);
                }

                @Override
                public Optional<BlobMark> mark() throws IOException {
                    return real.mark();
                }

                @Override
                public BlobMark mark(BlobMark mark) throws IOException {
                    return real.mark(mark);
                }

                @Override
                public void confirm() throws IOException {
                    real.confirm();
                }

                @Override
                public InputStream open(String key) throws MissingBlob, IOException {
                    return real.open(key);
                }

                @Override
                public void delete(String key) throws IOException {
                    real.delete(key);
                }

                @Override
                public Stream<Stored> list() throws IOException {
                    return real.list();
                }
            };
        }

        private final class FaultyWriter implements BlobStore.Writer {
            private final BlobStore.Writer real;
            private int pieces;

            FaultyWriter(BlobStore.Writer real) {
                this.real = real;
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                if (fault == Fault.SECOND_PIECE && ++pieces == 2) throw new IOException("No space left on device");
                real.write(bytes, offset, length);
            }

            @Override
            public String commit() throws IOException {
                if (fault == Fault.COMMIT) throw new IOException("Input/output error");
                if (fault == Fault.SLOW_COMMIT) awaitGo();
                var key = real.commit();
                committed.incrementAndGet();
                open.decrementAndGet();
                return key;
            }

            private void awaitGo() throws IOException {
                try {
                    go.await();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
            }

            @Override
            public void abort() {
                real.abort();
                open.decrementAndGet();
            }
        }
    }
}
