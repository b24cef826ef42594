package io.hoptoll.app.api;

import io.hoptoll.app.profile.HttpCalls;
import io.hoptoll.model.Endpoint;
import io.hoptoll.model.HttpCall;
import io.hoptoll.model.HttpHead;
import io.hoptoll.model.SocketTuple;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** A call known by its heads; what they did not have is null. */
final class HttpCallJson {
  private HttpCallJson() {}

  static JsonObject of(HttpCalls.Sample sample) {
    HttpCall call = sample.call();
    HttpHead request = call.request();
    SocketTuple socket = call.tuple();
    return new JsonObject()
        .put("source", call.plaintextOfTls() ? "TLS_PLAINTEXT" : "CLEAR")
        .put("start", VerdictJson.time(sample.beginWallNanos()))
        .put("side", call.served() ? "served" : "made")
        .put("method", request.method())
        .put("path", request.path())
        .put("host", given(request.host()))
        .put("responseCode", call.status())
        .put("requestId", given(request.requestId()))
        .put("traceparent", given(request.traceparent()))
        .put("b3", given(request.b3()))
        .put("process", call.owner().comm() + "/" + call.owner().tgid())
        .put("local", socket == null ? null : text(socket.local()))
        .put("peer", socket == null ? null : text(socket.remote()))
        .put("headCut", request.cut())
        .put("totalNanos", call.nanos());
  }

  private static String text(Endpoint endpoint) {
    return endpoint.toString();
  }

  private static @Nullable String given(String value) {
    return value.isEmpty() ? null : value;
  }
}
