package io.hoptoll.correlator;

import java.util.LinkedHashMap;
import java.util.Map;

/** Of more entries than the bound the first that was put is forgotten. */
class Latest<K, V> extends LinkedHashMap<K, V> {
  private static final long serialVersionUID = 1L;
  private final int bound;

  Latest(int bound) {
    this.bound = bound;
  }

  @Override
  protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
    return size() > bound;
  }
}
