package io.postmesh.image;

import java.util.Objects;
import org.testcontainers.containers.GenericContainer;

/// How a word that ends by itself ended.
record Ending(int code, String output) {
    static Ending of(GenericContainer<?> container) {
        container.start();
        var state = Engine.client()
                .inspectContainerCmd(container.getContainerId())
                .exec()
                .getState();
        return new Ending(Objects.requireNonNull(state.getExitCodeLong()).intValue(), container.getLogs());
    }
}
