package io.hoptoll.als;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.data.accesslog.v3.HTTPAccessLogEntry;
import io.envoyproxy.envoy.data.accesslog.v3.TCPAccessLogEntry;
import io.hoptoll.model.Proxy;
import io.hoptoll.model.SidecarSpan;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Entries that two Envoys 1.40 logged as client and server sidecar (mTLS between them, REDIRECT
 * around them), as proto JSON, cut down to the fields the decoder reads: {@code
 * src/test/resources/entries}.
 */
final class RecordedEntries {
  /** One entry and who logged it; exactly one of {@code http} and {@code tcp} is set. */
  record Recorded(
      String node, String log, @Nullable HTTPAccessLogEntry http, @Nullable TCPAccessLogEntry tcp) {
    @Nullable SidecarSpan decode() {
      Proxy proxy = ProxyIdentity.decode(Node.newBuilder().setId(node).build(), "unix");
      EntryDecoder decoder = new EntryDecoder(proxy, log, reason -> {});
      if (http != null) {
        return decoder.decode(http);
      }
      return tcp != null ? decoder.decode(tcp) : null;
    }
  }

  private RecordedEntries() {}

  /** All entries of one recording, in the order they came. */
  static List<Recorded> load(String name) {
    return loadResource("/entries/" + name + ".json");
  }

  /** Recordings with every field that Envoy sent, for fuzzing. */
  static List<Recorded> loadWhole(String name) {
    return loadResource("/seeds/" + name + ".json");
  }

  private static List<Recorded> loadResource(String resource) {
    try (InputStream in = RecordedEntries.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalArgumentException("no test resource " + resource);
      }
      JsonArray all =
          JsonParser.parseReader(new InputStreamReader(in, StandardCharsets.UTF_8))
              .getAsJsonArray();
      List<Recorded> entries = new ArrayList<>();
      for (JsonElement one : all) {
        entries.add(recorded(one.getAsJsonObject()));
      }
      return entries;
    } catch (IOException e) {
      throw new UncheckedIOException(resource, e);
    }
  }

  /** The recording as spans; every one of them must decode. */
  static List<SidecarSpan> spans(String name) {
    List<SidecarSpan> spans = new ArrayList<>();
    for (Recorded entry : load(name)) {
      SidecarSpan span = entry.decode();
      if (span == null) {
        throw new AssertionError("entry of " + name + " gave no span: " + entry);
      }
      spans.add(span);
    }
    return spans;
  }

  private static Recorded recorded(JsonObject json) throws InvalidProtocolBufferException {
    HTTPAccessLogEntry.Builder http = HTTPAccessLogEntry.newBuilder();
    TCPAccessLogEntry.Builder tcp = TCPAccessLogEntry.newBuilder();
    boolean isHttp = json.has("http");
    if (isHttp) {
      JsonFormat.parser().merge(json.get("http").toString(), http);
    } else {
      JsonFormat.parser().merge(json.get("tcp").toString(), tcp);
    }
    return new Recorded(
        json.get("node").getAsString(),
        json.get("log").getAsString(),
        isHttp ? http.build() : null,
        isHttp ? null : tcp.build());
  }
}
