package io.hoptoll.tests;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The API's own description, as a judge of its answers. */
final class OpenApi {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final JsonNode document;

  OpenApi(String document) throws IOException {
    this.document = JSON.readTree(document);
  }

  /** Every resource described that can be read, such as {@code /api/v1/requests/{requestId}}. */
  Set<String> resources() {
    Set<String> names = new TreeSet<>();
    document.get("paths").properties().stream()
        .filter(p -> p.getValue().has("get"))
        .forEach(p -> names.add(p.getKey()));
    return names;
  }

  /** What is wrong with an answer to a GET; empty: nothing. */
  List<String> faults(String resource, int status, String mediaType, String body)
      throws IOException {
    return faults("get", resource, status, mediaType, body);
  }

  /** What is wrong with an answer; empty: nothing. */
  List<String> faults(String method, String resource, int status, String mediaType, String body)
      throws IOException {
    JsonNode responses = document.at("/paths/" + escape(resource) + "/" + method + "/responses");
    JsonNode response = responses.path("" + status);
    response = response.isMissingNode() ? responses.path("default") : response;
    if (response.has("$ref")) {
      response = document.at(response.get("$ref").asText().substring(1));
    }
    JsonNode schema = response.path("content").path(mediaType).path("schema");
    if (schema.isMissingNode()) {
      return List.of(resource + " describes no " + mediaType + " of status " + status);
    }
    return validator(schema).validate(JSON.readTree(body)).stream().map(Error::getMessage).toList();
  }

  /** What is wrong with the body that a client would POST; empty: nothing. */
  List<String> bodyFaults(String resource, String body) throws IOException {
    String schema = "/post/requestBody/content/application~1json/schema";
    return validator(document.at("/paths/" + escape(resource) + schema))
        .validate(JSON.readTree(body))
        .stream()
        .map(Error::getMessage)
        .toList();
  }

  /** The document is JSON Schema 2020-12 (OpenAPI 3.1); references in it point to itself. */
  private Schema validator(JsonNode schema) {
    ObjectNode whole = schema.deepCopy();
    whole.set("components", document.get("components"));
    return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12).getSchema(whole);
  }

  private static String escape(String resource) {
    return resource.replace("~", "~0").replace("/", "~1");
  }
}
