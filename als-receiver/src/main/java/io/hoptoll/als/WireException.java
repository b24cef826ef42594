package io.hoptoll.als;

/** Bytes that are no protobuf message. Without a stack trace: a sender's fault, not ours. */
final class WireException extends Exception {
  private static final long serialVersionUID = 1L;

  WireException(String message) {
    super(message, null, false, false);
  }
}
