package io.hoptoll.app.mcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hoptoll.app.HoptollServer;
import io.hoptoll.app.cli.Hoptoll;
import io.hoptoll.app.config.Config;
import io.hoptoll.app.config.Settings;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.ServerParameters;
import io.modelcontextprotocol.client.transport.StdioClientTransport;
import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** {@code hoptoll mcp} as a process of its own, asked by the protocol's own client. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class McpTest {
  private final HoptollServer server;
  private final McpSyncClient client;

  McpTest(@TempDir Path dir) throws Exception {
    server =
        HoptollServer.start(
            Config.defaults()
                .with(Settings.STORE_DIR, "off")
                .with(Settings.ALS_LISTEN, List.of("unix:" + dir.resolve("als.sock")))
                .with(Settings.HTTP_PORT, 0)
                .with(Settings.BPF, false));
    ServerParameters hoptoll =
        new ServerParameters.Builder(
                Path.of(System.getProperty("java.home"), "bin/java").toString())
            .args(
                "-cp",
                System.getProperty("java.class.path"),
                Hoptoll.class.getName(),
                "mcp",
                "--server",
                server.url())
            .build();
    client =
        McpClient.sync(new StdioClientTransport(hoptoll, McpJsonDefaults.getMapper()))
            .requestTimeout(Duration.ofSeconds(30))
            .build();
  }

  @BeforeAll
  void connect() {
    client.initialize();
  }

  @AfterAll
  void stop() {
    client.closeGracefully();
    server.close();
  }

  @Test
  void namesItselfAndItsTools() {
    assertEquals("hoptoll", client.getServerInfo().name());
    assertEquals(
        List.of("diagnose", "explain", "paths"),
        client.listTools().tools().stream().map(Tool::name).sorted().toList());
  }

  @Test
  void answersAsTextAndAsStructure() {
    CallToolResult paths = call("paths", Map.of());
    assertTrue(!Boolean.TRUE.equals(paths.isError()), () -> text(paths));
    assertTrue(text(paths).contains("\"paths\""), () -> text(paths));
    assertTrue(paths.structuredContent() instanceof Map<?, ?> map && map.containsKey("paths"));
  }

  @Test
  void refusalsCarryTheServersWords() {
    CallToolResult unknown = call("diagnose", Map.of("path", "/nowhere", "window", "30s"));
    assertEquals(Boolean.TRUE, unknown.isError());
    assertTrue(text(unknown).contains("/nowhere"), () -> text(unknown));
    CallToolResult wrong = call("diagnose", Map.of("path", "/x", "window", "long"));
    assertTrue(text(wrong).contains("a duration such as"), () -> text(wrong));
    CallToolResult request = call("explain", Map.of("id", "a b"));
    assertTrue(text(request).contains("'a b'"), () -> text(request));
  }

  private CallToolResult call(String tool, Map<String, Object> arguments) {
    return client.callTool(new CallToolRequest(tool, arguments));
  }

  private static String text(CallToolResult result) {
    return ((TextContent) result.content().get(0)).text();
  }
}
