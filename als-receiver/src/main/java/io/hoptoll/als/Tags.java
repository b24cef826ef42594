package io.hoptoll.als;

/**
 * Wire tags ({@code field number << 3 | wire type}) of the fields Hoptoll reads, by message of
 * envoy/service/accesslog/v3/als.proto, envoy/data/accesslog/v3/accesslog.proto and what these
 * import. Names are the proto's; {@code TagsTest} holds every one against the generated
 * descriptors.
 */
final class Tags {
  /** Wire types (protobuf.dev/programming-guides/encoding). */
  static final int VARINT = 0;

  static final int FIXED64 = 1;
  static final int LEN = 2;
  static final int GROUP = 3;
  static final int END_GROUP = 4;
  static final int FIXED32 = 5;

  /** Bits of a tag below the field number. */
  static final int NUMBER_SHIFT = 3;

  static final int WIRE_TYPE_MASK = 7;

  private Tags() {}

  static final class StreamAccessLogsMessage {
    static final int IDENTIFIER = 1 << 3 | LEN;
    static final int HTTP_LOGS = 2 << 3 | LEN;
    static final int TCP_LOGS = 3 << 3 | LEN;

    private StreamAccessLogsMessage() {}
  }

  static final class Identifier {
    static final int NODE = 1 << 3 | LEN;
    static final int LOG_NAME = 2 << 3 | LEN;

    private Identifier() {}
  }

  static final class Node {
    static final int ID = 1 << 3 | LEN;
    static final int CLUSTER = 2 << 3 | LEN;
    static final int METADATA = 3 << 3 | LEN;
    static final int USER_AGENT_VERSION = 7 << 3 | LEN;
    static final int USER_AGENT_BUILD_VERSION = 8 << 3 | LEN;

    private Node() {}
  }

  static final class HTTPAccessLogEntries {
    static final int LOG_ENTRY = 1 << 3 | LEN;

    private HTTPAccessLogEntries() {}
  }

  static final class TCPAccessLogEntries {
    static final int LOG_ENTRY = 1 << 3 | LEN;

    private TCPAccessLogEntries() {}
  }

  static final class HTTPAccessLogEntry {
    static final int COMMON_PROPERTIES = 1 << 3 | LEN;
    static final int PROTOCOL_VERSION = 2 << 3 | VARINT;
    static final int REQUEST = 3 << 3 | LEN;
    static final int RESPONSE = 4 << 3 | LEN;

    private HTTPAccessLogEntry() {}
  }

  static final class TCPAccessLogEntry {
    static final int COMMON_PROPERTIES = 1 << 3 | LEN;
    static final int CONNECTION_PROPERTIES = 2 << 3 | LEN;

    private TCPAccessLogEntry() {}
  }

  static final class ConnectionProperties {
    static final int RECEIVED_BYTES = 1 << 3 | VARINT;
    static final int SENT_BYTES = 2 << 3 | VARINT;

    private ConnectionProperties() {}
  }

