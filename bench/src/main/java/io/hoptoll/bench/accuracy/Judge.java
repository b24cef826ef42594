package io.hoptoll.bench.accuracy;

import io.hoptoll.minimesh.fault.Truth;
import io.hoptoll.model.Party;
import io.vertx.core.json.JsonObject;

/**
 * Compares an answer with the truth. The party is right if the process or the wire is the right
 * one: a sidecar in the middle of a chain is the server's of one hop and the client's of the next.
 */
record Judge(String party, String cause, boolean partyRight, boolean causeRight) {
  /** Of the right kind, at the wrong place. */
  static final String ELSEWHERE = " (elsewhere)";

  static Judge of(Truth truth, Answer answer) {
    if (answer.findings().isEmpty()) {
      return new Judge(answer.party(), answer.cause(), false, false);
    }
    return of(truth, answer.findings().getJsonObject(0));
  }

  boolean isRight() {
    return partyRight && causeRight;
  }

  /** Whether any finding is the right one, first or not. */
  static boolean isNamed(Truth truth, Answer answer) {
    return answer.findings().stream().map(f -> of(truth, (JsonObject) f)).anyMatch(Judge::isRight);
  }

  private static Judge of(Truth truth, JsonObject finding) {
    String said = finding.getString("party");
    String cause = finding.getString("cause");
    boolean right = sameActor(truth, said, finding.getJsonObject("edge"));
    String party =
        right
            ? truth.party().name()
            : said + (kind(said).equals(kind(truth.party().name())) ? ELSEWHERE : "");
    return new Judge(party, cause, right, right && cause.equals(truth.cause().name()));
  }

  private static boolean sameActor(Truth truth, String said, JsonObject edge) {
    if (!kind(said).equals(kind(truth.party().name()))) {
      return false;
    }
    String client = edge.getString("client");
    String server = edge.getString("server");
    if (truth.party() == Party.TRANSPORT) {
      return is(client, truth.from()) && is(server, truth.to());
    }
    boolean atClient = truth.party().name().startsWith("CLIENT_");
    String process = said.startsWith("CLIENT_") ? client : server;
    return is(process, atClient ? truth.from() : truth.to());
  }

  private static String kind(String party) {
    return party.substring(party.indexOf('_') + 1);
  }

  /** The product adds the namespace. */
  private static boolean is(String said, String workload) {
    return said.equals(workload) || said.startsWith(workload + ".");
  }
}
