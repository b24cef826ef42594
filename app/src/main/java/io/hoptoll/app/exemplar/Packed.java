package io.hoptoll.app.exemplar;

import io.hoptoll.correlator.FinishedRequest;
import io.hoptoll.model.Nanos;
import io.hoptoll.store.RequestStore.Kept;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/** A request as bytes and back: a version, then JSON; the body's is deflated. */
final class Packed {
  private static final byte VERSION = 1;

  private Packed() {}

  static Kept of(FinishedRequest r, Form form) {
    JsonObject row =
        new JsonObject()
            .put("sequence", r.sequence())
            .put("endNanos", r.endWallNanos())
            .put("failures", new JsonArray(r.failures().stream().map(Enum::name).toList()))
            .put("row", form.row(r));
    JsonObject body =
        new JsonObject()
            .put("sequence", r.sequence())
            .put("requestId", r.root().hop().requestId())
            .put("request", form.request(r))
            .put("explain", form.explain(r));
    return new Kept(
        Math.floorDiv(r.endWallNanos(), Nanos.PER_SECOND),
        r.sequence(),
        r.root().hop().requestId(),
        versioned(row.toBuffer().getBytes()),
        versioned(deflated(body.toBuffer().getBytes())));
  }

  /** Empty: of another version. */
  static Optional<StoredRow> row(byte[] bytes) {
    return bytes[0] == VERSION ? Optional.of(new StoredRow(json(bytes, 1))) : Optional.empty();
  }

  /** Empty: of another version. */
  static Optional<JsonObject> body(byte[] bytes) {
    return bytes[0] == VERSION ? Optional.of(json(inflated(bytes), 0)) : Optional.empty();
  }

  private static JsonObject json(byte[] bytes, int from) {
    return new JsonObject(Buffer.buffer(bytes).slice(from, bytes.length));
  }

  private static byte[] versioned(byte[] bytes) {
    byte[] all = new byte[bytes.length + 1];
    all[0] = VERSION;
    System.arraycopy(bytes, 0, all, 1, bytes.length);
    return all;
  }

  private static byte[] deflated(byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (DeflaterOutputStream deflater = new DeflaterOutputStream(out)) {
      deflater.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException("memory takes what is written", e);
    }
    return out.toByteArray();
  }

  private static byte[] inflated(byte[] bytes) {
    ByteArrayInputStream in = new ByteArrayInputStream(bytes, 1, bytes.length - 1);
    try (InflaterInputStream inflater = new InflaterInputStream(in)) {
      return inflater.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("a stored request is damaged", e);
    }
  }
}
