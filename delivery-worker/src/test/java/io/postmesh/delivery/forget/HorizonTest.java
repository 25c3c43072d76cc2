package io.postmesh.delivery.forget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class HorizonTest {
    @Test
    void theSlowestReaderDecides() {
        var horizon = new Horizon(10, 100, List.of(90L, 40L));
        assertThat(horizon.until()).isEqualTo(40);
        assertThat(horizon.removed()).isEqualTo(30);
        assertThat(horizon.held()).isEqualTo(60);
    }

    @Test
    void whatIsYoungStaysThoughAllHaveReadIt() {
        var horizon = new Horizon(10, 20, List.of(100L));
        assertThat(horizon.until()).isEqualTo(20);
        assertThat(horizon.held()).isZero();
    }

    @Test
    void aReaderWithoutACommitNeedsAll() {
        assertThat(new Horizon(0, 100, List.of(100L, 0L)).removed()).isZero();
        assertThat(new Horizon(10, 100, List.of(0L)).until()).isEqualTo(10);
    }

    @Test
    void whatNobodyReadsNobodyMayRemove() {
        assertThatThrownBy(() -> new Horizon(0, 100, List.of())).isInstanceOf(IllegalArgumentException.class);
    }
}
