package io.hoptoll.correlator;

/** How much further than usual means stray where there are few of them, or of few requests. */
final class Chance {
  /** What {@link Sensitivity.Part} asks for, 4 median deviations of normal values, in sigmas. */
  private static final double Z = 4 * 0.6745;

  /** What a median deviation tells of a spread, beside a standard deviation of as many values. */
  private static final double EFFICIENCY = 0.37;

  /** Standard deviations of a rare event's count that hardly any look reaches. */
  private static final double RARE = 4;

  private Chance() {}

  /** The most that chance makes of so many rare events expected: their variance is their number. */
  static double most(double expected) {
    return expected + RARE * Math.sqrt(expected);
  }

  /**
   * A spread that is known from few windows is itself uncertain: Student's t beside the normal's
   * quantile, by Fisher's expansion (Abramowitz and Stegun 26.7.5).
   *
   * @param windows of the baseline, 2 at least
   * @return 1 for very many
   */
  static double ofFewWindows(int windows) {
    double freedom = Math.max(1, EFFICIENCY * (windows - 1));
    double z3 = Z * Z * Z;
    double first = (z3 + Z) / (4 * freedom);
    double second = (5 * z3 * Z * Z + 16 * z3 + 3 * Z) / (96 * freedom * freedom);
    return (Z + first + second) / Z;
  }

  /**
   * The mean of fewer requests than a window of the baseline has strays further, by the root of
   * their ratio. That of more strays less, but what moves whole windows stays: 1 then.
   */
  static double ofFewRequests(double requests, double inWindow) {
    return Math.max(1, Math.sqrt(inWindow / Math.max(1, requests)));
  }
}
