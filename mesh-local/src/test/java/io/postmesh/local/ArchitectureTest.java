package io.postmesh.local;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/// The invariants of docs/ARCHITECTURE.md that only the whole house can check.
@AnalyzeClasses(packages = "io.postmesh", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule noServiceKnowsAnother =
            slices().assignedFrom(new Services()).should().notDependOnEachOther();

    @ArchTest
    static final ArchRule thinkingTouchesNothing = noClasses()
            .that()
            .resideInAnyPackage("..session..", "..judge..", "..dkim..", "..plan..", "..outcome..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.vertx..", "io.netty..", "org.apache.kafka..", "io.lettuce..")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.time.Clock");

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
            .belongToAnyOf(java.io.BufferedReader.class, java.util.Scanner.class, java.io.LineNumberReader.class);
}
