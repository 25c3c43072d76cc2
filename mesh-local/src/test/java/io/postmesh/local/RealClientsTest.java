package io.postmesh.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.postmesh.lab.sink.SinkOptions;
import io.postmesh.lab.sink.SmtpSink;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// The programs people send mail with.
@ExtendWith(SharedMesh.class)
class RealClientsTest {
    @Test
    void pythonsSmtplibSends(TestMesh mesh) throws Exception {
        Programs.need("python3", "python3");
        var script = """
                import smtplib, sys
                from email.message import EmailMessage
                mail = EmailMessage()
                mail['From'] = 'ann@demo.test'
                mail['To'] = 'smtplib@clients.test'
                mail['Subject'] = 'h\\u00e9llo'
                mail.set_content('line one\\n.line two\\n')
                with smtplib.SMTP('127.0.0.1', int(sys.argv[1])) as server:
                    refused = server.send_message(mail)
                    assert refused == {}
                    print(server.docmd('NOOP'))
                """;
        var ended = Programs.python("", script, Integer.toString(mesh.smtp().port()));
        assertThat(ended.code()).as(ended.output()).isZero();
        assertThat(mesh.awaitAtSink("smtplib@clients.test").text()).contains("\r\n.line two\r\n");
    }

    @Test
    void swaksSends(TestMesh mesh) throws Exception {
        Programs.need("swaks", "swaks");
        var ended = Programs.run(
                "",
                List.of(
                        "swaks",
                        "--server",
                        "127.0.0.1:" + mesh.smtp().port(),
                        "--from",
                        "ann@demo.test",
                        "--to",
                        "swaks@clients.test,swaks2@clients.test",
                        "--header",
                        "Subject: by swaks"));
        assertThat(ended.code()).as(ended.output()).isZero();
        assertThat(ended.output()).contains("<-  250 2.0.0 ").doesNotContain("<** ");
        mesh.awaitAtSink("swaks@clients.test");
        mesh.awaitAtSink("swaks2@clients.test");
    }

    @Test
    void swaksPipelines(TestMesh mesh) throws Exception {
        Programs.need("swaks", "swaks");
        var ended = Programs.run(
                "",
                List.of(
                        "swaks",
                        "--pipeline",
                        "--server",
                        "127.0.0.1:" + mesh.smtp().port(),
                        "--from",
                        "ann@demo.test",
                        "--to",
                        "pipelined@clients.test"));
        assertThat(ended.code()).as(ended.output()).isZero();
        mesh.awaitAtSink("pipelined@clients.test");
    }

    @Test
    void curlSends(TestMesh mesh) throws Exception {
        Programs.need("curl", "curl");
        var letter = Files.createTempFile("letter", ".eml");
        Files.writeString(letter, "From: ann@demo.test\nTo: curl@clients.test\nSubject: by curl\n\n.dot\nbody\n");
        var ended = Programs.run(
                "",
                List.of(
                        "curl",
                        "-sS",
                        "--crlf",
                        "smtp://" + mesh.smtp(),
                        "--mail-from",
                        "ann@demo.test",
                        "--mail-rcpt",
                        "curl@clients.test",
                        "--upload-file",
                        letter.toString()));
        Files.delete(letter);
        assertThat(ended.code()).as(ended.output()).isZero();
        assertThat(mesh.awaitAtSink("curl@clients.test").text()).endsWith("\r\n\r\n.dot\r\nbody\r\n");
    }

    @Test
    void vertxMailClientSendsAndOurCommandPrintsTheMailIdAndTheReply(TestMesh mesh) throws Exception {
        var attachment = Files.createTempFile("attached", ".txt");
        Files.writeString(attachment, "attached text");
        var out = new java.io.StringWriter();
        int code = Main.commands()
                .setOut(new java.io.PrintWriter(out, true))
                .execute(
                        "send",
                        "--to",
                        "send@clients.test",
                        "--from",
                        "ann@demo.test",
                        "--subject",
                        "by send",
                        "--text",
                        "hello",
                        "--attach",
                        attachment.toString(),
                        "--server",
                        mesh.smtp().toString());
        Files.delete(attachment);
        assertThat(code).isZero();
        assertThat(out.toString()).matches("(?s)[0-9A-Z]{26}  250 2\\.0\\.0 .*");
        assertThat(mesh.awaitAtSink("send@clients.test").text())
                .contains("Subject: by send")
                .contains("attached");
    }

    @Test
    void aRefusalIsPrintedInTheServersWordsWithExitCode1() throws Exception {
        var err = new java.io.StringWriter();
        try (var server = SmtpSink.start(new SinkOptions())) {
            server.rules().add("* RCPT 550 5.1.1 Nobody of that name");
            int code = Main.commands()
                    .setErr(new java.io.PrintWriter(err, true))
                    .execute("send", "--to", "bob@one.test", "--server", "127.0.0.1:" + server.port());
            assertThat(code).isEqualTo(1);
        }
        assertThat(err.toString())
                .startsWith("postmesh: ")
                .contains("550 5.1.1 Nobody of that name")
                .hasLineCount(1);
    }

    @Test
    void aMailLargerThanTheServerTakesIsRefusedInOneLine(TestMesh mesh, @TempDir Path folder) throws Exception {
        var large = sparse(folder, 49 << 20);
        var server = mesh.smtp().toString();
        try (var send = Child.start(
                "-Xmx768m", folder, Map.of(), "send", "--to", "a@b.test", "--attach", large, "--server", server)) {
            assertThat(send.await(TestMesh.SOON)).as(send.output()).isEqualTo(1);
            assertThat(send.output())
                    .startsWith("postmesh: ")
                    .contains("size")
                    .doesNotContain("heap")
                    .hasLineCount(1);
        }
    }

    @Test
    void moreThanFitsIntoMemoryIsNotEvenRead(@TempDir Path folder) throws Exception {
        var half = sparse(folder, 26 << 20);
        var err = new java.io.StringWriter();
        int code = Main.commands()
                .setErr(new java.io.PrintWriter(err, true))
                .execute("send", "--to", "a@b.test", "--attach", half, "--attach", half);
        assertThat(code).isEqualTo(64);
        assertThat(err.toString()).contains("more than 50 MiB in all");
    }

    private static String sparse(Path folder, int octets) throws Exception {
        var file = folder.resolve("large.bin");
        try (var large = new RandomAccessFile(file.toFile(), "rw")) {
            large.setLength(octets);
        }
        return file.toString();
    }

    @Test
    void nobodyThereIsSaidInOneLine() {
        var err = new java.io.StringWriter();
        int code = Main.commands()
                .setErr(new java.io.PrintWriter(err, true))
                .execute("send", "--to", "a@b.test", "--server", "127.0.0.1:1");
        assertThat(code).isEqualTo(1);
        assertThat(err.toString())
                .contains("nobody answers SMTP on 127.0.0.1:1")
                .hasLineCount(1);
    }
}
