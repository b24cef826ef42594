package io.hoptoll.agent;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * Two sidecars in one real Envoy: plain HTTP into {@code front}, mutual TLS from there to {@code
 * back}, plain HTTP to a service. Two workers, as two sidecars have at least.
 */
final class EnvoyPair implements AutoCloseable {
  private final Process process;
  private final int front;
  private final int back;

  private EnvoyPair(Process process, int front, int back) {
    this.process = process;
    this.front = front;
    this.back = back;
  }

  /**
   * @param tls Envoy's name of the only version spoken between the two, such as {@code TLSv1_3}
   */
  static EnvoyPair start(Path dir, TestCertificate certificate, String tls, int servicePort)
      throws Exception {
    int front = freePort();
    int back = freePort();
    Path yaml = Files.writeString(dir.resolve("envoy.yaml"), config(front, back, servicePort, tls));
    certificate.writeCertificate(dir);
    certificate.writeKey(dir);
    Process process =
        new ProcessBuilder(
                List.of(
                    binary().toString(),
                    "--config-path",
                    yaml.toString(),
                    "--disable-hot-restart",
                    "--concurrency",
                    "2",
                    "--log-level",
                    "warning"))
            .directory(dir.toFile())
            .redirectErrorStream(true)
            .redirectOutput(dir.resolve("envoy.log").toFile())
            .start();
    EnvoyPair pair = new EnvoyPair(process, front, back);
    try {
      pair.awaitListeners();
      return pair;
    } catch (IOException e) {
      pair.close();
      throw new IOException(Files.readString(dir.resolve("envoy.log")), e);
    }
  }

  /** The binary that HOPTOLL_ENVOY names; aborts the test where it names none. */
  static Path binary() {
    String given = System.getenv("HOPTOLL_ENVOY");
    return given != null && Files.isExecutable(Path.of(given))
        ? Path.of(given)
        : Assumptions.abort("no Envoy: HOPTOLL_ENVOY names no executable");
  }

  int front() {
    return front;
  }

  int back() {
    return back;
  }

  private void awaitListeners() throws IOException, InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (true) {
      try (Socket probe = new Socket(InetAddress.getLoopbackAddress(), front)) {
        return;
      } catch (IOException e) {
        if (!process.isAlive() || System.nanoTime() > deadline) {
          throw e;
        }
        Thread.sleep(20);
      }
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket any = new ServerSocket()) {
      any.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      return any.getLocalPort();
    }
  }

  @Override
  public void close() throws InterruptedException {
    process.destroyForcibly();
    assertTrue(process.waitFor(10, TimeUnit.SECONDS));
  }

  private static String config(int front, int back, int service, String tls) throws IOException {
    try (InputStream in = EnvoyPair.class.getResourceAsStream("/envoy-pair.yaml")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8)
          .replace("@FRONT@", Integer.toString(front))
          .replace("@BACK@", Integer.toString(back))
          .replace("@SERVICE@", Integer.toString(service))
          .replace("@TLS@", tls);
    }
  }
}
