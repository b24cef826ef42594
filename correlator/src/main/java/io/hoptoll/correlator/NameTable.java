package io.hoptoll.correlator;

import org.jspecify.annotations.Nullable;

/**
 * Names by their hash: chains through the names themselves, so that what enters and leaves with
 * every hop costs no object. Of equal names the one that came last is met first. Most names that
 * are looked for are not there: bits beside the chains say so without a look at any other name.
 *
 * @param <T> whose names they are
 */
final class NameTable<T> {
  private @Nullable CallName<T>[] chains = chains(1_024);

  /** Of each chain a bit for every hash that has entered it since it was empty. */
  private int[] bits = new int[1_024];

  private int size;

  void add(CallName<T> name) {
    if (name.isNone()) {
      return;
    }
    if (size++ == chains.length / 2) { // a name is a miss of the cache: chains stay short
      grow();
    }
    int chain = chain(name.hash);
    name.next = chains[chain];
    chains[chain] = name;
    bits[chain] |= bit(name.hash);
  }

  /** Nothing where it is not there. */
  void remove(CallName<T> name) {
    if (name.isNone()) {
      return;
    }
    int chain = chain(name.hash);
    CallName<T> before = null;
    for (CallName<T> at = chains[chain]; at != null; before = at, at = at.next) {
      if (at == name) {
        if (before == null) {
          chains[chain] = name.next;
          bits[chain] = name.next == null ? 0 : bits[chain];
        } else {
          before.next = name.next;
        }
        name.next = null;
        size--;
        return;
      }
    }
  }

  /** The last that came of those that equal the name, whosever that is; null: there is none. */
  @Nullable CallName<T> first(CallName<?> name) {
    if (name.isNone()) {
      return null;
    }
    int chain = chain(name.hash);
    return (bits[chain] & bit(name.hash)) == 0 ? null : equal(chains[chain], name);
  }

  /** The one before it that equals it, too. */
  @Nullable CallName<T> next(CallName<T> name) {
    return equal(name.next, name);
  }

  private @Nullable CallName<T> equal(@Nullable CallName<T> from, CallName<?> name) {
    CallName<T> at = from;
    while (at != null && !at.equals(name)) {
      at = at.next;
    }
    return at;
  }

  /** Each chain is split in two; in either the order stays. */
  private void grow() {
    @Nullable CallName<T>[] before = chains;
    @Nullable CallName<T>[] last = chains(2 * before.length);
    chains = chains(2 * before.length);
    bits = new int[chains.length];
    for (CallName<T> first : before) {
      CallName<T> following;
      for (CallName<T> at = first; at != null; at = following) {
        following = at.next;
        at.next = null;
        int chain = chain(at.hash);
        CallName<T> end = last[chain];
        if (end == null) {
          chains[chain] = at;
        } else {
          end.next = at;
        }
        last[chain] = at;
        bits[chain] |= bit(at.hash);
      }
    }
  }

  private static int bit(int hash) {
    return 1 << (hash * 0x9E37_79B9 >>> 27);
  }

  private int chain(int hash) {
    return (hash ^ hash >>> 16) & chains.length - 1;
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // arrays know no type parameters
  private static <T> @Nullable CallName<T>[] chains(int length) {
    return new CallName[length];
  }
}
