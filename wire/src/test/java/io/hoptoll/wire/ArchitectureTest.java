package io.hoptoll.wire;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The protocol sees the model, gRPC and protobuf; neither of its two ends. */
@AnalyzeClasses(packages = "io.hoptoll.wire", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule ARROWS =
      classes()
          .that()
          .resideInAPackage("io.hoptoll.wire..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "java..",
              "io.hoptoll.wire..",
              "io.hoptoll.model..",
              "io.grpc..",
              "com.google.common.util.concurrent..", // of generated stubs
              "com.google.protobuf..",
              "org.jspecify..",
              "org.slf4j..");
}
