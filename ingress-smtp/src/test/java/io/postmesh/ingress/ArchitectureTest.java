package io.postmesh.ingress;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Instant;

@AnalyzeClasses(packages = "io.postmesh.ingress", importOptions = DoNotIncludeTests.class)
final class ArchitectureTest {
    @ArchTest
    static final ArchRule theSessionOnlyThinks = noClasses()
            .that()
            .resideInAPackage("..session")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.vertx..", "io.netty..", "org.apache.kafka..", "io.lettuce..", "..runtime..", "java.nio.file..")
            .orShould()
            .dependOnClassesThat()
            .belongToAnyOf(Clock.class, Instant.class, System.class, Thread.class);

    @ArchTest
    static final ArchRule roomsOpenOneWay = noClasses()
            .that()
            .resideInAPackage("..session")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("..wire", "..intake");

    @ArchTest
    static final ArchRule theWireDoesNotKnowWhereMailGoes = noClasses()
            .that()
            .resideInAPackage("..wire")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("..intake", "..runtime..", "org.apache.kafka..");

    @ArchTest
    static final ArchRule onlyTheWireTouchesSockets = noClasses()
            .that()
            .resideOutsideOfPackage("..wire")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.vertx.core.net..", "io.netty..");

    @ArchTest
    static final ArchRule nobodyReadsLinesLikeText = noClasses()
            .should()
            .dependOnClassesThat()
            .belongToAnyOf(java.util.Scanner.class, java.io.BufferedReader.class, java.util.regex.Pattern.class);
}
