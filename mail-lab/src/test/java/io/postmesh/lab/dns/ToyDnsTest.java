package io.postmesh.lab.dns;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

class ToyDnsTest {
    private static ToyDns dns;

    @BeforeAll
    static void start() {
        var many = new StringBuilder();
        for (int i = 0; i < 60; i++)
            many.append("many.test 60 IN TXT \"record number ").append(i).append(" of sixty\"\n");
        dns = ToyDns.start("""
                one.test        60 IN MX 10 mx1.one.test
                one.test           IN MX 20 mx2.one.test.
                mx1.one.test       A 127.0.0.2
                mx1.one.test       AAAA ::1
                silent.test        MX 0 .            ; RFC 7505
                alias.test         CNAME one.test
                text.test          TXT "v=spf1 -all"
                *.wild.test        MX 5 mx1.one.test
                here.wild.test     A 127.0.0.3
                broken.test        FAULT SERVFAIL
                gone.test          FAULT NXDOMAIN
                mute.test          FAULT TIMEOUT
                long.test          MX 1 mx1.one.test
                long.test          FAULT TRUNCATED
                """ + many);
    }

    @AfterAll
    static void stop() {
        dns.close();
    }

    @Test
    void answersWhatTheZoneSays() throws IOException {
        assertThat(answers("one.test", Type.MX)).containsExactly("10 mx1.one.test.", "20 mx2.one.test.");
        assertThat(answers("mx1.one.test", Type.A)).containsExactly("127.0.0.2");
        assertThat(answers("mx1.one.test", Type.AAAA)).containsExactly("0:0:0:0:0:0:0:1");
        assertThat(answers("silent.test", Type.MX)).containsExactly("0 .");
        assertThat(answers("text.test", Type.TXT)).containsExactly("\"v=spf1 -all\"");
        assertThat(answers("ONE.test", Type.MX)).hasSize(2);
    }

    @Test
    void followsAliases() throws IOException {
        assertThat(answers("alias.test", Type.MX)).containsExactly("one.test.", "10 mx1.one.test.", "20 mx2.one.test.");
    }

    @Test
    void wildcardsAnswerForNamesThatAreNotThere() throws IOException {
        assertThat(answers("any.wild.test", Type.MX)).containsExactly("5 mx1.one.test.");
        assertThat(answers("here.wild.test", Type.MX)).isEmpty();
    }

    @Test
    void knowsNoSuchNameFromNoSuchRecord() throws IOException {
        assertThat(ask("nowhere.test", Type.MX, false).getRcode()).isEqualTo(Rcode.NXDOMAIN);
        assertThat(ask("mx1.one.test", Type.MX, false).getRcode()).isEqualTo(Rcode.NOERROR);
        assertThat(ask("mx1.one.test", Type.MX, false).getSection(Section.AUTHORITY))
                .hasSize(1);
        assertThat(ask("wild.test", Type.MX, false).getRcode()).isEqualTo(Rcode.NOERROR);
    }

    @Test
    void namesMisbehaveAsTold() throws IOException {
        assertThat(ask("broken.test", Type.MX, false).getRcode()).isEqualTo(Rcode.SERVFAIL);
        assertThat(ask("gone.test", Type.MX, false).getRcode()).isEqualTo(Rcode.NXDOMAIN);
        var impatient = resolver(dns, false);
        impatient.setTimeout(Duration.ofMillis(300));
        assertThatThrownBy(() -> impatient.send(query("mute.test", Type.MX))).hasMessageContaining("imed out");
        assertThat(dns.questionsFor("mute.test")).isPositive();
    }

    @Test
    void truncatedAnswersComeWholeOverTcp() throws IOException {
        assertThat(ask("long.test", Type.MX, true).getSection(Section.ANSWER)).hasSize(1);
        assertThat(ask("long.test", Type.MX, false).getSection(Section.ANSWER)).hasSize(1);
        assertThat(ask("many.test", Type.TXT, false).getSection(Section.ANSWER)).hasSize(60);
        assertThat(ask("many.test", Type.TXT, false).getHeader().getFlag(Flags.TC))
                .isFalse();
    }

    @Test
    void whatIsNoQuestionIsPassedOver() throws IOException {
        try (var socket = new java.net.DatagramSocket()) {
            for (var octets : new byte[][] {{}, {1, 2, 3}, new byte[12], "GET / HTTP/1.1\r\n\r\n".getBytes(US_ASCII)})
                socket.send(new java.net.DatagramPacket(octets, octets.length, dns.address()));
        }
        assertThat(answers("any.wild.test", Type.MX)).hasSize(1);
    }

    @Test
    void theZoneMayChange() throws IOException {
        try (var changing = ToyDns.start("a.test A 127.0.0.1")) {
            changing.zone("a.test A 127.0.0.9");
            assertThat(texts(resolver(changing, false).send(query("a.test", Type.A))))
                    .containsExactly("127.0.0.9");
        }
    }

    @Test
    void aBadZoneLineIsNamed() {
        assertThatThrownBy(() -> ToyDns.start("one.test MX ten mx.test")).hasMessageContaining("zone: ");
        assertThatThrownBy(() -> ToyDns.start("one.test FAULT SULKS")).hasMessageContaining("not a fault: SULKS");
    }

    private static List<String> answers(String name, int type) throws IOException {
        return texts(ask(name, type, false));
    }

    private static List<String> texts(Message answer) {
        return answer.getSection(Section.ANSWER).stream()
                .map(Record::rdataToString)
                .toList();
    }

    private static Message ask(String name, int type, boolean tcp) throws IOException {
        return resolver(dns, tcp).send(query(name, type));
    }

    private static Message query(String name, int type) throws IOException {
        return Message.newQuery(Record.newRecord(Name.fromString(name, Name.root), type, DClass.IN));
    }

    private static SimpleResolver resolver(ToyDns server, boolean tcp) throws IOException {
        var resolver = new SimpleResolver(server.address());
        resolver.setTCP(tcp);
        resolver.setTimeout(Duration.ofSeconds(30));
        return resolver;
    }
}
