package io.hoptoll.app.cli;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Asks a Hoptoll server; problems become {@link ApiException}s with the server's words. By {@link
 * HttpURLConnection}, which is there in 0.05 s of CPU, where {@code java.net.http} takes 0.4: most
 * commands ask once and end.
 */
public final class ApiClient {
  private static final int CONNECT_MILLIS = 3_000;
  private static final int PATIENCE_MILLIS = 10_000;

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
    return ask("GET", resource, null);
  }

  /** POSTs JSON; otherwise as {@link #get}. */
  public JsonObject post(String resource, JsonObject body) {
    return ask("POST", resource, body);
  }

  /** DELETEs a resource; otherwise as {@link #get}. */
  public void delete(String resource) {
    ask("DELETE", resource, null);
  }

  private JsonObject ask(String method, String resource, @Nullable JsonObject body) {
    try {
      HttpURLConnection call = open(resource);
      call.setRequestMethod(method);
      if (body != null) {
        send(call, body.encode().getBytes(StandardCharsets.UTF_8));
      }
      int status = call.getResponseCode();
      JsonObject answer = read(status >= 400 ? call.getErrorStream() : call.getInputStream());
      if (status >= 400) {
        throw new ApiException(status, words(answer));
      }
      return answer;
    } catch (SocketTimeoutException e) {
      String late = " has not answered in time (" + e.getMessage() + "): it or its machine is busy";
      throw new ApiException(0, "the Hoptoll server at " + base + late);
    } catch (DecodeException e) {
      throw new ApiException(0, "what answers at " + base + " is no Hoptoll server: no JSON");
    } catch (IOException e) {
      throw new ApiException(
          0,
          "no Hoptoll server answers at " + base + "; start one (hoptoll server) or use --server");
    }
  }

  private HttpURLConnection open(String resource) throws IOException {
    if (!(URI.create(base + resource).toURL().openConnection() instanceof HttpURLConnection call)) {
      throw new ApiException(0, base + " is no http:// or https:// address");
    }
    call.setConnectTimeout(CONNECT_MILLIS);
    call.setReadTimeout(PATIENCE_MILLIS);
    call.setInstanceFollowRedirects(false);
    return call;
  }

  /** Of a known length: such a request is never sent twice. */
  private static void send(HttpURLConnection call, byte[] json) throws IOException {
    call.setRequestProperty("content-type", "application/json");
    call.setDoOutput(true);
    call.setFixedLengthStreamingMode(json.length);
    try (OutputStream out = call.getOutputStream()) {
      out.write(json);
    }
  }

  /** Empty where there is none. */
  private static JsonObject read(@Nullable InputStream in) throws IOException {
    if (in == null) {
      return new JsonObject();
    }
    try (in) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return text.isBlank() ? new JsonObject() : new JsonObject(text);
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
