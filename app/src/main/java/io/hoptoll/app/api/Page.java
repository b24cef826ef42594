package io.hoptoll.app.api;

import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;

/** The page's files and the API's description, read once from the jar. */
final class Page {
  /** Nothing from elsewhere, nothing inline: a request path that is shown cannot become code. */
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
          + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "svg", "image/svg+xml",
          "json", "application/json");

  private static final String[] FILES = {
    "index.html",
    "style.css",
    "icon.svg",
    "main.js",
    "api.js",
    "chart.js",
    "dom.js",
    "heads.js",
    "ledger.js",
    "parts.js",
    "text.js",
    "view-health.js",
    "view-path.js",
    "view-paths.js",
    "view-pod.js",
    "view-profiling.js",
    "view-request.js",
    "view-requests.js",
    "view-topology.js"
  };

  private final Map<String, Buffer> files = new HashMap<>();

  Page() {
    for (String name : FILES) {
      files.put("/" + name, read("page/" + name));
    }
    files.put("/api/v1/openapi.json", read("openapi.json"));
  }

  void mount(Router router) {
    router.get("/").handler(ctx -> send(ctx, "/index.html"));
    files.keySet().forEach(name -> router.get(name).handler(ctx -> send(ctx, name)));
  }

  static void protect(RoutingContext ctx) {
    ctx.response()
        .putHeader("content-security-policy", POLICY)
        .putHeader("x-content-type-options", "nosniff")
        .putHeader("referrer-policy", "no-referrer");
    ctx.next();
  }

  private void send(RoutingContext ctx, String name) {
    String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
    Answers.send(ctx, 200, String.valueOf(type), java.util.Objects.requireNonNull(files.get(name)));
  }

  private static Buffer read(String name) {
    try (InputStream in = Page.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is missing in the jar; build it again");
      }
      return Buffer.buffer(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(name + " cannot be read from the jar", e);
    }
  }
}
