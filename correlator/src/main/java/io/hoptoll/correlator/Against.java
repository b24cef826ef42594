package io.hoptoll.correlator;

/**
 * What a range is compared with.
 *
 * @param fromSecond first second, epoch
 * @param toSecond first second after it
 * @param given all of it, as the user asked; else those windows in it in which the path was well
 */
public record Against(long fromSecond, long toSecond, boolean given) {
  /** The recent past, where the path was well. */
  public static Against past(long fromSecond, long toSecond) {
    return new Against(fromSecond, toSecond, false);
  }

  /** Just this range. */
  public static Against range(long fromSecond, long toSecond) {
    return new Against(fromSecond, toSecond, true);
  }
}
