package io.hoptoll.als;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Gives the same bytes as the same String, without copying them: sidecars repeat their few cluster,
 * route and host names in every entry. A cache, not a set: each name has two slots where it may be,
 * and a new name takes the place of the one less recently added, so it never fills up. One thread.
 */
final class NamePool {
  private final @Nullable Name[] slots = new Name[Limits.POOLED_NAMES];

  /** By field: what it was last, as it mostly is again in the entries of one message. */
  private final @Nullable Name[] latest = new Name[EntryFields.TEXTS];

  private record Name(byte[] bytes, String text) {
    boolean is(byte[] message, int from, int length) {
      return bytes.length == length
          && Arrays.equals(message, from, from + length, bytes, 0, length);
    }
  }

  /**
   * @param field one of {@link EntryFields}' texts
   */
  String share(WireReader in, long slice, int field) {
    int length = Slice.length(slice);
    if (length == 0 || length > Limits.POOLED_NAME_BYTES) {
      return in.string(slice);
    }
    byte[] message = in.bytes();
    int from = Slice.offset(slice);
    Name again = latest[field];
    if (again == null || !again.is(message, from, length)) {
      again = name(in, slice);
      latest[field] = again;
    }
    return again.text();
  }

  private Name name(WireReader in, long slice) {
    byte[] message = in.bytes();
    int from = Slice.offset(slice);
    int length = Slice.length(slice);
    int first = (int) (in.hash(slice) >>> 32) & (slots.length - 1);
    int second = first ^ 1;
    Name known = slots[first];
    if (known != null && known.is(message, from, length)) {
      return known;
    }
    Name other = slots[second];
    if (other != null && other.is(message, from, length)) {
      return other;
    }
    Name added = new Name(Arrays.copyOfRange(message, from, from + length), in.string(slice));
    slots[second] = known;
    slots[first] = added;
    return added;
  }
}
