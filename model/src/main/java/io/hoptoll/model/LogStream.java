package io.hoptoll.model;

import org.jspecify.annotations.Nullable;

/**
 * One stream of one access log: a worker of a sidecar sends its entries on it in the order in which
 * it wrote them. An object of its own for every stream that is opened.
 */
public final class LogStream {
  /** What the reader of {@link #writtenWallNanos} knows of all streams of one sidecar. */
  public interface Siblings {}

  private final Proxy proxy;
  private final String logName;
  private final boolean isOrdered;
  private long writtenWallNanos = Nanos.UNSET;
  private boolean hasEnded;
  private @Nullable Siblings siblings;

  /** As its first message says: {@code identifier.node} and {@code identifier.log_name}. */
  public LogStream(Proxy proxy, String logName) {
    this(proxy, logName, true);
  }

  private LogStream(Proxy proxy, String logName, boolean isOrdered) {
    this.proxy = proxy;
    this.logName = logName;
    this.isOrdered = isOrdered;
  }

  /** Of entries that did not come straight from their stream: nothing is known of their order. */
  static LogStream unordered(Proxy proxy, String logName) {
    return new LogStream(proxy, logName, false);
  }

  public Proxy proxy() {
    return proxy;
  }

  public String logName() {
    return logName;
  }

  /** Whether what its worker wrote before an entry that has come has come, too. */
  public boolean isOrdered() {
    return isOrdered;
  }

  /**
   * The latest end of which an entry has come, by its node's wall clock; unset: none has. It was
   * written then, or soon after.
   */
  public long writtenWallNanos() {
    return writtenWallNanos;
  }

  /** No more comes on it, but for what is on its way to the reader. */
  public boolean hasEnded() {
    return hasEnded;
  }

  /** By the thread of {@link #wrote}. */
  public void end() {
    hasEnded = true;
  }

  /** Null: no entry has come yet that {@link #wrote} was told of. */
  public @Nullable Siblings siblings() {
    return siblings;
  }

  /** By the thread of {@link #wrote}. */
  public void joins(Siblings all) {
    siblings = all;
  }

  /** An entry has come of what ended then. Called by one thread, which is the only reader. */
  public void wrote(long endWallNanos) {
    writtenWallNanos = endWallNanos;
  }
}
