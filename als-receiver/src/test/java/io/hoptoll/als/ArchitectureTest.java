package io.hoptoll.als;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The receiver sees the model, gRPC and Envoy's protos; nothing else of Hoptoll. */
@AnalyzeClasses(packages = "io.hoptoll.als", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule ARROWS =
      classes()
          .that()
          .resideInAPackage("io.hoptoll.als..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "java..",
              "javax.net.ssl..",
              "io.hoptoll.als..",
              "io.hoptoll.model..",
              "io.grpc..",
              "io.envoyproxy.envoy..",
              "com.google.protobuf..",
              "com.github.benmanes.caffeine..",
              "org.jspecify..",
              "org.slf4j..");
}
