package io.hoptoll.correlator;

import java.util.AbstractList;
import java.util.Arrays;

/**
 * The halves of one side that wait on one connection, oldest first. Their ids' hashes lie beside
 * them in an array of their own: to find one among twenty is to look along two lines of cache.
 */
final class HalfList extends AbstractList<WaitingHalf> {
  private WaitingHalf[] halves = new WaitingHalf[2];
  private int[] idHashes = new int[2];
  private int size;

  @Override
  public boolean add(WaitingHalf w) {
    if (size == halves.length) {
      halves = Arrays.copyOf(halves, 2 * size);
      idHashes = Arrays.copyOf(idHashes, 2 * size);
    }
    halves[size] = w;
    idHashes[size++] = w.idHash;
    return true;
  }

  void take(WaitingHalf w) {
    int at = 0;
    while (at < size && halves[at] != w) {
      at++;
    }
    if (at < size) {
      size--;
      System.arraycopy(halves, at + 1, halves, at, size - at);
      System.arraycopy(idHashes, at + 1, idHashes, at, size - at);
      Arrays.fill(halves, size, size + 1, null);
    }
  }

  /** The next one from a place on that may be of an id with this hash; the size: there is none. */
  int nextOf(int idHash, int from) {
    int at = from;
    while (at < size && idHash != 0 && idHashes[at] != idHash && idHashes[at] != 0) {
      at++;
    }
    return at;
  }

  @Override
  public WaitingHalf get(int index) {
    return halves[index];
  }

  @Override
  public int size() {
    return size;
  }
}
