package io.postmesh.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

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
        assumeTrue(Programs.hasPython("dkim, nacl"), "python3-dkim or python3-nacl is missing: apt-get install them");
        var folder = Files.createTempDirectory("to-verify");
        try {
            for (var mail : mails) Files.write(folder.resolve("%06d.eml".formatted(mail.number())), mail.message());
            var said = Programs.python("", VERIFIER, keys.toString(), folder.toString());
            assertThat(said.code()).as(said.output()).isZero();
            var lines = said.output().lines().toList();
            assertThat(lines).as(said.output()).hasSameSizeAs(mails);
            for (int i = 0; i < lines.size(); i++) check(lines.get(i), mails.get(i));
        } finally {
            TestMesh.deleteTree(folder);
        }
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
