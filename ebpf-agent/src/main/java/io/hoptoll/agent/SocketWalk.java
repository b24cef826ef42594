package io.hoptoll.agent;

import java.util.ArrayList;
import java.util.List;

/**
 * How all watched sockets are come by: by the maps of their states, or, where the kernel lets no
 * program walk a map, by all processes' files.
 */
enum SocketWalk {
  STATES,
  FILES;

  /** The kernel is asked by a small program. */
  static SocketWalk allowed() {
    try (BpfObject asked = BpfObject.load(Architecture.object("map_walk"), o -> {})) {
      return STATES;
    } catch (AgentException e) {
      return FILES;
    }
  }

  /**
   * Walks that the object offers either way.
   *
   * @param byState programs over states, and the map of each
   * @param byFile the program that does the same over files
   * @param rest of a walk over files, as a multiple of its duration: 50 is 2 % of a CPU
   */
  record Programs(List<OverMap> byState, String byFile, int rest) {
    /** Before the load. */
    void choose(SocketWalk walk, BpfObject object) throws AgentException {
      if (walk == FILES) {
        object.choose(byFile);
        return;
      }
      for (OverMap program : byState) {
        object.choose(program.name());
      }
    }

    List<BpfIterator> attach(SocketWalk walk, BpfObject object) throws AgentException {
      if (walk == FILES) {
        return List.of(BpfIterator.overFilesSparingly(object, byFile, rest));
      }
      List<BpfIterator> walks = new ArrayList<>();
      for (OverMap program : byState) {
        walks.add(BpfIterator.overSockets(object, program.name(), program.map()));
      }
      return walks;
    }
  }

  /** An iterator program over a map's entries. */
  record OverMap(String name, String map) {}
}
