package io.hoptoll.app.mcp;

import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpSyncServer;
import io.modelcontextprotocol.server.transport.StdioServerTransportProvider;
import io.modelcontextprotocol.spec.McpSchema.ServerCapabilities;
import io.vertx.core.json.JsonObject;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;

/** Serves the tools over a pair of streams until the client closes its end. */
public final class McpStdio {
  private static final String INSTRUCTIONS =
      "Hoptoll splits slow service-mesh requests into app, sidecar and transport time and says why."
          + " Ask paths, then diagnose a path; explain shows a single request.";

  private McpStdio() {}

  /**
   * Returns when the input has ended.
   *
   * @param api GETs a resource of a Hoptoll server
   */
  public static void serve(
      Function<String, JsonObject> api, String version, InputStream in, OutputStream out)
      throws InterruptedException {
    CountDownLatch ended = new CountDownLatch(1);
    var transport =
        new StdioServerTransportProvider(McpJsonDefaults.getMapper(), new Watched(in, ended), out);
    McpSyncServer server =
        McpServer.sync(transport)
            .serverInfo("hoptoll", version)
            .instructions(INSTRUCTIONS)
            .capabilities(ServerCapabilities.builder().tools(false).build())
            .tools(new McpTools(api).all())
            .build();
    ended.await();
    server.closeGracefully();
  }

  /** Tells when the client has closed its end. */
  private static final class Watched extends FilterInputStream {
    private final CountDownLatch ended;

    Watched(InputStream in, CountDownLatch ended) {
      super(in);
      this.ended = ended;
    }

    @Override
    public int read() throws IOException {
      return seen(super.read());
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      return seen(super.read(buffer, offset, length));
    }

    private int seen(int read) {
      if (read < 0) {
        ended.countDown();
      }
      return read;
    }
  }
}
