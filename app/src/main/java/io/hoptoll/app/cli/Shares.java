package io.hoptoll.app.cli;

import io.vertx.core.json.JsonObject;

/** Whose the time of a mean request is, as one bar. */
final class Shares {
  static final int WIDTH = 24;

  /** As the parties are coloured. */
  enum Group {
    APP("SERVER_APP", "app", "CLIENT_APP", "SERVER_APP"),
    SIDECAR("SERVER_SIDECAR", "sidecar", "CLIENT_SIDECAR", "SERVER_SIDECAR"),
    TRANSPORT("TRANSPORT", "transport", "TRANSPORT"),
    OTHER("UNDETERMINED", "not told apart", "UNDETERMINED");

    final String party;
    final String words;
    private final String[] parties;

    Group(String party, String words, String... parties) {
      this.party = party;
      this.words = words;
      this.parties = parties;
    }

    String cell(Terminal terminal) {
      return terminal.hasColours() ? "█" : words.substring(0, 1);
    }

    double nanos(JsonObject byParty) {
      double sum = 0;
      for (String p : parties) {
        sum += byParty.getDouble(p, 0.0);
      }
      return sum;
    }
  }

  private Shares() {}

  /** {@link #WIDTH} cells; without colours each group has a letter. */
  static String bar(JsonObject byParty, Terminal terminal) {
    return bar(byParty, terminal, WIDTH);
  }

  /** What the bar's colours or letters mean. */
  static String legend(Terminal terminal) {
    StringBuilder out = new StringBuilder();
    for (Group group : Group.values()) {
      String separator = out.isEmpty() ? "" : "  ";
      out.append(separator);
      out.append(terminal.party(group.party, group.cell(terminal) + " " + group.words));
    }
    return out.toString();
  }

  static String bar(JsonObject byParty, Terminal terminal, int width) {
    double all = 0;
    for (Group group : Group.values()) {
      all += group.nanos(byParty);
    }
    StringBuilder bar = new StringBuilder();
    double sum = 0;
    int drawn = 0;
    for (Group group : Group.values()) {
      sum += group.nanos(byParty);
      int until = all <= 0 ? 0 : (int) Math.round(width * sum / all);
      String cells = group.cell(terminal).repeat(Math.max(0, until - drawn));
      bar.append(terminal.party(group.party, cells));
      drawn = Math.max(drawn, until);
    }
    return bar + " ".repeat(width - drawn);
  }
}
