package io.hoptoll.correlator;

import io.hoptoll.model.ClockOffset;
import io.hoptoll.model.Nanos;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a person should know of the two clocks behind a ledger. */
final class ClockWords {
  private ClockWords() {}

  static String of(@Nullable ClockOffset clocks) {
    if (clocks == null) {
      return "";
    }
    if (!clocks.isKnown()) {
      return "two nodes' clocks, no exchange bounds their difference yet (or one contradicts it):"
          + " transport's two ways are one leg";
    }
    String known =
        String.format(
            Locale.ROOT,
            "two nodes' clocks, %s s apart, known to ± %.3f ms from the exchanges between them: ",
            seconds(clocks.nanos()),
            (double) clocks.boundNanos() / Nanos.PER_MILLI);
    return known
        + (clocks.applied()
            ? "transport.request and transport.response are each wrong by that at most, their sum"
                + " is not"
            : "too little to tell transport's two ways apart, which are one leg");
  }

  private static String seconds(long nanos) {
    return String.format(Locale.ROOT, "%.6f", (double) nanos / Nanos.PER_SECOND);
  }
}
