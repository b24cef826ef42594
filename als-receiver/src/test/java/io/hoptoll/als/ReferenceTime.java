package io.hoptoll.als;

import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import io.hoptoll.model.Nanos;

/** Proto durations and timestamps as nanoseconds; seconds count too. */
final class ReferenceTime {
  /** What a long of nanoseconds can hold, about 292 years. */
  private static final long MAX_SECONDS = Long.MAX_VALUE / Nanos.PER_SECOND - 1;

  private ReferenceTime() {}

  /** {@link Nanos#UNSET} where absent or beyond what 64 bits of nanoseconds hold. */
  static long nanos(boolean present, Duration d) {
    return present ? nanos(d.getSeconds(), d.getNanos()) : Nanos.UNSET;
  }

  /** Nanoseconds since 1970, or {@link Nanos#UNSET} as above. */
  static long nanos(boolean present, Timestamp t) {
    return present ? nanos(t.getSeconds(), t.getNanos()) : Nanos.UNSET;
  }

  private static long nanos(long seconds, int nanos) {
    boolean fits = seconds >= -MAX_SECONDS && seconds <= MAX_SECONDS;
    return fits ? seconds * Nanos.PER_SECOND + nanos : Nanos.UNSET;
  }
}
