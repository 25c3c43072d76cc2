package io.postmesh.signer;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.postmesh.signer.keys.SigningKey;
import java.security.PrivateKey;
import java.time.Clock;
import java.time.Instant;

@AnalyzeClasses(packages = "io.postmesh.signer", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule dkimOnlyThinks = noClasses()
            .that()
            .resideInAPackage("..signer.dkim")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.vertx..",
                    "org.apache.kafka..",
                    "io.lettuce..",
                    "io.postmesh.runtime..",
                    "java.nio.file..",
                    "java.io..",
                    "java.net..",
                    "org.slf4j..")
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(Clock.class)
            .orShould()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(System.class, "currentTimeMillis");

    @ArchTest
    static final ArchRule dkimSeesKeysOnlyAsSigners = noClasses()
            .that()
            .resideInAPackage("..signer.dkim")
            .should()
            .dependOnClassesThat(describe(
                    "another class of the keys package",
                    c -> c.getPackageName().endsWith("signer.keys")
                            && !c.isEquivalentTo(SigningKey.class)
                            && !c.getSimpleName().equals("Algorithm")));

    @ArchTest
    static final ArchRule privateKeysStayInOneRoom = classes()
            .that()
            .resideOutsideOfPackage("..signer.keys")
            .should()
            .onlyDependOnClassesThat(describe(
                    "no private key",
                    c -> !c.isAssignableTo(PrivateKey.class) && !c.isAssignableTo("java.security.KeyPair")));

    @ArchTest
    static final ArchRule keysKnowNoKafka = noClasses()
            .that()
            .resideInAPackage("..signer.keys")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.vertx..", "org.apache.kafka..", "io.postmesh.runtime..", "org.slf4j..");

    @ArchTest
    static final ArchRule servicesDoNotKnowEachOther = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.postmesh.ingress..", "io.postmesh.policy..", "io.postmesh.delivery..", "io.postmesh.local..");
}
