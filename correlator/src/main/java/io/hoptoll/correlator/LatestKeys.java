package io.hoptoll.correlator;

import io.hoptoll.model.Latest;
import java.util.AbstractSet;
import java.util.Iterator;
import java.util.Map;

/** Keys of which the least recently added are forgotten first. */
final class LatestKeys<K> extends AbstractSet<K> {
  private final int bound;
  private final Map<K, Boolean> keys;

  LatestKeys(int bound) {
    this.bound = bound;
    this.keys = Latest.used(bound);
  }

  /** Far below the bound nothing is forgotten, so no order is kept among those that are there. */
  @Override
  public boolean add(K key) {
    if (keys.size() < bound / 2 && keys.containsKey(key)) {
      return false;
    }
    return keys.put(key, true) == null;
  }

  @Override
  public boolean contains(Object key) {
    return keys.containsKey(key);
  }

  @Override
  public boolean remove(Object key) {
    return keys.remove(key) != null;
  }

  @Override
  public Iterator<K> iterator() {
    return keys.keySet().iterator();
  }

  @Override
  public int size() {
    return keys.size();
  }
}