  static final class AccessLogCommon {
    static final int DOWNSTREAM_REMOTE_ADDRESS = 2 << 3 | LEN;
    static final int DOWNSTREAM_LOCAL_ADDRESS = 3 << 3 | LEN;
    static final int TLS_PROPERTIES = 4 << 3 | LEN;
    static final int START_TIME = 5 << 3 | LEN;
    static final int TIME_TO_LAST_RX_BYTE = 6 << 3 | LEN;
    static final int TIME_TO_FIRST_UPSTREAM_TX_BYTE = 7 << 3 | LEN;
    static final int TIME_TO_LAST_UPSTREAM_TX_BYTE = 8 << 3 | LEN;
    static final int TIME_TO_FIRST_UPSTREAM_RX_BYTE = 9 << 3 | LEN;
    static final int TIME_TO_LAST_UPSTREAM_RX_BYTE = 10 << 3 | LEN;
    static final int TIME_TO_FIRST_DOWNSTREAM_TX_BYTE = 11 << 3 | LEN;
    static final int TIME_TO_LAST_DOWNSTREAM_TX_BYTE = 12 << 3 | LEN;
    static final int UPSTREAM_REMOTE_ADDRESS = 13 << 3 | LEN;
    static final int UPSTREAM_LOCAL_ADDRESS = 14 << 3 | LEN;
    static final int UPSTREAM_CLUSTER = 15 << 3 | LEN;
    static final int RESPONSE_FLAGS = 16 << 3 | LEN;
    static final int UPSTREAM_TRANSPORT_FAILURE_REASON = 18 << 3 | LEN;
    static final int ROUTE_NAME = 19 << 3 | LEN;
    static final int DOWNSTREAM_DIRECT_REMOTE_ADDRESS = 20 << 3 | LEN;
    static final int DURATION = 23 << 3 | LEN;
    static final int UPSTREAM_REQUEST_ATTEMPT_COUNT = 24 << 3 | VARINT;
    static final int CONNECTION_TERMINATION_DETAILS = 25 << 3 | LEN;
    static final int STREAM_ID = 26 << 3 | LEN;
    static final int INTERMEDIATE_LOG_ENTRY = 27 << 3 | VARINT;
    static final int DOWNSTREAM_TRANSPORT_FAILURE_REASON = 28 << 3 | LEN;
    static final int DOWNSTREAM_WIRE_BYTES_SENT = 29 << 3 | VARINT;
    static final int DOWNSTREAM_WIRE_BYTES_RECEIVED = 30 << 3 | VARINT;
    static final int UPSTREAM_WIRE_BYTES_SENT = 31 << 3 | VARINT;
    static final int UPSTREAM_WIRE_BYTES_RECEIVED = 32 << 3 | VARINT;
    static final int ACCESS_LOG_TYPE = 33 << 3 | VARINT;

    private AccessLogCommon() {}
  }

  /** {@code google.protobuf.Timestamp} too: the same two fields. */
  static final class Duration {
    static final int SECONDS = 1 << 3 | VARINT;
    static final int NANOS = 2 << 3 | VARINT;

    private Duration() {}
  }

  static final class Address {
    static final int SOCKET_ADDRESS = 1 << 3 | LEN;
    static final int PIPE = 2 << 3 | LEN;
    static final int ENVOY_INTERNAL_ADDRESS = 3 << 3 | LEN;

    private Address() {}
  }

  static final class SocketAddress {
    static final int ADDRESS = 2 << 3 | LEN;
    static final int PORT_VALUE = 3 << 3 | VARINT;
    static final int NAMED_PORT = 4 << 3 | LEN;

    private SocketAddress() {}
  }

  /** The one field of {@code ResponseFlags} that is a message; the others are bools by number. */
  static final class ResponseFlags {
    static final int UNAUTHORIZED_DETAILS = 13 << 3 | LEN;

    private ResponseFlags() {}
  }

  static final class TLSProperties {
    static final int PEER_CERTIFICATE_PROPERTIES = 5 << 3 | LEN;

    private TLSProperties() {}
  }

  static final class CertificateProperties {
    static final int SUBJECT_ALT_NAME = 1 << 3 | LEN;

    private CertificateProperties() {}
  }

  static final class SubjectAltName {
    static final int URI = 1 << 3 | LEN;
    static final int DNS = 2 << 3 | LEN;

    private SubjectAltName() {}
  }

  static final class HTTPRequestProperties {
    static final int REQUEST_METHOD = 1 << 3 | VARINT;
    static final int AUTHORITY = 3 << 3 | LEN;
    static final int PATH = 5 << 3 | LEN;
    static final int ORIGINAL_PATH = 10 << 3 | LEN;
    static final int REQUEST_ID = 9 << 3 | LEN;
    static final int REQUEST_HEADERS = 13 << 3 | LEN;

    private HTTPRequestProperties() {}
  }

  static final class HTTPResponseProperties {
    static final int RESPONSE_CODE = 1 << 3 | LEN;
    static final int RESPONSE_HEADERS = 4 << 3 | LEN;
    static final int RESPONSE_TRAILERS = 5 << 3 | LEN;
    static final int RESPONSE_CODE_DETAILS = 6 << 3 | LEN;

    private HTTPResponseProperties() {}
  }

  /** {@code google.protobuf.UInt32Value}. */
  static final class UInt32Value {
    static final int VALUE = 1 << 3 | VARINT;

    private UInt32Value() {}
  }

  /** An entry of {@code map<string, string>}. */
  static final class MapEntry {
    static final int KEY = 1 << 3 | LEN;
    static final int VALUE = 2 << 3 | LEN;

    private MapEntry() {}
  }
}
