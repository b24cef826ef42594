package io.hoptoll.tests;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Arrows go one way; the product cannot see the minimesh. */
class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.hoptoll");

  @Test
  void theProductKnowsNothingOfTheMinimesh() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "io.hoptoll.model..",
            "io.hoptoll.als..",
            "io.hoptoll.agent..",
            "io.hoptoll.wire..",
            "io.hoptoll.correlator..",
            "io.hoptoll.app..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.hoptoll.minimesh..", "io.hoptoll.demo..", "io.hoptoll.bench..")
        .check(CLASSES);
  }

  @Test
  void envoyProtosStayInTheReceiverAndTheMinimesh() {
    noClasses()
        .that()
        .resideOutsideOfPackages("io.hoptoll.als..", "io.hoptoll.minimesh..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.envoyproxy..")
        .check(CLASSES);
  }

  @Test
  void protobufStaysWhereMessagesComeAndGo() {
    noClasses()
        .that()
        .resideOutsideOfPackages("io.hoptoll.als..", "io.hoptoll.wire..", "io.hoptoll.minimesh..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("com.google.protobuf..", "io.hoptoll.wire.v1..")
        .check(CLASSES);
  }

  @Test
  void nativeCodeStaysInTheAgent() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.hoptoll.agent..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("jnr..", "com.kenai..")
        .check(CLASSES);
  }

  @Test
  void sourcesDoNotKnowTheCorrelator() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "io.hoptoll.als..", "io.hoptoll.agent..", "io.hoptoll.wire..", "io.hoptoll.minimesh..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.hoptoll.correlator..", "io.hoptoll.app..")
        .check(CLASSES);
  }
}
