package io.postmesh.policy;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Instant;

@AnalyzeClasses(packages = "io.postmesh.policy", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String[] THINKING = {
        "..policy.judge..", "..policy.checks..", "..policy.rules..", "..policy.split.."
    };

    /// Invariant 5: what thinks knows neither wires nor clocks.
    @ArchTest
    static final ArchRule WHAT_THINKS_KNOWS_ONLY_WORDS = classes()
            .that()
            .resideInAnyPackage(THINKING)
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "io.postmesh.policy.judge..",
                    "io.postmesh.policy.checks..",
                    "io.postmesh.policy.rules..",
                    "io.postmesh.policy.split..",
                    "io.postmesh.mail..",
                    "io.postmesh.contract..",
                    "java.lang..",
                    "java.util..",
                    "java.time",
                    "java.nio.charset",
                    "org.jspecify..");

    @ArchTest
    static final ArchRule WHAT_THINKS_HAS_NO_CLOCK = noClasses()
            .that()
            .resideInAnyPackage(THINKING)
            .should()
            .dependOnClassesThat()
            .areAssignableTo(Clock.class)
            .orShould()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(System.class, "nanoTime");

    @ArchTest
    static final ArchRule NO_SERVICE_CALLS_A_SERVICE = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.postmesh.ingress..", "io.postmesh.signer..", "io.postmesh.delivery..", "io.postmesh.local..");

    @ArchTest
    static final ArchRule NOBODY_LOOKS_INTO_A_BODY_OR_HOLDS_A_KEY = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("com.github.luben.zstd..", "java.security..", "javax.crypto..", "io.postmesh.dkim..");

    @ArchTest
    static final ArchRule NO_CIRCLES =
            slices().matching("io.postmesh.policy.(*)..").should().beFreeOfCycles();
}
