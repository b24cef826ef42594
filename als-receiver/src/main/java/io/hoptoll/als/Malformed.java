package io.hoptoll.als;

/** Why something received was not used; a counter each. */
public enum Malformed {
  /** A message that is no {@code StreamAccessLogsMessage}; its stream was ended. */
  STREAM_UNDECODABLE,
  /**
   * A message above {@link AlsConfig#maxMessageBytes}, or large and beyond {@link
   * AlsConfig#readingBytes} of all; its stream was ended.
   */
  STREAM_MESSAGE_TOO_LARGE,
  /** A first message without identifier; its stream was ended. */
  STREAM_WITHOUT_IDENTIFIER,
  /** A sender whose certificate names another workload than it says it is; its stream was ended. */
  STREAM_SENDER_CONTRADICTED,
  /** An entry without {@code common_properties.start_time}: no time to put it at. */
  ENTRY_WITHOUT_START,
  /** An entry of a kind Hoptoll has no use for: UDP sessions. */
  ENTRY_UNSUPPORTED
}
