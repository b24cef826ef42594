package io.hoptoll.app.api;

import io.hoptoll.app.profile.Limits;
import io.hoptoll.app.profile.PodInstance;
import io.hoptoll.app.profile.Rule;
import io.hoptoll.app.profile.TaskSpec;
import io.hoptoll.app.profile.Trigger;
import io.hoptoll.model.HeadsAsked;
import io.hoptoll.model.Nanos;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A profiling task as it is asked for; whatever is not understood is refused by its name. */
record TaskBody(JsonObject json) {
  static final String EXAMPLE =
      "{\"pod\": \"default/details-v1-5f4d\", \"duration\": \"60s\", \"rules\": [{\"path\":"
          + " \"/details/*\", \"minDuration\": \"100ms\", \"status\": [\"5xx\"]}]}";

  private static final Set<String> FIELDS =
      Set.of("pod", "duration", "rules", "when", "heads", "tls", "headBytes");
  private static final Set<String> RULE = Set.of("path", "minDuration", "status");
  private static final Set<String> WHEN =
      Set.of("errorRate", "p99", "cpu", "sidecarShare", "window", "minRequests");
  private static final Pattern STATUS = Pattern.compile("[1-5]xx|none");
  private static final int PATH_LENGTH = 256;
  private static final int DEFAULT_SECONDS = 60;
  private static final int DEFAULT_WINDOW = 10;
  private static final int DEFAULT_MIN_REQUESTS = 20;

  static TaskBody parse(@Nullable String text) {
    try {
      return new TaskBody(new JsonObject(text == null || text.isEmpty() ? "{}" : text));
    } catch (DecodeException e) {
      throw new Problem(
          400,
          "the body is no JSON object: " + e.getMessage(),
          new JsonObject().put("example", EXAMPLE));
    }
  }

  /** The pod as it was named. */
  String pod() {
    known(json, FIELDS);
    return query(json).required("pod", "a pod of /api/v1/pods, NAMESPACE/NAME");
  }

  TaskSpec spec(PodInstance pod) {
    JsonObject when = object(json, "when");
    return new TaskSpec(pod, duration(), rules(), heads(), when == null ? null : trigger(when));
  }

  private HeadsAsked heads() {
    boolean clear = isSet("heads");
    boolean tls = isSet("tls");
    if (!clear && !tls && json.containsKey("headBytes")) {
      throw refuse(
          "headBytes",
          "" + json.getValue("headBytes"),
          "allowed without \"heads\": true or \"tls\": true");
    }
    int bytes =
        query(json)
            .integer(
                "headBytes",
                Limits.DEFAULT_HEAD_BYTES,
                Limits.LEAST_HEAD_BYTES,
                Limits.MOST_HEAD_BYTES);
    return new HeadsAsked(clear ? Math.min(bytes, Limits.MOST_CLEAR_BYTES) : 0, tls ? bytes : 0);
  }

  private boolean isSet(String name) {
    Object value = json.getValue(name);
    return value != null && typed(name, value, Boolean.class);
  }

  /** Seconds. */
  long duration() {
    return query(json).seconds("duration", DEFAULT_SECONDS, Limits.LONGEST_SECONDS);
  }

  private List<Rule> rules() {
    Object value = json.getValue("rules");
    JsonArray array = value == null ? new JsonArray() : typed("rules", value, JsonArray.class);
    if (array.size() > Limits.RULES) {
      throw refuse("rules", "" + array.size(), "at most " + Limits.RULES + " rules");
    }
    List<Rule> rules = new ArrayList<>();
    for (Object rule : array) {
      rules.add(rule(typed("rules", rule, JsonObject.class)));
    }
    return rules;
  }

  private static Rule rule(JsonObject rule) {
    known(rule, RULE);
    String path = query(rule).text("path");
    if (path != null && path.length() > PATH_LENGTH) {
      throw refuse("path", path, "a pattern of at most " + PATH_LENGTH + " characters");
    }
    return new Rule(
        path == null ? "" : path,
        query(rule).millis("minDuration", 0) * Nanos.PER_MILLI,
        statuses(rule.getValue("status")));
  }

  private static Set<Integer> statuses(@Nullable Object value) {
    Set<Integer> digits = new TreeSet<>();
    JsonArray array = value == null ? new JsonArray() : typed("status", value, JsonArray.class);
    for (Object status : array) {
      String text = String.valueOf(status);
      if (!STATUS.matcher(text).matches()) {
        throw refuse("status", text, "a list of 1xx to 5xx or none (no response)");
      }
      digits.add(text.equals("none") ? 0 : text.charAt(0) - '0');
    }
    return digits;
  }

  private static Trigger trigger(JsonObject when) {
    known(when, WHEN);
    Query query = query(when);
    long p99 = query.millis("p99", -1);
    Trigger trigger =
        new Trigger(
            number(when, "errorRate", 1),
            p99 < 0 ? Double.NaN : (double) p99 * Nanos.PER_MILLI,
            number(when, "cpu", 1_024),
            number(when, "sidecarShare", 1),
            (int) query.seconds("window", DEFAULT_WINDOW, Limits.WINDOW_SECONDS),
            query.integer("minRequests", DEFAULT_MIN_REQUESTS, 1, 1_000_000));
    if (Double.isNaN(trigger.errorRate())
        && p99 < 0
        && Double.isNaN(trigger.cpus())
        && Double.isNaN(trigger.sidecarShare())) {
      throw refuse("when", when.encode(), "a threshold: errorRate, p99, cpu or sidecarShare");
    }
    return trigger;
  }

  private static double number(JsonObject json, String name, double max) {
    Object value = json.getValue(name);
    if (value == null) {
      return Double.NaN;
    }
    if (value instanceof Number n && n.doubleValue() >= 0 && n.doubleValue() <= max) {
      return n.doubleValue();
    }
    throw refuse(name, value.toString(), "a number from 0 to " + Math.round(max));
  }

  private static @Nullable JsonObject object(JsonObject json, String name) {
    Object value = json.getValue(name);
    return value == null ? null : typed(name, value, JsonObject.class);
  }

  private static <T> T typed(String name, Object value, Class<T> type) {
    if (type.isInstance(value)) {
      return type.cast(value);
    }
    String wanted =
        type == JsonArray.class
            ? "a list"
            : type == Boolean.class ? "true or false" : "an object with fields";
    throw refuse(name, String.valueOf(value), wanted);
  }

  private static void known(JsonObject json, Set<String> fields) {
    for (String name : json.fieldNames()) {
      if (!fields.contains(name)) {
        throw refuse(name, String.valueOf(json.getValue(name)), "known; " + new TreeSet<>(fields));
      }
    }
  }

  private static Query query(JsonObject json) {
    return new Query(
        name -> {
          Object value = json.getValue(name);
          return value == null ? null : value.toString();
        },
        EXAMPLE);
  }

  private static Problem refuse(String name, String value, String wanted) {
    return Problem.badParameter(name, value, wanted, EXAMPLE);
  }
}
