package io.hoptoll.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
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

  @Test
  void whatSttySaysIsRowsThenColumns() {
    assertEquals(new Terminal.Size(200, 50), Terminal.Size.of("50 200\n"));
    for (String odd : List.of("", "0 0", "50", "stty: no", "99999 1")) {
      assertEquals(new Terminal.Size(80, 24), Terminal.Size.of(odd), odd);
    }
  }

  @Test
  void textIsCutToWhatFits() {
    assertEquals("/productpage", Terminal.fit("/productpage", 12));
    assertEquals("/product…", Terminal.fit("/productpage", 9));
    assertEquals("1 line, 2 lines", Terminal.count(1, "line") + ", " + Terminal.count(2, "line"));
    assertEquals("0.928 ms, 62.7 s", Terminal.duration(928e3) + ", " + Terminal.duration(62.7e9));
  }

  @Test
  void longLinesBreakBetweenWordsAndColoursTakeNoRoom() {
    String text = "  the quick brown fox\nshort\n";
    assertEquals("  the quick\n      brown\n      fox\nshort\n", Terminal.wrapped(text, 12));
    assertEquals(text, Terminal.wrapped(text, 21));
    assertEquals(text, Terminal.wrapped(text, Integer.MAX_VALUE));
    String red = new Terminal(true).red("brown") + " fox jumps\n";
    assertEquals(new Terminal(true).red("brown") + " fox\n    jumps\n", Terminal.wrapped(red, 10));
    assertEquals("/a/word/without/end\n", Terminal.wrapped("/a/word/without/end\n", 8));
  }

  @Test
  void aScreenIsDrawnOverLineByLine() {
    assertEquals("\u001b[H\u001b[Ka\n\u001b[Kb\n\u001b[K\u001b[J", Terminal.over("a\nb\n"));
  }
}
