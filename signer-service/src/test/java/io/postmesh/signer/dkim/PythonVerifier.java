package io.postmesh.signer.dkim;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/// Debian's python3-dkim with python3-nacl. (Another python3 on the path may lack them.)
final class PythonVerifier {
    private static final String PYTHON = "/usr/bin/python3";
    private static final Path SCRIPT = Path.of("src/test/resources/dkim/verify.py");

    private PythonVerifier() {}

    static boolean isInstalled() throws IOException, InterruptedException {
        return Files.isExecutable(Path.of(PYTHON))
                && run(PYTHON, "-c", "import dkim, nacl").isPresent();
    }

    /// By message name the verdict on each of its signatures: `pass`, `fail`, `error ...`.
    static Map<String, List<String>> verify(Path folder, Map<String, byte[]> messages, Map<String, String> dns)
            throws IOException, InterruptedException {
        for (var message : messages.entrySet())
            Files.write(folder.resolve(message.getKey() + ".eml"), message.getValue());
        Files.write(
                folder.resolve("dns.txt"),
                dns.entrySet().stream()
                        .map(r -> r.getKey() + "\t" + r.getValue())
                        .toList());
        var out = run(PYTHON, SCRIPT.toString(), folder.toString()).orElseThrow();
        return out.lines()
                .map(line -> line.split(" ", 3))
                .collect(Collectors.groupingBy(
                        part -> part[0].replace(".eml", ""),
                        TreeMap::new,
                        Collectors.mapping(part -> part[2], Collectors.toList())));
    }

    private static Optional<String> run(String... command) throws IOException, InterruptedException {
        var out = Files.createTempFile("python", ".out");
        try {
            var process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(out.toFile())
                    .start();
            if (!process.waitFor(50, TimeUnit.SECONDS)) process.destroyForcibly();
            return process.waitFor() == 0 ? Optional.of(Files.readString(out)) : Optional.empty();
        } finally {
            Files.delete(out);
        }
    }
}
