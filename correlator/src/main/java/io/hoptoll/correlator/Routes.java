package io.hoptoll.correlator;

import io.hoptoll.correlator.JoinCounters.Count;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * The names under which requests are windowed: URL paths as templates. Segments that look like ids
 * are {@code {id}} at once ({@link Segments}); where one place of a service's paths shows more than
 * {@link Limits#SEGMENTS_AT_A_PLACE} different segments, the rare ones become {@code {id}} too,
 * then and from then on. What is beyond the bounds is {@code {other}}, and counted.
 */
final class Routes {
  static final String OTHER = "{other}";

  /** Envoy refused them before it knew what they asked for, or nobody asked to the end. */
  static final String UNREAD = "{unread}";

  private static final int MAX_SEGMENTS = 6;

  /** A segment with at least this share of its place's requests keeps its name. */
  private static final double FREQUENT = 0.02;

  /** One place in a service's paths: what may follow there. */
  private static final class Place {
    final Map<String, Place> next = new HashMap<>(4);
    long requests;
    boolean learnt;
  }

  private static final class Service {
    final Place root = new Place();
    final RouteNames<Route> asked = new RouteNames<>();
    int places;
  }

  /** A path's name, and the places it passes. */
  private record Route(String name, List<Place> places) {}

  private final Map<String, Service> services = new HashMap<>();
  private final JoinCounters counters;

  /** Hears how names of before are called now, when a place has been learnt. */
  private final java.util.function.Consumer<UnaryOperator<String>> renamed;

  Routes(JoinCounters counters, java.util.function.Consumer<UnaryOperator<String>> renamed) {
    this.counters = counters;
    this.renamed = renamed;
  }

  /** {@code /product/42/reviews?page=2} → {@code /product/{id}/reviews}. */
  String name(String service, String path) {
    Service own = services.get(service);
    if (own == null) {
      String key = services.size() < Limits.SERVICES ? service : "";
      own = services.computeIfAbsent(key, s -> new Service());
    }
    Route known = own.asked.get(path);
    if (known == null) {
      return find(own, path);
    }
    for (Place place : known.places()) {
      place.requests++;
    }
    return known.name();
  }

  private String find(Service own, String path) {
    List<String> segments = Segments.of(path);
    boolean longer = segments.size() > MAX_SEGMENTS;
    StringBuilder name = new StringBuilder();
    Place place = own.root;
    List<Place> passed = new ArrayList<>(segments.size() + 1);
    for (String segment : longer ? segments.subList(0, MAX_SEGMENTS) : segments) {
      place.requests++;
      passed.add(place);
      String known = known(own, place, segment, name.toString());
      Place next = place.next.get(known);
      if (next == null) {
        counters.add(Count.ROUTES_OTHER);
        return OTHER;
      }
      name.append('/').append(known);
      place = next;
    }
    place.requests++;
    passed.add(place);
    String all = name.isEmpty() ? "/" : longer ? name.append("/…").toString() : name.toString();
    own.asked.put(path, new Route(all, passed));
    return all;
  }

  /** The segment's name at its place, which then has it unless the service is full. */
  private String known(Service service, Place place, String segment, String prefix) {
    if (place.next.containsKey(segment)) {
      return segment;
    }
    String name = place.learnt ? Segments.ID : segment;
    if (!place.next.containsKey(name) && service.places < Limits.PLACES_PER_SERVICE) {
      place.next.put(name, new Place());
      service.places++;
    }
    if (!place.learnt && place.next.size() > Limits.SEGMENTS_AT_A_PLACE) {
      learn(service, place, prefix);
      return place.next.containsKey(segment) ? segment : Segments.ID;
    }
    return name;
  }

  private void learn(Service service, Place place, String prefix) {
    place.learnt = true;
    service.asked.clear();
    List<String> rare = new ArrayList<>();
    place.next.forEach(
        (segment, next) -> {
          if (next.requests < FREQUENT * place.requests && !segment.equals(Segments.ID)) {
            rare.add(segment);
          }
        });
    for (String segment : rare) {
      Place gone = place.next.remove(segment);
      service.places -= gone == null ? 0 : size(gone);
    }
    if (place.next.putIfAbsent(Segments.ID, new Place()) == null) {
      service.places++;
    }
    counters.add(Count.ROUTES_LEARNT);
    renamed.accept(name -> rename(name, prefix + "/", rare));
  }

  private static String rename(String name, String prefix, List<String> rare) {
    if (!name.startsWith(prefix)) {
      return name;
    }
    int end = name.indexOf('/', prefix.length());
    String segment = name.substring(prefix.length(), end < 0 ? name.length() : end);
    return rare.contains(segment)
        ? prefix + Segments.ID + (end < 0 ? "" : name.substring(end))
        : name;
  }

  private static int size(Place place) {
    int n = 1;
    for (Place next : place.next.values()) {
      n += size(next);
    }
    return n;
  }
}
