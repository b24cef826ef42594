package io.hoptoll.app;

import java.util.List;

/**
 * What a server listens on and which sources it starts.
 *
 * @param node name of this node; exchanges and pods are keyed by it
 * @param alsListen ALS targets: {@code host:port} or {@code unix:/path}
 * @param httpHost where the API listens
 * @param httpPort 0 takes a free port
 * @param bpf start the socket agent in this process
 */
public record ServerConfig(
    String node, List<String> alsListen, String httpHost, int httpPort, boolean bpf) {
  /** ALS 18090, agents 18091 (later), API 18080: DESIGN section 4. */
  public static final int ALS_PORT = 18090;

  public static final int HTTP_PORT = 18080;

  public ServerConfig {
    alsListen = List.copyOf(alsListen);
  }
}
