package io.postmesh.lab.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// What an independent verifier, Debian's python3-dkim with python3-nacl for Ed25519, says of the signatures
/// on a folder of messages. A process for each core, each with its share of them; the keys come from our `.txt` files,
/// no name server is asked.
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
            for name in sorted(os.listdir(sys.argv[2]))[int(sys.argv[3])::int(sys.argv[4])]:
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
    /// @param log         a folder for what the verifiers say
    static Set<String> good(Path messages, Path keys, Map<String, String> environment, Path log) throws IOException {
        int shares = Machine.cores();
        var verifiers = new ArrayList<Process>();
        try {
            for (int share = 0; share < shares; share++) {
                var verifier = verifier(messages, keys, share, shares).redirectOutput(words(log, share));
                verifier.environment().putAll(environment);
                verifiers.add(verifier.start());
            }
            var good = new HashSet<String>();
            for (int share = 0; share < shares; share++) good.addAll(said(verifiers.get(share), words(log, share)));
            return good;
        } finally {
            verifiers.forEach(Process::destroyForcibly);
        }
    }

    private static List<String> said(Process verifier, File words) throws IOException {
        if (end(verifier, PATIENCE) != 0) throw new IOException("the verifier of signatures failed, see " + words);
        var lines = Files.readAllLines(words.toPath(), UTF_8);
        if (lines.isEmpty() || !lines.getLast().equals("all"))
            throw new IOException("the verifier of signatures was cut short, see " + words);
        return lines;
    }

    private static File words(Path log, int share) {
        return log.resolve("signatures-" + share + ".txt").toFile();
    }

    private static ProcessBuilder verifier(Path messages, Path keys, int share, int shares) {
        return new ProcessBuilder(
                        PYTHON.toString(),
                        "-c",
                        VERIFIER,
                        keys.toString(),
                        messages.toString(),
                        Integer.toString(share),
                        Integer.toString(shares))
                .redirectErrorStream(true);
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
