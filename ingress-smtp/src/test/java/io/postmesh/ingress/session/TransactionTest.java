package io.postmesh.ingress.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.postmesh.mail.MailAddress;
import io.postmesh.mail.ReversePath;
import org.junit.jupiter.api.Test;

class TransactionTest {
    @Test
    void octetsAreCountedAsRecipientsComeAndOneNamedTwiceCountsOnce() {
        var mail = new Command.MailFrom(ReversePath.NULL, -1, false);
        var transaction = Transaction.begin(new Hello("client.test", true), mail);
        assertThat(transaction.recipientOctets()).isZero();
        for (var to : new String[] {"bob@one.test", "eve@two.test", "bob@one.test"}) {
            transaction = transaction.with(MailAddress.parse(to).orElseThrow());
        }
        assertThat(transaction.recipients()).hasSize(2);
        assertThat(transaction.recipientOctets()).isEqualTo(24);
    }
}
