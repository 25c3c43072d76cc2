package io.postmesh.signer.dkim;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.postmesh.contract.Slice;
import io.postmesh.dkim.BodyHash;
import io.postmesh.dkim.HeaderCanon;
import io.postmesh.mail.Domain;
import io.postmesh.message.BadHeader;
import io.postmesh.message.HeaderField;
import io.postmesh.message.Headers;
import io.postmesh.signer.keys.KeyRecord;
import io.postmesh.signer.keys.SigningKey;
import io.postmesh.signer.keys.TestKeys;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The message, keys and signatures of RFC 8463 appendix A. (RFC 6376 appendix A signs `simple` bodies, which we
/// do not do; its key and message are the same ones.)
class RfcVectorsTest {
    private static final Domain FOOTBALL = new Domain("football.example.com");
    private static final SigningKey ED25519 =
            TestKeys.key("nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=\n".getBytes(US_ASCII), FOOTBALL, "brisbane");
    private static final SigningKey RSA = TestKeys.key("rfc8463-rsa.private", FOOTBALL, "test");

    private static final String BODY_HASH = "2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=";
    private static final String BODY = crLf("""
            Hi.

            We lost the game.  Are you hungry yet?

            Joe.
            """);
    private static final String HEADERS = crLf("""
            From: Joe SixPack <joe@football.example.com>
            To: Suzie Q <suzie@shopping.example.net>
            Subject: Is dinner ready?
            Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)
            Message-ID: <20030712040037.46341.5F8J@football.example.com>
            """);
    private static final String ED25519_FIELD = crLf("""
            DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;
             d=football.example.com; i=@football.example.com;
             q=dns/txt; s=brisbane; t=1528637909; h=from : to :
             subject : date : message-id : from : subject : date;
             bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
             b=/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11Bus
             Fa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==
            """);
    private static final String RSA_FIELD = crLf("""
            DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed;
             d=football.example.com; i=@football.example.com;
             q=dns/txt; s=test; t=1528637909; h=from : to : subject :
             date : message-id : from : subject : date;
             bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
             b=F45dVWDfMbQDGHJFlXUNB2HKfbCeLRyhDXgFpEL8GwpsRe0IeIixNTe3
             DhCVlUrSjV4BwcVcOF6+FF3Zo9Rpo1tFOeS9mPYQTnGdaSGsgeefOsk2Jz
             dA+L10TeYt9BgDfQNZtKdN1WO//KgIqXP7OdEFE4LjFYNcUxZQ4FADY+8=
            """);

    @Test
    void theKeysPublishTheRecordsOfTheStandard() {
        assertThat(KeyRecord.of(ED25519).text())
                .isEqualTo("v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=");
        assertThat(KeyRecord.of(RSA).text())
                .isEqualTo("v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3id"
                        + "Y6Wk08a5qhdR6wy5bdOKb2jLQiY/J16JYi0Qvx/byYzCNb3W91y3FutACDfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHv"
                        + "qMKrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3Ip3G+2kryOTIKT+l/K4w3QIDAQAB");
    }

    @Test
    void theBodyHashIsTheStandards() {
        assertThat(Base64.getEncoder().encodeToString(bodyHash())).isEqualTo(BODY_HASH);
    }

    // Both algorithms are deterministic: from the same header list comes the same b=.
    @Test
    void theSignaturesAreTheStandardsToTheLastBit() throws BadHeader {
        assertThat(sign(ED25519, ED25519_FIELD))
                .isEqualTo(OwnVerifier.tags(ED25519_FIELD).get("b"));
        assertThat(sign(RSA, RSA_FIELD)).isEqualTo(OwnVerifier.tags(RSA_FIELD).get("b"));
    }

    @Test
    void ourVerifierAcceptsTheStandardsMessage() throws GeneralSecurityException {
        var message = ED25519_FIELD + RSA_FIELD + HEADERS + "\r\n" + BODY;
        assertThat(verifier().verify(message.getBytes(US_ASCII)))
                .containsExactly(
                        "pass a=ed25519-sha256 d=football.example.com s=brisbane",
                        "pass a=rsa-sha256 d=football.example.com s=test");
    }

    @Test
    void weSignTheStandardsMessageSoThatItVerifies() throws Exception {
        var fields =
                DkimSigner.sign(scan(HEADERS), bodyHash(), List.of(RSA, ED25519), Instant.ofEpochSecond(1_528_637_909));
        var message = new String(fields, US_ASCII) + HEADERS + "\r\n" + BODY;
        assertThat(verifier().verify(message.getBytes(US_ASCII)))
                .containsExactly(
                        "pass a=rsa-sha256 d=football.example.com s=test",
                        "pass a=ed25519-sha256 d=football.example.com s=brisbane");
    }

    private static String sign(SigningKey key, String field) throws BadHeader {
        var all = scan(HEADERS);
        var canon = new byte[2_000];
        int end = 0;
        for (var name : List.of("from", "to", "subject", "date", "message-id")) { // the second ones match nothing
            end = HeaderCanon.relaxed(all.first(name).orElseThrow(), canon, end);
            canon[end++] = '\r';
            canon[end++] = '\n';
        }
        var unsigned = field.substring(0, field.indexOf(" b=") + 3);
        end = HeaderCanon.relaxed(HeaderField.ofOwn(unsigned), canon, end);
        return Base64.getEncoder().encodeToString(key.sign(canon, end));
    }

    private static OwnVerifier verifier() {
        return new OwnVerifier(Map.of(
                ED25519.dnsName(),
                KeyRecord.of(ED25519).text(),
                RSA.dnsName(),
                KeyRecord.of(RSA).text()));
    }

    private static byte[] bodyHash() {
        var hash = new BodyHash();
        var body = BODY.getBytes(US_ASCII);
        hash.update(body, 0, body.length);
        return hash.digest();
    }

    private static Headers scan(String section) throws BadHeader {
        return Headers.scan(Slice.of(section.getBytes(US_ASCII)));
    }

    private static String crLf(String text) {
        return text.replace("\n", "\r\n");
    }
}
