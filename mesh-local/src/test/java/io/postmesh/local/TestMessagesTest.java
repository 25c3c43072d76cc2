package io.postmesh.local;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.postmesh.lab.sink.Received;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// The test messages of Apache James Mime4j, the MIME torture of twenty years: each is refused with a code of a table,
/// or arrives with identical bytes below our fields.
@ExtendWith(SharedMesh.class)
class TestMessagesTest {
    private record Sample(String name, byte[] message) {
        Sample withFrom() {
            var text = "From: ann@demo.test\r\n" + new String(message, ISO_8859_1);
            return new Sample(name, text.getBytes(ISO_8859_1));
        }
    }

    @Test
    void eachIsRefusedAsTheTableSaysOrArrivesUntouched(TestMesh mesh) throws Exception {
        var refused = new ArrayList<String>();
        var samples = samples();
        assertThat(samples).hasSizeGreaterThanOrEqualTo(70);
        var taken = new ArrayList<Sample>();
        for (var sample : samples) {
            var reply = offer(mesh, sample, taken);
            if (reply.startsWith("550 5.6.0 No From")) {
                // As it stands it is no mail; its body is worth a try all the same.
                var again = offer(mesh, sample.withFrom(), taken);
                if (!again.startsWith("250 ")) refused.add(sample.name() + " with From " + again);
            }
            if (!reply.startsWith("250 ")) refused.add(sample.name() + " " + reply);
        }
        for (var sample : taken) assertUntouched(sample, mesh.awaitAtSink(address(sample)));
        assertThat(refused).containsExactlyInAnyOrderElementsOf(table());
    }

    private static String offer(TestMesh mesh, Sample sample, List<Sample> taken) throws IOException {
        var reply = mesh.submitRaw("ann@demo.test", address(sample), sample.message());
        if (reply.startsWith("250 ")) taken.add(sample);
        return reply;
    }

    // Bytes are compared, not text: some of these have octets no character set knows.
    private static void assertUntouched(Sample sample, Received received) {
        var got = new String(received.message(), ISO_8859_1);
        var sent = new String(sample.message(), ISO_8859_1);
        var below = sent.endsWith("\r\n") ? sent : sent + "\r\n";
        assertThat(got).as(sample.name()).endsWith(below);
        // Nothing but whole fields of ours stands above: what is folded belongs to the line before it.
        assertThat(got.substring(0, got.length() - below.length()).replaceAll("\r\n[ \t]", " "))
                .as(sample.name())
                .matches("((DKIM-Signature|Received|Date|Message-ID): [^\r\n]+\r\n){1,5}");
    }

    private static String address(Sample sample) {
        return sample.name().replaceAll("[^A-Za-z0-9]", "-") + "@mime.test";
    }

    private static List<String> table() throws IOException {
        try (var lines = TestMessagesTest.class.getResourceAsStream("/mime4j-refused.txt")) {
            assertThat(lines).isNotNull();
            return new String(lines.readAllBytes(), ISO_8859_1)
                    .lines()
                    .filter(l -> !l.startsWith("#"))
                    .toList();
        }
    }

    // The files have LF, or a mixture; on the wire every line ends in CR LF.
    private static List<Sample> samples() throws Exception {
        var url = String.valueOf(TestMessagesTest.class.getResource("/testmsgs/very-long-boundary.msg"));
        var jar = URI.create(url.substring(0, url.indexOf("!/")));
        try (var files = FileSystems.newFileSystem(jar, Map.of());
                Stream<Path> all = Files.walk(files.getPath("/"))) {
            var samples = new ArrayList<Sample>();
            for (var file :
                    all.filter(f -> f.toString().endsWith(".msg")).sorted().toList()) {
                var text = Files.readString(file, ISO_8859_1)
                        .replace("\r\n", "\n")
                        .replace("\r", "\n")
                        .replace("\n", "\r\n");
                samples.add(new Sample(String.valueOf(file).substring(1), text.getBytes(ISO_8859_1)));
            }
            return samples;
        }
    }
}
