package io.postmesh.local;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/// One mesh for all scenarios that need nothing special of it. After each class an independent verifier looks at the
/// signatures of everything the sink received meanwhile.
final class SharedMesh implements BeforeAllCallback, AfterAllCallback, ParameterResolver {

    /// Closed when all classes are through.
    record Held(TestMesh mesh) implements AutoCloseable {
        @Override
        public void close() {
            mesh.close();
        }
    }

    private static TestMesh mesh(ExtensionContext context) {
        return context.getRoot()
                .getStore(ExtensionContext.Namespace.GLOBAL)
                .getOrComputeIfAbsent("shared mesh", _ -> new Held(start()), Held.class)
                .mesh();
    }

    private static TestMesh start() {
        try {
            return TestMesh.with("POSTMESH_RETRY_SCHEDULE", "300ms").start();
        } catch (Exception e) {
            throw new IllegalStateException("the shared mesh does not start", e);
        }
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        mesh(context).sink().inbox().clear();
    }

    @Override
    public void afterAll(ExtensionContext context) throws Exception {
        var mesh = mesh(context);
        Signatures.verifyAll(mesh.sink().inbox().all(), mesh.keys());
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == TestMesh.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return mesh(context);
    }
}
