package io.hoptoll.correlator;

import io.hoptoll.model.Party;

/**
 * Who can be at fault: a workload's app, a workload's sidecar (inbound and outbound alike: one
 * process), or the transport of an edge.
 */
public record Actor(Kind kind, String name) {
  /** The three things that a path is made of. */
  public enum Kind {
    APP,
    SIDECAR,
    TRANSPORT,
    UNDETERMINED
  }

  static Actor of(Edge edge, Party party) {
    return switch (party) {
      case CLIENT_APP -> new Actor(Kind.APP, edge.client());
      case SERVER_APP -> new Actor(Kind.APP, edge.server());
      case CLIENT_SIDECAR -> new Actor(Kind.SIDECAR, edge.client());
      case SERVER_SIDECAR -> new Actor(Kind.SIDECAR, edge.server());
      case TRANSPORT -> new Actor(Kind.TRANSPORT, edge.toString());
      case UNDETERMINED -> new Actor(Kind.UNDETERMINED, edge.toString());
    };
  }
}
