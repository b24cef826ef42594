package io.hoptoll.bench.accuracy;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** How often what was true was called what. */
final class Confusion {
  private final Map<String, Map<String, Integer>> rows = new TreeMap<>();

  void add(String truth, String said) {
    rows.computeIfAbsent(truth, t -> new TreeMap<>()).merge(said, 1, Integer::sum);
  }

  int count(String truth, String said) {
    return rows.getOrDefault(truth, Map.of()).getOrDefault(said, 0);
  }

  /** Rows are the truth, columns what was said. */
  String toMarkdown(String corner) {
    TreeSet<String> columns = new TreeSet<>();
    rows.values().forEach(r -> columns.addAll(r.keySet()));
    StringBuilder text = new StringBuilder("| " + corner + " |");
    columns.forEach(c -> text.append(' ').append(words(c)).append(" |"));
    text.append("\n| --- |").append(" ---: |".repeat(columns.size())).append('\n');
    rows.forEach(
        (truth, row) -> {
          text.append("| ").append(words(truth)).append(" |");
          columns.forEach(c -> text.append(cell(truth.equals(c), row.get(c))));
          text.append('\n');
        });
    return text.toString();
  }

  private static String cell(boolean right, @org.jspecify.annotations.Nullable Integer n) {
    return n == null ? " |" : right ? " **" + n + "** |" : " " + n + " |";
  }

  Map<String, Object> toJson() {
    return new LinkedHashMap<>(rows);
  }

  private static String words(String code) {
    return code.toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
