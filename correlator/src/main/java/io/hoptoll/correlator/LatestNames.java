package io.hoptoll.correlator;

import java.util.AbstractSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/** Names of which the least recently added are forgotten first. */
final class LatestNames extends AbstractSet<String> {
  private final Map<String, Boolean> names =
      new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
          return size() > Limits.NAMESPACES;
        }
      };

  @Override
  public boolean add(String name) {
    return names.put(name, true) == null;
  }

  @Override
  public boolean contains(Object name) {
    return names.containsKey(name);
  }

  @Override
  public Iterator<String> iterator() {
    return names.keySet().iterator();
  }

  @Override
  public int size() {
    return names.size();
  }
}
