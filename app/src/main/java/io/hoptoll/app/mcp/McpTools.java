package io.hoptoll.app.mcp;

import io.modelcontextprotocol.server.McpServerFeatures.SyncToolSpecification;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import io.modelcontextprotocol.spec.McpSchema.ToolAnnotations;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * {@code paths}, {@code diagnose}, {@code explain}: each one question to the API, which they answer
 * with as text and as structured content. None changes anything.
 */
final class McpTools {
  private static final Map<String, Object> NONE =
      Map.of("type", "object", "properties", Map.of(), "additionalProperties", false);

  private final Function<String, JsonObject> api;

  /**
   * @param api GETs a resource; throws with words that help
   */
  McpTools(Function<String, JsonObject> api) {
    this.api = api;
  }

  List<SyncToolSpecification> all() {
    return List.of(
        tool(
            "paths",
            "Request paths that Hoptoll has seen in the service mesh, busiest first. Ids in paths"
                + " are {id}. Ask this first: diagnose wants a path from here.",
            NONE,
            arguments -> "/api/v1/paths"),
        tool(
            "diagnose",
            "Where the requests of one path spend their time (client app, client sidecar,"
                + " transport, server sidecar, server app), which of these grew, and why: ranked"
                + " findings with evidence in numbers, a remedy, confidence and doubts. Durations"
                + " are nanoseconds.",
            schema(
                "path",
                Map.of(
                    "path", text("a path as the tool paths names it, such as /productpage"),
                    "window", text("how far back: 10s (default), 5m, 1h"),
                    "compare", text("with the same time earlier: 1h-ago; else with its best past"),
                    "quantile", text("compare requests above this rank only, such as 0.99"))),
            McpTools::diagnosis),
        tool(
            "explain",
            "How the legs of one request were computed: every hop, every mark with the tracepoint"
                + " or access-log field it comes from, every leg with its subtraction, and what was"
                + " missing. Legs add up to the total.",
            schema("id", Map.of("id", text("its x-request-id"))),
            arguments -> "/api/v1/requests/" + encode(arguments.get("id")) + "/explain"));
  }

  private static String diagnosis(Map<String, Object> arguments) {
    StringBuilder query = new StringBuilder("/api/v1/diagnosis");
    char separator = '?';
    for (String name : List.of("path", "window", "compare", "quantile")) {
      if (arguments.containsKey(name)) {
        query.append(separator).append(name).append('=').append(encode(arguments.get(name)));
        separator = '&';
      }
    }
    return query.toString();
  }

  private SyncToolSpecification tool(
      String name,
      String description,
      Map<String, Object> schema,
      Function<Map<String, Object>, String> resource) {
    Tool tool =
        Tool.builder(name, schema)
            .description(description)
            .annotations(ToolAnnotations.builder().readOnlyHint(true).build())
            .build();
    return SyncToolSpecification.builder()
        .tool(tool)
        .callHandler((exchange, call) -> answer(resource, call.arguments()))
        .build();
  }

  /** A refusal is an answer too: its words say how to ask better. */
  private CallToolResult answer(
      Function<Map<String, Object>, String> resource, Map<String, Object> arguments) {
    try {
      JsonObject json = api.apply(resource.apply(arguments));
      return CallToolResult.builder()
          .addTextContent(json.encodePrettily())
          .structuredContent(json.getMap())
          .build();
    } catch (RuntimeException e) {
      return CallToolResult.builder()
          .addTextContent(String.valueOf(e.getMessage()))
          .isError(true)
          .build();
    }
  }

  private static Map<String, Object> schema(String required, Map<String, Object> properties) {
    return Map.of(
        "type",
        "object",
        "properties",
        properties,
        "required",
        List.of(required),
        "additionalProperties",
        false);
  }

  private static Map<String, Object> text(String description) {
    return Map.of("type", "string", "description", description);
  }

  private static String encode(@org.jspecify.annotations.Nullable Object value) {
    return URLEncoder.encode(String.valueOf(value), StandardCharsets.UTF_8).replace("+", "%20");
  }
}
