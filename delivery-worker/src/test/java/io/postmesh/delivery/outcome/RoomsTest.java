package io.postmesh.delivery.outcome;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/// Who may know whom (docs/ARCHITECTURE.md, invariant 5).
@AnalyzeClasses(packages = "io.postmesh.delivery", importOptions = ImportOption.DoNotIncludeTests.class)
class RoomsTest {
    @ArchTest
    static final ArchRule roomsThatThinkTouchNothing = noClasses()
            .that()
            .resideInAnyPackage("..delivery.outcome", "..delivery.plan")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.vertx..",
                    "io.netty..",
                    "org.apache.kafka..",
                    "io.lettuce..",
                    "org.xbill..",
                    "java.time..",
                    "java.util.concurrent..",
                    "io.postmesh.runtime..",
                    "..delivery.smtp",
                    "..delivery.dns");

    @ArchTest
    static final ArchRule onlyDnsKnowsDnsjava = noClasses()
            .that()
            .resideOutsideOfPackage("..delivery.dns")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.xbill..");

    @ArchTest
    static final ArchRule theConversationKnowsNoQueue = noClasses()
            .that()
            .resideInAnyPackage("..delivery.smtp", "..delivery.dns")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.kafka..", "..delivery.owner", "..delivery.lane", "..delivery.waiting");
}
