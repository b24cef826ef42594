package io.hoptoll.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.hoptoll.wire.v1.Rows;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** {@link Rows} as gzip: packed once, kept and sent as such. */
final class Packed {
  private Packed() {}

  static ByteString pack(Rows rows) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(rows.getSerializedSize() / 4);
    try (GZIPOutputStream out = new Fast(bytes)) {
      rows.writeTo(out);
    } catch (IOException e) {
      throw new UncheckedIOException("memory refused bytes", e);
    }
    return ByteString.copyFrom(bytes.toByteArray());
  }

  /**
   * @throws WireException when it is no gzip of rows, or is more than a batch may be
   */
  static Rows unpack(ByteString packed) throws WireException {
    try (InputStream in = new GZIPInputStream(packed.newInput())) {
      byte[] rows = in.readNBytes(Limits.ROWS_BYTES + 1);
      if (rows.length > Limits.ROWS_BYTES) {
        throw new WireException("rows of more than " + Limits.ROWS_BYTES + " bytes");
      }
      return Rows.parseFrom(new ByteArrayInputStream(rows));
    } catch (InvalidProtocolBufferException e) {
      throw new WireException("rows are no hoptoll.v1.Rows: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new WireException("rows are no gzip: " + e.getMessage(), e);
    }
  }

  /** At level 1: it runs on every node, for bytes that stay in the cluster. */
  private static final class Fast extends GZIPOutputStream {
    Fast(ByteArrayOutputStream out) throws IOException {
      super(out);
      def.setLevel(Deflater.BEST_SPEED);
    }
  }
}
