package io.hoptoll.app.api;

import io.vertx.core.json.JsonObject;

/** A request that cannot be answered, as {@code application/problem+json} (RFC 9457). */
final class Problem extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final transient JsonObject extra;

  Problem(int status, String detail, JsonObject extra) {
    super(detail);
    this.status = status;
    this.extra = extra;
  }

  static Problem badParameter(String name, String value, String wanted, String example) {
    String detail = name + "='" + value + "' is not " + wanted;
    return new Problem(
        400, detail, new JsonObject().put("parameter", name).put("example", example));
  }

  int status() {
    return status;
  }

  JsonObject toJson() {
    return new JsonObject()
        .put("type", "about:blank")
        .put("title", title(status))
        .put("status", status)
        .put("detail", getMessage())
        .mergeIn(extra);
  }

  private static String title(int status) {
    return switch (status) {
      case 400 -> "Bad request";
      case 404 -> "Not found";
      case 409 -> "Conflict";
      case 413 -> "Content too large";
      case 415 -> "Unsupported media type";
      default -> "Unavailable";
    };
  }
}
