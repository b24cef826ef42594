package io.hoptoll.app.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** The YAML file as texts by dotted key, each with the place where it stands. */
final class ConfigFile {
  /** A file of settings is small; a larger one is the wrong file. */
  private static final long MAX_BYTES = 1 << 20;

  /**
   * @param place file and line
   * @param list given as a sequence
   */
  record Entry(String text, String place, boolean list) {}

  private final String name;
  private final List<String> problems;
  private final Map<String, Entry> entries = new LinkedHashMap<>();

  private ConfigFile(String name, List<String> problems) {
    this.name = name;
    this.problems = problems;
  }

  /** Reads the file; what is wrong with it is added to {@code problems}. */
  static Map<String, Entry> read(Path file, List<String> problems) {
    ConfigFile reader = new ConfigFile(file.toString(), problems);
    try {
      if (Files.size(file) > MAX_BYTES) {
        problems.add(file + ": larger than 1 MiB; is it the right file?");
        return Map.of();
      }
      reader.parse(Files.readString(file));
    } catch (IOException e) {
      problems.add(file + ": cannot be read: " + e);
    }
    return reader.entries;
  }

  private void parse(String yaml) {
    LoadSettings settings =
        LoadSettings.builder().setLabel(name).setAllowDuplicateKeys(false).build();
    try {
      Optional<Node> root = new Compose(settings).composeString(yaml);
      if (root.isPresent()) {
        section("", root.get());
      }
    } catch (MarkedYamlEngineException e) {
      problems.add(place(e.getProblemMark()) + ": not YAML: " + e.getProblem());
    } catch (YamlEngineException e) {
      problems.add(name + ": not YAML: " + e.getMessage());
    }
  }

  private void section(String prefix, Node node) {
    if (!(node instanceof MappingNode mapping)) {
      String where = prefix.isEmpty() ? "" : prefix.substring(0, prefix.length() - 1) + ": ";
      problems.add(place(node.getStartMark()) + ": " + where + "wants keys and values");
      return;
    }
    for (NodeTuple tuple : mapping.getValue()) {
      String key =
          tuple.getKeyNode() instanceof ScalarNode scalar ? prefix + scalar.getValue() : prefix;
      entry(key, tuple);
    }
  }

  private void entry(String key, NodeTuple tuple) {
    String place = place(tuple.getKeyNode().getStartMark());
    if (isSection(key)) {
      section(key + ".", tuple.getValueNode());
    } else if (Settings.all().stream().noneMatch(s -> s.key().equals(key))) {
      problems.add(place + ": unknown key '" + key + "'; " + known(key));
    } else if (tuple.getValueNode() instanceof ScalarNode scalar) {
      put(key, new Entry(scalar.getValue(), place, false));
    } else if (tuple.getValueNode() instanceof SequenceNode sequence) {
      put(key, new Entry(items(sequence), place, true));
    } else {
      problems.add(place + ": " + key + ": wants a value, not a section");
    }
  }

  private void put(String key, Entry entry) {
    Entry earlier = entries.putIfAbsent(key, entry);
    if (earlier != null) {
      problems.add(entry.place() + ": " + key + ": given a second time, first " + earlier.place());
    }
  }

  private static String items(SequenceNode sequence) {
    List<String> items = new ArrayList<>();
    for (Node item : sequence.getValue()) {
      items.add(item instanceof ScalarNode scalar ? scalar.getValue() : "?");
    }
    return String.join(",", items);
  }

  private static boolean isSection(String key) {
    return Settings.all().stream().anyMatch(s -> s.key().startsWith(key + "."));
  }

  /** The keys beside the unknown one: a typing error is among them. */
  private static String known(String key) {
    String section = key.substring(0, key.lastIndexOf('.') + 1);
    List<String> names =
        Settings.all().stream()
            .map(Setting::key)
            .filter(k -> k.startsWith(section))
            .map(k -> k.substring(section.length()).split("\\.")[0])
            .distinct()
            .toList();
    return (section.isEmpty() ? "keys here: " : "keys of " + section.replaceAll("\\.$", "") + ": ")
        + String.join(", ", names);
  }

  private String place(Optional<Mark> mark) {
    return place(mark.orElse(null));
  }

  private String place(@Nullable Mark mark) {
    return mark == null ? name : name + ":" + (mark.getLine() + 1);
  }
}
