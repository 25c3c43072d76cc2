package io.postmesh.delivery;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.postmesh.delivery", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule planAndOutcomeOnlyThink = noClasses()
            .that()
            .resideInAnyPackage("..plan..", "..outcome..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.vertx..", "io.netty..", "org.apache.kafka..", "io.lettuce..", "..runtime..")
            .orShould()
            .dependOnClassesThat()
            .belongToAnyOf(java.time.Clock.class, System.class, Thread.class);

    @ArchTest
    static final ArchRule noOtherServiceIsKnown = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.postmesh.ingress..", "io.postmesh.policy..", "io.postmesh.signer..");

    @ArchTest
    static final ArchRule onlyTheOwnerAndItsRoomsTalkToKafka = noClasses()
            .that()
            .resideInAnyPackage("..smtp..", "..dns..", "..lane..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.kafka..");
}
