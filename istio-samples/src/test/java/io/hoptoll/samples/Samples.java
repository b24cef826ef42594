package io.hoptoll.samples;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** The files a user applies, as parsed documents. */
final class Samples {
  /** One YAML document. */
  record Document(Path file, JsonNode tree) {
    String kind() {
      return tree.path("kind").asText();
    }

    String name() {
      return tree.path("metadata").path("name").asText();
    }

    @Override
    public String toString() {
      return Objects.toString(file.getFileName()) + ": " + kind() + " " + name();
    }
  }

  private static final List<Path> FOLDERS = List.of(Path.of("istio"), Path.of("bookinfo"));
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  private Samples() {}

  /** Every document of every YAML file. */
  static List<Document> documents() {
    return files(".yaml").flatMap(f -> read(f).stream()).toList();
  }

  /** The documents of one file, such as {@code istio/telemetry.yaml}. */
  static List<Document> read(Path file) {
    List<Document> documents = new ArrayList<>();
    try (YAMLParser parser = new YAMLFactory().createParser(file.toFile())) {
      YAML.readValues(parser, JsonNode.class)
          .forEachRemaining(tree -> documents.add(new Document(file, tree)));
    } catch (IOException e) {
      throw new UncheckedIOException(file.toString(), e);
    }
    return documents;
  }

  /** The only document of that kind and name in one file. */
  static JsonNode find(String file, String kind, String name) {
    return read(Path.of(file)).stream()
        .filter(d -> d.kind().equals(kind) && d.name().equals(name))
        .map(Document::tree)
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + kind + " " + name + " in " + file));
  }

  static List<Path> scripts() {
    return files(".sh").toList();
  }

  /** What a list of objects has under one key. */
  static List<String> texts(JsonNode list, String key) {
    List<String> texts = new ArrayList<>();
    list.forEach(item -> texts.add(item.path(key).asText()));
    return texts;
  }

  private static Stream<Path> files(String suffix) {
    List<Path> found = new ArrayList<>();
    for (Path folder : FOLDERS) {
      try (Stream<Path> files = Files.list(folder)) {
        files.filter(f -> f.toString().endsWith(suffix)).sorted().forEach(found::add);
      } catch (IOException e) {
        throw new UncheckedIOException(folder.toAbsolutePath().toString(), e);
      }
    }
    if (found.isEmpty()) {
      throw new IllegalStateException(
          "no " + suffix + " in " + FOLDERS + " of " + Path.of("").toAbsolutePath());
    }
    return found.stream();
  }
}
