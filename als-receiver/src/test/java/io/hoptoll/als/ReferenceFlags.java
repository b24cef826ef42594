package io.hoptoll.als;

import io.envoyproxy.envoy.data.accesslog.v3.ResponseFlags;
import io.hoptoll.model.ResponseFlag;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Predicate;

/**
 * {@code ResponseFlags} as a bit set. Matched by name: the proto's field order is neither the
 * enum's nor that of the codes (RL, then UAEX as {@code unauthorized_details}, then RLSE).
 */
final class ReferenceFlags {
  private static final Map<ResponseFlag, Predicate<ResponseFlags>> FIELDS = fields();

  private ReferenceFlags() {}

  /** Bits by {@link ResponseFlag#bit()}; 0 where the entry has none. */
  static long decode(boolean present, ResponseFlags flags) {
    if (!present || flags.equals(ResponseFlags.getDefaultInstance())) {
      return 0;
    }
    long bits = 0;
    for (Map.Entry<ResponseFlag, Predicate<ResponseFlags>> field : FIELDS.entrySet()) {
      if (field.getValue().test(flags)) {
        bits |= field.getKey().bit();
      }
    }
    return bits;
  }

  private static Map<ResponseFlag, Predicate<ResponseFlags>> fields() {
    Map<ResponseFlag, Predicate<ResponseFlags>> f = new EnumMap<>(ResponseFlag.class);
    f.put(ResponseFlag.LH, ResponseFlags::getFailedLocalHealthcheck);
    f.put(ResponseFlag.UH, ResponseFlags::getNoHealthyUpstream);
    f.put(ResponseFlag.UT, ResponseFlags::getUpstreamRequestTimeout);
    f.put(ResponseFlag.LR, ResponseFlags::getLocalReset);
    f.put(ResponseFlag.UR, ResponseFlags::getUpstreamRemoteReset);
    f.put(ResponseFlag.UF, ResponseFlags::getUpstreamConnectionFailure);
    f.put(ResponseFlag.UC, ResponseFlags::getUpstreamConnectionTermination);
    f.put(ResponseFlag.UO, ResponseFlags::getUpstreamOverflow);
    f.put(ResponseFlag.NR, ResponseFlags::getNoRouteFound);
    f.put(ResponseFlag.DI, ResponseFlags::getDelayInjected);
    f.put(ResponseFlag.FI, ResponseFlags::getFaultInjected);
    f.put(ResponseFlag.RL, ResponseFlags::getRateLimited);
    f.put(ResponseFlag.UAEX, ResponseFlags::hasUnauthorizedDetails);
    f.put(ResponseFlag.RLSE, ResponseFlags::getRateLimitServiceError);
    f.put(ResponseFlag.DC, ResponseFlags::getDownstreamConnectionTermination);
    f.put(ResponseFlag.URX, ResponseFlags::getUpstreamRetryLimitExceeded);
    f.put(ResponseFlag.SI, ResponseFlags::getStreamIdleTimeout);
    f.put(ResponseFlag.IH, ResponseFlags::getInvalidEnvoyRequestHeaders);
    f.put(ResponseFlag.DPE, ResponseFlags::getDownstreamProtocolError);
    f.put(ResponseFlag.UMSDR, ResponseFlags::getUpstreamMaxStreamDurationReached);
    f.put(ResponseFlag.RFCF, ResponseFlags::getResponseFromCacheFilter);
    f.put(ResponseFlag.NFCF, ResponseFlags::getNoFilterConfigFound);
    f.put(ResponseFlag.DT, ResponseFlags::getDurationTimeout);
    f.put(ResponseFlag.UPE, ResponseFlags::getUpstreamProtocolError);
    f.put(ResponseFlag.NC, ResponseFlags::getNoClusterFound);
    f.put(ResponseFlag.OM, ResponseFlags::getOverloadManager);
    f.put(ResponseFlag.DF, ResponseFlags::getDnsResolutionFailure);
    f.put(ResponseFlag.DR, ResponseFlags::getDownstreamRemoteReset);
    return f;
  }
}
