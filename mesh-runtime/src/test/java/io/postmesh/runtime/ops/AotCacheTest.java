package io.postmesh.runtime.ops;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.binder.MeterBinder;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AotCacheTest {
    @TempDir
    private Path folder = Path.of("");

    @Test
    void a_jvm_that_was_given_none_uses_none() {
        assertThat(AotCache.of(false, "mixed mode, sharing")).isEqualTo(AotCache.NOT_ASKED_FOR);
        assertThat(AotCache.ofThisJvm()).isEqualTo(AotCache.NOT_ASKED_FOR);
    }

    @Test
    void a_jvm_tells_a_cache_that_fits_from_one_that_does_not() throws IOException, InterruptedException {
        var cache = folder.resolve("told.aot");
        java("-XX:AOTCacheOutput=" + cache);

        assertThat(java("-XX:AOTCache=" + cache)).endsWith("IN_USE");
        Files.write(cache, new byte[4096]);
        assertThat(java("-XX:AOTCache=" + cache)).endsWith("PASSED_OVER");
    }

    private String java(String option) throws IOException, InterruptedException {
        var command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin/java").toString()));
        command.addAll(List.of(option, "-Xlog:disable", "-cp", jar(), Tell.class.getName()));
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var said = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said.strip();
    }

    // An AOT cache wants jars: folders on the class path can change under it.
    private String jar() throws IOException {
        var jar = folder.resolve("told.jar");
        if (Files.exists(jar)) return withMicrometer(jar);
        try (var out = new JarOutputStream(Files.newOutputStream(jar))) {
            for (var one : List.of(AotCache.class, Tell.class)) {
                var name = one.getName().replace('.', '/') + ".class";
                out.putNextEntry(new ZipEntry(name));
                try (var in = one.getClassLoader().getResourceAsStream(name)) {
                    Objects.requireNonNull(in).transferTo(out);
                }
            }
        }
        return withMicrometer(jar);
    }

    private static String withMicrometer(Path jar) {
        var micrometer = MeterBinder.class.getProtectionDomain().getCodeSource().getLocation();
        return jar + File.pathSeparator + micrometer.getPath();
    }

    static final class Tell {
        private Tell() {}

        public static void main(String[] arguments) {
            System.out.println(AotCache.ofThisJvm().name());
        }
    }
}
