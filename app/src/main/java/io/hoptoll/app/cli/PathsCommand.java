package io.hoptoll.app.cli;

import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code hoptoll paths}. */
@Command(name = "paths", description = "List the request paths seen, busiest first.")
final class PathsCommand implements Callable<Integer> {
  @Mixin ServerOption server = new ServerOption();

  @Override
  public Integer call() {
    JsonObject answer = server.client().get("/api/v1/paths");
    server.print(answer, () -> render(answer));
    return 0;
  }

  private static String render(JsonObject answer) {
    if (answer.getJsonArray("paths").isEmpty()) {
      return "no requests seen yet: is this server the mesh's ALS sink? (hoptoll health)\n";
    }
    StringBuilder out = new StringBuilder("  requests  path\n");
    for (Object o : answer.getJsonArray("paths")) {
      JsonObject path = (JsonObject) o;
      out.append(
          String.format(
              Locale.ROOT, "%10d  %s%n", path.getLong("requests"), path.getString("path")));
    }
    return out.toString();
  }
}
