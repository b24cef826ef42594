package io.hoptoll.app.cli;

import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code hoptoll health}: what works, what is missing, what was joined and what was not. */
@Command(name = "health", description = "Show what works, what is missing and every counter.")
final class HealthCommand implements Callable<Integer> {
  @Mixin ServerOption server = new ServerOption();

  @Override
  public Integer call() {
    JsonObject health = server.client().get("/healthz");
    server.print(health, () -> render(health));
    return "ok".equals(health.getString("status")) ? 0 : 3;
  }

  private static String render(JsonObject health) {
    StringBuilder out = new StringBuilder("status: " + health.getString("status") + "\n");
    health.getJsonArray("missing").forEach(m -> out.append("missing: ").append(m).append('\n'));
    for (Map.Entry<String, Object> part : health.getJsonObject("components")) {
      out.append(part.getKey()).append('\n');
      lines((JsonObject) part.getValue(), "  ", out);
    }
    return out.toString();
  }

  private static void lines(JsonObject json, String indent, StringBuilder out) {
    for (Map.Entry<String, Object> e : json) {
      if (e.getValue() instanceof JsonObject inner) {
        out.append(indent).append(e.getKey()).append('\n');
        lines(inner, indent + "  ", out);
      } else {
        out.append(indent).append(e.getKey()).append(": ").append(e.getValue()).append('\n');
      }
    }
  }
}
