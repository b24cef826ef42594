package io.hoptoll.als;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Timestamp;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.data.accesslog.v3.HTTPAccessLogEntry;
import io.envoyproxy.envoy.data.accesslog.v3.ResponseFlags;
import io.hoptoll.model.ResponseFlag;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Field names and codes as in Envoy's documentation of %RESPONSE_FLAGS% and accesslog.proto. */
class ResponseFlagsTest {
  private static final Map<String, ResponseFlag> CODES =
      Map.ofEntries(
          Map.entry("failed_local_healthcheck", ResponseFlag.LH),
          Map.entry("no_healthy_upstream", ResponseFlag.UH),
          Map.entry("upstream_request_timeout", ResponseFlag.UT),
          Map.entry("local_reset", ResponseFlag.LR),
          Map.entry("upstream_remote_reset", ResponseFlag.UR),
          Map.entry("upstream_connection_failure", ResponseFlag.UF),
          Map.entry("upstream_connection_termination", ResponseFlag.UC),
          Map.entry("upstream_overflow", ResponseFlag.UO),
          Map.entry("no_route_found", ResponseFlag.NR),
          Map.entry("delay_injected", ResponseFlag.DI),
          Map.entry("fault_injected", ResponseFlag.FI),
          Map.entry("rate_limited", ResponseFlag.RL),
          Map.entry("unauthorized_details", ResponseFlag.UAEX),
          Map.entry("rate_limit_service_error", ResponseFlag.RLSE),
          Map.entry("downstream_connection_termination", ResponseFlag.DC),
          Map.entry("upstream_retry_limit_exceeded", ResponseFlag.URX),
          Map.entry("stream_idle_timeout", ResponseFlag.SI),
          Map.entry("invalid_envoy_request_headers", ResponseFlag.IH),
          Map.entry("downstream_protocol_error", ResponseFlag.DPE),
          Map.entry("upstream_max_stream_duration_reached", ResponseFlag.UMSDR),
          Map.entry("response_from_cache_filter", ResponseFlag.RFCF),
          Map.entry("no_filter_config_found", ResponseFlag.NFCF),
          Map.entry("duration_timeout", ResponseFlag.DT),
          Map.entry("upstream_protocol_error", ResponseFlag.UPE),
          Map.entry("no_cluster_found", ResponseFlag.NC),
          Map.entry("overload_manager", ResponseFlag.OM),
          Map.entry("dns_resolution_failure", ResponseFlag.DF),
          Map.entry("downstream_remote_reset", ResponseFlag.DR));

  @Test
  void everyFieldOfTheProtoSetsItsOwnBit() {
    List<String> unknown = new ArrayList<>();
    Set<ResponseFlag> seen = new HashSet<>();
    for (FieldDescriptor field : ResponseFlags.getDescriptor().getFields()) {
      ResponseFlag flag = CODES.get(field.getName());
      if (flag == null) {
        unknown.add(field.getName());
        continue;
      }
      seen.add(flag);
      assertEquals(flag.bit(), decode(with(field)), field.getName());
    }
    assertEquals(List.of(), unknown, "flags new in the proto: add them to model and decoder");
    assertEquals(Set.of(ResponseFlag.values()), seen, "flags of the model without a field");
  }

  @Test
  void severalAtOnceAndNone() {
    ResponseFlags both =
        ResponseFlags.newBuilder().setUpstreamOverflow(true).setDelayInjected(true).build();
    assertEquals(ResponseFlag.UO.bit() | ResponseFlag.DI.bit(), decode(both));
    assertEquals(0, decode(ResponseFlags.getDefaultInstance()));
  }

  private static long decode(ResponseFlags flags) {
    HTTPAccessLogEntry.Builder entry = HTTPAccessLogEntry.newBuilder();
    entry
        .getCommonPropertiesBuilder()
        .setStartTime(Timestamp.newBuilder().setSeconds(1_795_400_000))
        .setResponseFlags(flags);
    EntryDecoder decoder =
        new EntryDecoder(
            ProxyIdentity.decode(Node.getDefaultInstance(), "unix"), "log", reason -> {});
    return requireNonNull(decoder.decode(entry.build())).outcome().flags();
  }

  private static ResponseFlags with(FieldDescriptor field) {
    Object value =
        field.getJavaType() == FieldDescriptor.JavaType.MESSAGE
            ? ResponseFlags.Unauthorized.getDefaultInstance()
            : (Object) true;
    return ResponseFlags.newBuilder().setField(field, value).build();
  }
}
