package io.hoptoll.app.cli;

import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** What the command line says where an agent cannot be what was asked. */
class AgentCommandTest {
  @Test
  void withoutAServerItSaysHowToNameOne() {
    assertTrue(refusal("agent").contains("--server HOST:18091"));
  }

  @Test
  void anAddressNeedsAPort() {
    assertTrue(refusal("agent", "--server=example").contains("is not host:port"));
  }

  @Test
  void eachCommandTakesItsOwnSettings() {
    assertTrue(refusal("agent", "--als=0.0.0.0:1").contains("Unknown option: '--als"));
    assertTrue(refusal("server", "--agent-als=:1").contains("Unknown option: '--agent-als"));
    assertTrue(refusal("agent", "--agent-als=nowhere").contains("agent.als.listen"));
    assertTrue(refusal("server", "--server=a:1").contains("Unknown option: '--server"));
  }

  private static String refusal(String... words) {
    StringWriter err = new StringWriter();
    CommandLine hoptoll = Hoptoll.commandLine().setErr(new PrintWriter(err));
    assertNotEquals(0, hoptoll.execute(words));
    return err.toString();
  }
}
