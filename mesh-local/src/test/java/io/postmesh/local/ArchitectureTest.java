package io.postmesh.local;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;

/// The invariants of docs/ARCHITECTURE.md that only the whole house can check.
@AnalyzeClasses(packages = "io.postmesh", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule noServiceKnowsAnother =
            slices().assignedFrom(new Services()).should().notDependOnEachOther();

    @ArchTest
    static final ArchRule thinkingTouchesNothing = noClasses()
            .that()
            .resideInAnyPackage("..session..", "..judge..", "..dkim..", "..plan..", "..outcome..", "..census..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.vertx..", "io.netty..", "org.apache.kafka..", "io.lettuce..")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.time.Clock");

    // They are handed the moment, so a test can choose it.
    @ArchTest
    static final ArchRule thinkingLooksAtNoClock = noClasses()
            .that()
            .resideInAnyPackage("..session..", "..judge..", "..dkim..", "..plan..", "..outcome..", "..census..")
            .should()
            .callMethodWhere(DescribedPredicate.describe("a clock is looked at", ArchitectureTest::looksAtAClock));

    @ArchTest
    static final ArchRule onlyTheSignerHasPrivateKeys = noClasses()
            .that()
            .resideInAnyPackage(
                    "io.postmesh.ingress..", "io.postmesh.policy..", "io.postmesh.delivery..", "io.postmesh.runtime..")
            .should()
            .dependOnClassesThat()
            .areAssignableTo(java.security.PrivateKey.class);

    @ArchTest
    static final ArchRule nobodyReadsLinesTheJavaWay = noClasses()
            .that()
            .resideInAnyPackage(
                    "io.postmesh.ingress..", "io.postmesh.delivery..", "io.postmesh.message..", "io.postmesh.dkim..")
            .should()
            .dependOnClassesThat()
            .belongToAnyOf(java.io.BufferedReader.class, java.util.Scanner.class, java.io.LineNumberReader.class)
            .orShould()
            .callMethod(String.class, "lines"); // it splits at a bare CR or LF

    private static boolean looksAtAClock(JavaMethodCall call) {
        var owner = call.getTargetOwner().getFullName();
        return owner.startsWith("java.time.") && call.getName().equals("now")
                || owner.equals("java.lang.System")
                        && List.of("currentTimeMillis", "nanoTime").contains(call.getName());
    }
}
