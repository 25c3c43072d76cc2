package io.postmesh.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.postmesh.lab.sink.Received;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// What an independent verifier (Debian's python3-dkim, with python3-nacl for Ed25519) says of our signatures. The keys
/// come from the .txt files that lie beside the private keys, as an operator would publish them.
final class Signatures {
    private static final String VERIFIER = """
            import dkim, glob, re, sys
            records = {}
            for name in glob.glob(sys.argv[1] + '/**/*.txt', recursive=True):
                zone = open(name).read()
                records[zone.split(' ')[0]] = ''.join(re.findall(r'"([^"]*)"', zone)).encode()
            def txt(name, timeout=5):
                return records.get(name.decode() if isinstance(name, bytes) else name)
            for name in sorted(glob.glob(sys.argv[2] + '/*.eml')):
                message = open(name, 'rb').read()
                head = message.split(b'\\r\\n\\r\\n')[0]
                count = len(re.findall(br'(?mi)^DKIM-Signature:', head))
                good = 0
                for i in range(count):
                    try:
                        good += 1 if dkim.DKIM(message).verify(i, dnsfunc=txt) else 0
                    except dkim.DKIMException as e:
                        print('exception', e)
                print('signatures', count, 'good', good, name)
            """;

    private Signatures() {}

    /// Fails when a signature on any of these is not valid, or mail From demo.test has not both.
    static void verifyAll(List<Received> mails, Path keys) throws Exception {
        if (mails.isEmpty()) return;
        var folder = Files.createTempDirectory("to-verify");
        try {
            // Numbered by place in the list: concurrent mails may be kept in another order than they were counted in.
            for (int i = 0; i < mails.size(); i++)
                Files.write(
                        folder.resolve("%06d.eml".formatted(i)), mails.get(i).message());
            var lines = verdicts(folder, keys);
            assertThat(lines).hasSameSizeAs(mails);
            for (int i = 0; i < lines.size(); i++) check(lines.get(i), mails.get(i));
        } finally {
            TestMesh.deleteTree(folder);
        }
    }

    /// Fails when one of these files, all mail from demo.test, has not two valid signatures.
    static void verifyFolder(Path folder, Path keys) throws Exception {
        assertThat(verdicts(folder, keys)).isNotEmpty().allMatch(line -> line.startsWith("signatures 2 good 2 "));
    }

    // A line a file, by name; and nothing else.
    private static List<String> verdicts(Path folder, Path keys) throws Exception {
        Programs.needPython("dkim, nacl", "python3-dkim python3-nacl");
        var said = Programs.python("", VERIFIER, keys.toString(), folder.toString());
        assertThat(said.code()).as(said.output()).isZero();
        return said.output().lines().toList();
    }

    private static void check(String line, Received mail) {
        int expected = isFromDemo(mail) ? 2 : 0;
        assertThat(line).as("%s", mail).startsWith("signatures " + expected + " good " + expected + " ");
    }

    private static boolean isFromDemo(Received mail) {
        return mail.text()
                .lines()
                .takeWhile(l -> !l.isEmpty())
                .anyMatch(l -> l.matches("(?i)From:.*@demo\\.test>?\\s*"));
    }
}
