package io.postmesh.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import org.apache.james.mime4j.stream.EntityState;
import org.apache.james.mime4j.stream.MimeTokenStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedMesh.class)
class BouncedTest {
    @Test
    void aRefusedMailComesBackAsAReportWithTheRemotesWords(TestMesh mesh) throws Exception {
        var receipt = mesh.submit("bounced-1@demo.test", "reject@bounced.test");
        var report = mesh.awaitAtSink("bounced-1@demo.test");
        assertThat(report.sender()).isEmpty();
        assertThat(partTypes(report.message()))
                .containsExactly("multipart/report", "text/plain", "message/delivery-status", "text/rfc822-headers");
        assertThat(report.text())
                .contains("report-type=delivery-status")
                .containsPattern("(?m)^Reporting-MTA: dns; *mesh.demo.test\r?$")
                .containsPattern("(?m)^Final-Recipient: rfc822; *reject@bounced.test\r?$")
                .containsPattern("(?m)^Action: failed\r?$")
                .containsPattern("(?m)^Status: 5.1.1\r?$")
                .contains("No such mailbox")
                .contains(receipt.mailId())
                .containsPattern("(?mi)^Auto-Submitted: auto-replied\r?$")
                .containsPattern("(?m)^Subject: a test\r?$"); // the headers of the mail that failed
    }

    @Test
    void aReportThatFailsIsNotReported(TestMesh mesh) throws Exception {
        mesh.submit("reject+sender@bounced.test", "reject@bounced.test");
        await().atMost(TestMesh.SOON).until(() -> wasOffered(mesh, "reject+sender@bounced.test"));
        mesh.submit("bounced-2@demo.test", "reject@bounced.test"); // behind it, so the first report's fate is known
        mesh.awaitAtSink("bounced-2@demo.test");
        assertThat(mesh.sink().inbox().all())
                .noneMatch(mail -> mail.sender().isEmpty()
                        && mail.recipients().stream().noneMatch(to -> to.startsWith("bounced-")));
    }

    @Test
    void mailFromNobodyIsNeverReported(TestMesh mesh) throws Exception {
        var reply = mesh.submitRaw(
                "",
                "reject@bounced.test",
                "From: robot@demo.test\r\nSubject: x\r\n\r\nx\r\n"
                        .getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        assertThat(reply).startsWith("250");
        mesh.submit("bounced-3@demo.test", "reject@bounced.test");
        mesh.awaitAtSink("bounced-3@demo.test");
        assertThat(mesh.sink().inbox().to("robot@demo.test")).isEmpty();
    }

    private static boolean wasOffered(TestMesh mesh, String recipient) {
        return mesh.sink().transcripts().all().stream()
                .flatMap(transcript -> transcript.commands().stream())
                .anyMatch(command -> command.startsWith("RCPT TO:<" + recipient + ">"));
    }

    private static List<String> partTypes(byte[] message) throws Exception {
        var types = new ArrayList<String>();
        var stream = new MimeTokenStream();
        stream.setRecursionMode(org.apache.james.mime4j.stream.RecursionMode.M_NO_RECURSE);
        stream.parse(new ByteArrayInputStream(message));
        for (var state = stream.getState(); state != EntityState.T_END_OF_STREAM; state = stream.next()) {
            if (state == EntityState.T_START_MULTIPART || state == EntityState.T_BODY)
                types.add(stream.getBodyDescriptor().getMimeType());
        }
        return types;
    }
}
