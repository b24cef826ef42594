package io.hoptoll.model;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A map of at most so many entries; of more, the one that was put first is forgotten, or ({@link
 * #used}) the one used least recently.
 */
public class Latest<K, V> extends LinkedHashMap<K, V> {
  private static final long serialVersionUID = 1L;
  private final int bound;

  public Latest(int bound) {
    this(bound, false);
  }

  private Latest(int bound, boolean byUse) {
    super(64, 0.75f, byUse);
    this.bound = bound;
  }

  /** One that forgets the entry that was put or asked for least recently. */
  public static <K, V> Latest<K, V> used(int bound) {
    return new Latest<>(bound, true);
  }

  @Override
  protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
    return size() > bound;
  }
}
