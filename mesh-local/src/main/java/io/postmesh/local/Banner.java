package io.postmesh.local;

import io.postmesh.mail.Domain;
import io.postmesh.runtime.settings.HostPort;
import java.nio.file.Path;

/// The first thing a newcomer reads.
final class Banner {
    private Banner() {}

    /// @param sender whose address the command sends from
    static String of(HostPort smtp, HostPort http, Path inbox, Domain sender, NodeConfig config) {
        return """

                Postmesh is ready. Every domain is received here; nothing leaves this machine.

                  SMTP   %s
                  HTTP   http://%s/metrics, /livez, /readyz
                  mail   %s
                  keys   %s
                  log    %s

                Send one:

                  %s

                The recipient decides what the remote does: try tempfail@, greylist@, reject@ or slow@example.com.
                Ctrl-C stops it; the next start finds its mail again.

                """.formatted(
                        smtp,
                        http,
                        inbox,
                        config.signer().keyFolder(),
                        config.ground().log().file().map(Path::toString).orElse("standard output"),
                        command(smtp, sender));
    }

    /// curl reads the mail from its standard input; `--crlf` makes the shell's line ends those of mail.
    static String command(HostPort smtp, Domain sender) {
        var from = "me@" + sender.name();
        return "printf 'From: " + from + "\\nTo: you@example.com\\nSubject: Hello\\n\\nIt works.\\n' |"
                + " curl -sS --crlf smtp://" + smtp
                + " --mail-from " + from + " --mail-rcpt you@example.com --upload-file -";
    }
}
