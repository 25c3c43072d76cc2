package io.postmesh.ingress.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DescriptorsTest {
    @Test
    void connectionsGetHalfOfWhatTheOthersLeave() {
        assertThat(Descriptors.room(700)).isEqualTo(222);
        assertThat(Descriptors.room(4_096)).isEqualTo(1_920);
        assertThat(Descriptors.room(64)).isEqualTo(16);
    }

    @Test
    void fewerThanThereIsRoomForAreLeftAlone() {
        assertThat(Descriptors.clamp(16)).isEqualTo(16);
    }
}
