package io.hoptoll.app.cli;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.function.UnaryOperator;

/** Asks a Hoptoll server; problems become {@link ApiException}s with the server's words. */
public final class ApiClient {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(3)).build();
  private final String base;

  public ApiClient(String base) {
    this.base = base.endsWith("/") ? base.substring(0, base.length() - 1) : base;
  }

  /** The server's answer did not come or was a refusal. */
  public static final class ApiException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;

    ApiException(int status, String message) {
      super(message);
      this.status = status;
    }

    /** The HTTP status, 0 where there was no answer. */
    public int status() {
      return status;
    }
  }

  /**
   * GETs a resource.
   *
   * @throws ApiException when the server cannot be reached or refuses
   */
  public JsonObject get(String resource) {
    return ask(resource, HttpRequest.Builder::GET);
  }

  /** POSTs JSON; otherwise as {@link #get}. */
  public JsonObject post(String resource, JsonObject body) {
    BodyPublisher json = BodyPublishers.ofString(body.encode());
    return ask(resource, b -> b.header("content-type", "application/json").POST(json));
  }

  /** DELETEs a resource; otherwise as {@link #get}. */
  public void delete(String resource) {
    ask(resource, HttpRequest.Builder::DELETE);
  }

  private JsonObject ask(String resource, UnaryOperator<HttpRequest.Builder> how) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base + resource)).timeout(PATIENCE);
    try {
      HttpResponse<String> r =
          http.send(how.apply(request).build(), HttpResponse.BodyHandlers.ofString());
      JsonObject body = r.statusCode() == 204 ? new JsonObject() : new JsonObject(r.body());
      if (r.statusCode() >= 400) {
        throw new ApiException(r.statusCode(), words(body));
      }
      return body;
    } catch (HttpTimeoutException e) {
      String late = " has not answered in time (" + e.getMessage() + "): it or its machine is busy";
      throw new ApiException(0, "the Hoptoll server at " + base + late);
    } catch (IOException e) {
      throw new ApiException(
          0,
          "no Hoptoll server answers at " + base + "; start one (hoptoll server) or use --server");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ApiException(0, "interrupted");
    }
  }

  private static String words(JsonObject problem) {
    StringBuilder words = new StringBuilder(problem.getString("detail", problem.encode()));
    if (problem.containsKey("paths")) {
      words
          .append("\nknown paths: ")
          .append(
              String.join(
                  ", ", problem.getJsonArray("paths").stream().map(String::valueOf).toList()));
    }
    if (problem.containsKey("example")) {
      words.append("\nexample: ").append(problem.getString("example"));
    }
    return words.toString();
  }
}
