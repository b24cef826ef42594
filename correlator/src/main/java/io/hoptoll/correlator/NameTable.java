package io.hoptoll.correlator;

import org.jspecify.annotations.Nullable;

/**
 * Names by their hash: chains through the names themselves, so that what enters and leaves with
 * every hop costs no object. Of equal names the one that came last is met first.
 *
 * @param <T> whose names they are
 */
final class NameTable<T> {
  private @Nullable CallName<T>[] chains = chains(1_024);
  private int size;

  void add(@Nullable CallName<T> name) {
    if (name == null) {
      return;
    }
    if (size++ == chains.length) {
      grow();
    }
    int chain = chain(name.hash);
    name.next = chains[chain];
    chains[chain] = name;
  }

  /** Nothing where it is not there. */
  void remove(@Nullable CallName<T> name) {
    if (name == null) {
      return;
    }
    int chain = chain(name.hash);
    CallName<T> before = null;
    for (CallName<T> at = chains[chain]; at != null; before = at, at = at.next) {
      if (at == name) {
        if (before == null) {
          chains[chain] = name.next;
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
  @Nullable CallName<T> first(@Nullable CallName<?> name) {
    return name == null ? null : equal(chains[chain(name.hash)], name);
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
      }
    }
  }

  private int chain(int hash) {
    return (hash ^ hash >>> 16) & chains.length - 1;
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // arrays know no type parameters
  private static <T> @Nullable CallName<T>[] chains(int length) {
    return new CallName[length];
  }
}
