package io.hoptoll.agent;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Locale;
import java.util.Set;

/** The set of hooks that the live tests run with; {@code -Dhoptoll.hooks=fentry} picks one. */
final class TestHooks {
  static final Hooks WANTED =
      Hooks.valueOf(System.getProperty("hoptoll.hooks", "auto").toUpperCase(Locale.ROOT));

  /** Names of the sets that copy the fields of sockets, and keep their states by address. */
  static final Set<String> COPYING = Set.of("fentry-copied", "kprobes");

  private TestHooks() {}

  /** Watches this very process too. */
  static AgentConfig config() {
    return new AgentConfig("here", false).with(WANTED);
  }

  /** A set of hooks may be refused by a kernel that lacks or forbids it, not by its verifier. */
  static void refusedWithWords(Hooks hooks, AgentException refused) {
    String words = String.valueOf(refused.getMessage());
    assertTrue(hooks != Hooks.AUTO, words);
    assertTrue(words.contains("errno") || words.contains("agent.hooks"), words);
    assertFalse(words.contains("too large"), words); // more instructions than it walks
    assertFalse(words.contains("the verifier refused a program"), words);
  }
}
