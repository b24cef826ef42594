package io.hoptoll.minimesh;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** Short forms for the JSON of Envoy's protos. */
final class Json {
  private Json() {}

  /** Key, value, key, value, ... */
  static JsonObject obj(Object... pairs) {
    JsonObject json = new JsonObject();
    for (int i = 0; i < pairs.length; i += 2) {
      json.put((String) pairs[i], pairs[i + 1]);
    }
    return json;
  }

  static JsonArray list(Object... items) {
    return new JsonArray(new ArrayList<>(List.of(items)));
  }

  static JsonObject typed(String type, JsonObject fields) {
    return obj("@type", "type.googleapis.com/" + type).mergeIn(fields);
  }

  /** A named extension with its typed_config. */
  static JsonObject extension(String name, String type, JsonObject fields) {
    return obj("name", name, "typed_config", typed(type, fields));
  }

  static JsonObject address(String ip, int port) {
    return obj("socket_address", obj("address", ip, "port_value", port));
  }

  static JsonObject pipe(String path) {
    return obj("pipe", obj("path", path));
  }
}
