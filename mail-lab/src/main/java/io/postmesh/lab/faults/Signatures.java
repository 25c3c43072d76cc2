package io.postmesh.lab.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// What an independent verifier, Debian's python3-dkim with python3-nacl for Ed25519, says of the signatures
/// on a folder of messages. One process for all of them; the keys come from our `.txt` files, no name server
/// is asked.
final class Signatures {
    private static final Path PYTHON = Path.of("/usr/bin/python3"); // Debian's: the one python3-dkim installs for
    private static final Duration PATIENCE = Duration.ofMinutes(20);
    private static final String VERIFIER = """
            import dkim, glob, os, re, sys
            records = {}
            for name in glob.glob(sys.argv[1] + '/**/*.txt', recursive=True):
                zone = open(name).read()
                records[zone.split(' ')[0]] = ''.join(re.findall(r'"([^"]*)"', zone)).encode()
            def txt(name, timeout=5):
                return records.get(name.decode() if isinstance(name, bytes) else name)
            for name in sorted(os.listdir(sys.argv[2])):
                message = open(os.path.join(sys.argv[2], name), 'rb').read()
                count = len(re.findall(br'(?mi)^DKIM-Signature:', message.split(b'\\r\\n\\r\\n')[0]))
                good = 0
                for i in range(count):
                    try:
                        good += 1 if dkim.DKIM(message).verify(i, dnsfunc=txt) else 0
                    except dkim.DKIMException as e:
                        print('#', name, e)
                if count > 0 and good == count:
                    print(name)
            print('all')
            """;

    private Signatures() {}

    static void check() throws CannotRun, IOException {
        if (!Files.isExecutable(PYTHON) || run(Duration.ofSeconds(30), "import dkim, nacl") != 0)
            throw new CannotRun("python3-dkim or python3-nacl is missing (apt-get install python3-dkim python3-nacl)");
    }

    /// The names of those files that have signatures which all hold.
    ///
    /// @param environment with the clock of those who signed: to an earlier one their signatures are of the future
    static Set<String> good(Path messages, Path keys, Map<String, String> environment, Path log) throws IOException {
        var verifier = new ProcessBuilder(PYTHON.toString(), "-c", VERIFIER, keys.toString(), messages.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        verifier.environment().putAll(environment);
        var process = verifier.start();
        if (end(process, PATIENCE) != 0) throw new IOException("the verifier of signatures failed, see " + log);
        var lines = Files.readAllLines(log, UTF_8);
        if (lines.isEmpty() || !lines.getLast().equals("all"))
            throw new IOException("the verifier of signatures was cut short, see " + log);
        return new HashSet<>(lines);
    }

    private static int run(Duration atMost, String script) throws IOException {
        var process = new ProcessBuilder(List.of(PYTHON.toString(), "-c", script))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        return end(process, atMost);
    }

    private static int end(Process process, Duration atMost) throws IOException {
        try {
            if (process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) return process.exitValue();
            throw new IOException("Python is not done after " + atMost.toSeconds() + " s");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            process.destroyForcibly();
        }
    }
}
