package io.hoptoll.als;

import java.nio.file.Path;

/** A parsed listen target. */
sealed interface ListenAddress {
  /** {@code host:port}. */
  record Tcp(String host, int port) implements ListenAddress {
    @Override
    public String toString() {
      return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
    }
  }

  /** {@code unix:/path}. */
  record Unix(Path path) implements ListenAddress {
    @Override
    public String toString() {
      return "unix:" + path;
    }
  }

  /**
   * Parses {@code host:port}, {@code [ipv6]:port} or {@code unix:/path}.
   *
   * @throws IllegalArgumentException for anything else
   */
  static ListenAddress parse(String target) {
    if (target.startsWith("unix:")) {
      Path path = Path.of(target.substring("unix:".length()));
      if (!path.isAbsolute()) {
        throw bad(target, "the path must be absolute");
      }
      return new Unix(path);
    }
    int colon = target.lastIndexOf(':');
    if (colon <= 0) {
      throw bad(target, "no port");
    }
    String host = target.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    } else if (host.indexOf(':') >= 0) {
      throw bad(target, "an IPv6 address needs brackets");
    }
    return new Tcp(host, port(target, target.substring(colon + 1)));
  }

  private static int port(String target, String text) {
    try {
      int port = Integer.parseInt(text);
      if (port >= 0 && port <= 65_535) {
        return port;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw bad(target, "'" + text + "' is no port");
  }

  private static IllegalArgumentException bad(String target, String why) {
    return new IllegalArgumentException(
        "ALS cannot listen on '%s': %s; give host:port, [ipv6]:port or unix:/path"
            .formatted(target, why));
  }
}
