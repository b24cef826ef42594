package io.hoptoll.minimesh;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The C helper {@code hold} in a pod's namespace: holds what an NFQUEUE rule hands it. */
public final class PacketHolder {
  private final Child child;

  private PacketHolder(Child child) {
    this.child = child;
  }

  /**
   * @param nanos sum over all packets
   */
  public record Held(long packets, long nanos, long p50Nanos, long p99Nanos) {}

  /** Returns when the queue is bound. */
  public static PacketHolder start(MiniMesh mesh, Pod at, int queue, int micros) {
    Path binary = mesh.dir().resolve("hold");
    try (InputStream in = PacketHolder.class.getResourceAsStream("/hold")) {
      if (in == null) {
        throw new MeshException("the packet holder is not built: build istio-samples/minimesh");
      }
      if (!Files.exists(binary)) {
        Files.write(binary, in.readAllBytes());
        binary.toFile().setExecutable(true);
      }
    } catch (IOException e) {
      throw new MeshException(binary + ": " + e.getMessage(), e);
    }
    List<String> command =
        List.of(binary.toString(), String.valueOf(queue), String.valueOf(micros));
    Child child = Child.start("hold", at.dir(), Child.inNamespace(at.netns(), 0, command));
    child.expect("ready");
    return new PacketHolder(child);
  }

  /** Lets all packets go and tells what was held. */
  public Held stop() {
    child.signal("TERM");
    String[] said = child.expect("packets").split(" ");
    return new Held(
        Long.parseLong(said[1]),
        Long.parseLong(said[3]),
        Long.parseLong(said[5]),
        Long.parseLong(said[7]));
  }
}
