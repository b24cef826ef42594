package io.hoptoll.correlator;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Numbers for an enum's names, for ever: an archive keeps its list, new names are added behind. So
 * records outlive an enum that is sorted anew or that loses a name.
 */
final class Vocabulary<E extends Enum<E>> {
  private static final int VERSION = 1;

  private final List<@Nullable E> byNumber = new ArrayList<>();
  private final int[] numbers;
  private boolean sameOrder = true;

  /** Reads the archive's list, and adds what is new. */
  Vocabulary(Archive archive, Class<E> type) {
    List<String> names = read(archive.note(type.getSimpleName()));
    int known = names.size();
    E[] constants = type.getEnumConstants();
    numbers = new int[constants.length];
    for (E constant : constants) {
      if (!names.contains(constant.name())) {
        names.add(constant.name());
      }
      numbers[constant.ordinal()] = names.indexOf(constant.name());
      sameOrder &= numbers[constant.ordinal()] == constant.ordinal();
    }
    for (String name : names) {
      byNumber.add(named(constants, name));
    }
    if (names.size() > known) {
      Out out = new Out().octet(VERSION).number(names.size());
      names.forEach(out::text);
      archive.writeNote(type.getSimpleName(), out.bytes());
    }
  }

  private static List<String> read(byte @Nullable [] note) {
    List<String> names = new ArrayList<>();
    if (note != null) {
      In in = In.of(note, VERSION);
      for (int n = in.count(); n > 0; n--) {
        names.add(in.text());
      }
    }
    return names;
  }

  private static <E extends Enum<E>> @Nullable E named(E[] constants, String name) {
    for (E constant : constants) {
      if (constant.name().equals(name)) {
        return constant;
      }
    }
    return null;
  }

  int number(E constant) {
    return numbers[constant.ordinal()];
  }

  /** Null where this version has no such name any more. */
  @Nullable E of(long number) {
    return number >= 0 && number < byNumber.size() ? byNumber.get((int) number) : null;
  }

  /** A set of ordinals as a set of numbers. */
  long numbers(long ordinals) {
    if (sameOrder) {
      return ordinals;
    }
    long set = 0;
    for (long rest = ordinals; rest != 0; rest &= rest - 1) {
      set |= 1L << numbers[Long.numberOfTrailingZeros(rest)];
    }
    return set;
  }

  /** The other way; names that are gone are left out. */
  long ordinals(long set) {
    if (sameOrder && set >>> numbers.length == 0) {
      return set;
    }
    long ordinals = 0;
    for (long rest = set; rest != 0; rest &= rest - 1) {
      E constant = of(Long.numberOfTrailingZeros(rest));
      ordinals |= constant == null ? 0 : 1L << constant.ordinal();
    }
    return ordinals;
  }
}
