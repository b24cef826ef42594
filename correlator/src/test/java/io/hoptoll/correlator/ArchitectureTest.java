package io.hoptoll.correlator;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The correlator is pure logic: no protos, no gRPC, no native code, no threads, no clock. */
class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.hoptoll.correlator", "io.hoptoll.model");

  @Test
  void seesOnlyTheModelAndCaffeine() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.envoyproxy..",
            "io.grpc..",
            "com.google.protobuf..",
            "jnr..",
            "io.vertx..",
            "io.hoptoll.als..",
            "io.hoptoll.agent..",
            "io.hoptoll.app..",
            "io.hoptoll.store..",
            "org.rocksdb..",
            "io.hoptoll.minimesh..")
        .check(CLASSES);
  }

  @Test
  void hasNoClockOfItsOwn() {
    noClasses().should().callMethod(System.class, "nanoTime").check(CLASSES);
    noClasses().should().callMethod(System.class, "currentTimeMillis").check(CLASSES);
    noClasses().should().dependOnClassesThat().areAssignableTo(Thread.class).check(CLASSES);
  }

  @Test
  void modelDependsOnNothing() {
    noClasses()
        .that()
        .resideInAPackage("io.hoptoll.model")
        .should()
        .dependOnClassesThat()
        .resideOutsideOfPackages("io.hoptoll.model", "java..", "org.jspecify..")
        .check(CLASSES);
  }
}
