package io.hoptoll.minimesh;

import java.nio.file.Path;
import java.time.Duration;

/**
 * @param alsTarget where sidecars send their access log: {@code unix:/path} or {@code ip:port}
 * @param envoy the Envoy binary (an ELF, not a wrapper script)
 * @param flush ALS flush interval; Istio leaves Envoy's 1 s
 * @param retries outbound retries, as Istio sets them by default (2)
 * @param http2 between sidecars
 */
public record MeshConfig(
    Topology topology, String alsTarget, Path envoy, Duration flush, int retries, boolean http2) {

  /** Bookinfo with Istio's defaults; Envoy by {@link #findEnvoy()}. */
  public static MeshConfig bookinfo(String alsTarget) {
    return of(Topology.bookinfo(), alsTarget);
  }

  public static MeshConfig of(Topology topology, String alsTarget) {
    return new MeshConfig(topology, alsTarget, findEnvoy(), Duration.ofSeconds(1), 2, false);
  }

  /** HTTP/2 between sidecars, as Istio's {@code h2UpgradePolicy: UPGRADE}; to the apps HTTP/1.1. */
  public MeshConfig withHttp2() {
    return new MeshConfig(topology, alsTarget, envoy, flush, retries, true);
  }

  /**
   * HOPTOLL_ENVOY, else {@code envoy} on the PATH.
   *
   * @throws MeshException naming how to get one
   */
  public static Path findEnvoy() {
    String named = System.getenv("HOPTOLL_ENVOY");
    if (named != null) {
      return Path.of(named);
    }
    for (String dir : System.getenv().getOrDefault("PATH", "").split(":")) {
      Path candidate = Path.of(dir, "envoy");
      if (java.nio.file.Files.isExecutable(candidate)) {
        return candidate;
      }
    }
    throw new MeshException(
        "no Envoy: run through ./hoptoll, which installs it, or set HOPTOLL_ENVOY=/path/to/envoy");
  }
}
