package io.hoptoll.demo;

import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Keeps libraries' chatter off the tour's screen; warnings of our own still show. */
final class Quiet {
  /** Held strongly: java.util.logging forgets the level of a collected logger. */
  private static final List<Logger> QUIET =
      List.of(
          Logger.getLogger("io.envoyproxy.controlplane"),
          Logger.getLogger("io.grpc"),
          Logger.getLogger("io.hoptoll"));

  private Quiet() {}

  static void install() {
    QUIET.get(0).setLevel(Level.SEVERE);
    QUIET.get(1).setLevel(Level.SEVERE);
    QUIET.get(2).setLevel(Level.WARNING);
  }
}
