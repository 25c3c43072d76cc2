package io.postmesh.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DebianSinkTest {
    @Test
    void readsTheLastCountThatIsWhole() {
        assertThat(DebianSink.messages("")).isZero();
        assertThat(DebianSink.messages("sess=1 quit=0 mesg=1\rsess=1 quit=1 mesg=12\r"))
                .isEqualTo(12);
        assertThat(DebianSink.messages("sess=1 quit=0 mesg=7\rsess=1 quit=1 mesg=1"))
                .isEqualTo(7);
        assertThat(DebianSink.messages("sess=1 quit=0 mesg=1")).isZero();
    }
}
