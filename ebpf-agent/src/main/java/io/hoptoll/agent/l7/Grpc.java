package io.hoptoll.agent.l7;

import io.hoptoll.agent.l7.Heads.Piece;
import io.hoptoll.model.WireProtocol;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * gRPC: HTTP/2 whose content-type begins with {@code application/grpc} ("gRPC over HTTP2", Requests
 * and Responses). Looked for as HPACK writes it (RFC 7541 5.2), plain or by Huffman code, in which
 * it has 88 bits, so that what may follow leaves its 11 bytes as they are.
 */
final class Grpc implements Recogniser {
  private static final int FRAME_HEADER = 9;
  private static final int MAX_FRAME = 1 << 14; // unless a peer allows more, RFC 9113 4.2
  private static final int CONTINUATION = 9; // the highest frame type of RFC 9113
  private static final byte[] PLAIN = "application/grpc".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] HUFFMAN = HexFormat.of().parseHex("1d75d0620d263d4c4d6564");

  @Override
  public WireProtocol protocol() {
    return WireProtocol.GRPC;
  }

  @Override
  public boolean matches(Heads heads) {
    return isGrpc(heads.client()) || isGrpc(heads.server());
  }

  private static boolean isGrpc(Piece piece) {
    return (Http2.isPreface(piece) || isFrame(piece))
        && (piece.contains(PLAIN) || piece.contains(HUFFMAN));
  }

  /** Length u24, type u8, flags u8, stream u31: RFC 9113 4.1. */
  private static boolean isFrame(Piece piece) {
    return piece.length() > FRAME_HEADER
        && piece.u32(0) >>> 8 <= MAX_FRAME
        && piece.u8(3) <= CONTINUATION
        && piece.u8(5) < 0x80;
  }
}
