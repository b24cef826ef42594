package io.hoptoll.als;

import org.jspecify.annotations.Nullable;

/**
 * Gives the entries of one request the same String for its id: they come within a flush of each
 * other, from two sidecars a hop. A cache: an id has one slot, and a new one takes it. One thread.
 */
final class IdPool {
  private final @Nullable String[] slots = new String[Limits.POOLED_IDS];

  /** Of each slot's bytes: of most that are not the one, no more is looked at. */
  private final long[] hashes = new long[Limits.POOLED_IDS];

  /**
   * @param hash {@link WireReader#hash} of the slice
   */
  String share(WireReader in, long slice, long hash) {
    int length = Slice.length(slice);
    if (length == 0 || length > Limits.POOLED_ID_BYTES) {
      return in.string(slice);
    }
    int slot = (int) (hash >>> 32) & slots.length - 1;
    String known = hashes[slot] == hash ? slots[slot] : null;
    if (known != null && isEqual(known, in, slice)) {
      return known;
    }
    String added = in.string(slice);
    slots[slot] = added;
    hashes[slot] = hash;
    return added;
  }

  /** Of ASCII only, as ids are: then a byte is a character. */
  private static boolean isEqual(String text, WireReader in, long slice) {
    int length = Slice.length(slice);
    if (text.length() != length) {
      return false;
    }
    byte[] bytes = in.bytes();
    int from = Slice.offset(slice);
    for (int i = 0; i < length; i++) {
      if (text.charAt(i) != bytes[from + i]) {
        return false;
      }
    }
    return true;
  }
}
