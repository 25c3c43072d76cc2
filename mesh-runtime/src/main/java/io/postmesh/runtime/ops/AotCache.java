package io.postmesh.runtime.ops;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.lang.management.ManagementFactory;

/// Whether the JVM starts from the AOT cache it was given (JEP 483, 514). One that does not fit (another JVM, another
/// processor, another class path) is passed over without a word, and every start takes some seconds longer.
public enum AotCache implements MeterBinder {
    NOT_ASKED_FOR("no AOT cache"),
    PASSED_OVER("the AOT cache does not fit this JVM, processor or class path"),
    IN_USE("AOT cache in use");

    private static final String OPTION = "-XX:AOTCache=";

    private final String words;

    AotCache(String words) {
        this.words = words;
    }

    public static AotCache ofThisJvm() {
        var arguments = ManagementFactory.getRuntimeMXBean().getInputArguments();
        return of(
                arguments.stream().anyMatch(argument -> argument.startsWith(OPTION)),
                System.getProperty("java.vm.info", ""));
    }

    // HotSpot says "mixed mode, sharing" where it has mapped an archive, and with an AOT cache asked for there is no
    // other.
    static AotCache of(boolean asked, String vmInfo) {
        if (!asked) return NOT_ASKED_FOR;
        return vmInfo.contains("sharing") ? IN_USE : PASSED_OVER;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("postmesh_aot_cache_in_use", () -> this == IN_USE ? 1 : 0)
                .description("1: started from the AOT cache. 0: without one, or it did not fit.")
                .strongReference(true)
                .register(registry);
    }

    @Override
    public String toString() {
        return words;
    }
}
