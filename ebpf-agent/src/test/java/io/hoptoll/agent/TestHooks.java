package io.hoptoll.agent;

import java.util.Locale;

/** The set of hooks that the live tests run with; {@code -Dhoptoll.hooks=fentry} picks one. */
final class TestHooks {
  static final Hooks WANTED =
      Hooks.valueOf(System.getProperty("hoptoll.hooks", "auto").toUpperCase(Locale.ROOT));

  private TestHooks() {}

  /** Watches this very process too. */
  static AgentConfig config() {
    return new AgentConfig("here", false).with(WANTED);
  }
}
