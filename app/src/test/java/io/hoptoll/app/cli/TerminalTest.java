package io.hoptoll.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import org.junit.jupiter.api.Test;

class TerminalTest {
  @Test
  void barsAreExactToAnEighthOfACell() {
    assertEquals("", Terminal.bar(0, 10));
    assertEquals("█████", Terminal.bar(0.5, 10));
    assertEquals("██▌", Terminal.bar(0.25, 10));
    assertEquals("▏", Terminal.bar(0.0125, 10));
    assertEquals("██████████", Terminal.bar(7, 10));
    assertEquals("", Terminal.bar(-1, 10));
  }

  @Test
  void coloursOnlyOnATerminal() {
    assertFalse(new Terminal(false).red("x").contains("\u001b"));
    assertEquals("\u001b[31;1mx\u001b[0m", new Terminal(true).red("x"));
  }

  @Test
  void millisecondsAlign() {
    assertEquals("  0.001 ms", Terminal.millis(1_000));
    assertEquals("  12.3 ms".length() + 1, Terminal.millis(12_345_678).length());
  }
}
