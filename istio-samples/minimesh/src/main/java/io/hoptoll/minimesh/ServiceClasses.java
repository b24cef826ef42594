package io.hoptoll.minimesh;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The services' classes and libraries where uid 65534 can read them: a home need not be open. */
final class ServiceClasses {
  private static final String PACKAGE = "io/hoptoll/minimesh/service";

  /** One class of each jar that a gRPC service needs. */
  private static final List<String> GRPC =
      List.of(
          "io.grpc.Server",
          "io.grpc.internal.GrpcUtil",
          "io.grpc.stub.ServerCalls",
          "io.grpc.util.MutableHandlerRegistry",
          "io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder",
          "io.perfmark.PerfMark",
          "com.google.common.base.Preconditions",
          "com.google.common.util.concurrent.internal.InternalFutureFailureAccess");

  private ServiceClasses() {}

  /** Copies them into the folder; returns the class path. */
  static String copy(Path dir, boolean grpc) throws IOException {
    List<String> path = new ArrayList<>();
    path.add(own(dir).toString());
    for (String name : grpc ? GRPC : List.<String>of()) {
      Path jar = sourceOf(name);
      Path copy = dir.resolve(jar.getFileName());
      if (!Files.exists(copy)) {
        Files.copy(jar, copy);
        path.add(copy.toString());
      }
    }
    return String.join(":", path);
  }

  private static Path own(Path dir) throws IOException {
    Path source = sourceOf(MiniMesh.class.getName());
    if (Files.isRegularFile(source)) {
      return Files.copy(source, dir.resolve("minimesh.jar"));
    }
    Path target = dir.resolve("classes");
    try (var files = Files.walk(source.resolve(PACKAGE))) {
      for (Path f : files.filter(Files::isRegularFile).toList()) {
        Path copy = target.resolve(source.relativize(f).toString());
        Files.createDirectories(copy.getParent());
        Files.copy(f, copy);
      }
    }
    return target;
  }

  private static Path sourceOf(String name) {
    try {
      Class<?> type = Class.forName(name, false, ServiceClasses.class.getClassLoader());
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (ClassNotFoundException | URISyntaxException e) {
      throw new MeshException("class path of the services, " + name + ": " + e.getMessage(), e);
    }
  }
}
