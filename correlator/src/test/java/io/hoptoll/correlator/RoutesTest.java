package io.hoptoll.correlator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hoptoll.correlator.JoinCounters.Count;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoutesTest {
  private final JoinCounters counters = new JoinCounters();
  private final List<UnaryOperator<String>> renames = new ArrayList<>();
  private final Routes routes = new Routes(counters, renames::add);

  @ParameterizedTest
  @CsvSource({
    "/product/42/reviews?page=2, /product/{id}/reviews",
    "/a//b/, /a/b",
    "/?x=1, /",
    "'', /",
    "/v1/items, /v1/items",
    "/u/3f2504e0-4f89-11d3-9a0c-0305e82c3301, /u/{id}",
    "/a-long-readable-segment, /a-long-readable-segment",
    "/1/2/3/4/5/6, /{id}/{id}/{id}/{id}/{id}/{id}",
    "/a/b/c/d/e/f/g/h, /a/b/c/d/e/f/…",
    "/blob/deadbeef01, /blob/{id}",
    "/facade/feedback, /facade/feedback",
    "/t/dGhpcyBpcyBhIHRva2Vu, /t/{id}",
    "/t/QWxhZGRpbjpvcGVuIHNlc2FtZQ==/x;v=1, /t/{id}/x",
    "/hipstershop.ProductCatalogService/ListProducts, /hipstershop.ProductCatalogService/ListProducts",
    "/envoy.service.discovery.v3.AggregatedDiscoveryService/StreamAggregatedResources, /envoy.service.discovery.v3.AggregatedDiscoveryService/StreamAggregatedResources",
    "/ProductCatalogServiceV2/ListAll, /ProductCatalogServiceV2/ListAll",
  })
  void leavesIdsAndQueriesOut(String path, String name) {
    assertEquals(name, routes.name("s", path));
  }

  @Test
  void namesOfUsersAreLearntAndThePagesKeepTheirs() {
    Set<String> late = new HashSet<>();
    for (int i = 0; i < 10_000; i++) {
      String user = "user-" + word(i);
      assertEquals("/login", routes.name("web", "/login"));
      String name = routes.name("web", "/home/" + user + "/cart");
      if (i >= 1_000) {
        late.add(name);
      }
    }
    assertEquals(Set.of("/home/{id}/cart"), late);
    assertEquals(1, counters.get(Count.ROUTES_LEARNT));
    assertEquals(0, counters.get(Count.ROUTES_OTHER));
    assertEquals("/home/{id}/cart", renames.get(0).apply("/home/user-" + word(3) + "/cart"));
    assertEquals("/login", renames.get(0).apply("/login"));
  }

  @Test
  void aScannerDoesNotTakeTheNameOfABusyPage() {
    Random random = new Random(7);
    for (int i = 0; i < 5_000; i++) {
      assertEquals("/productpage", routes.name("web", "/productpage"));
      routes.name("web", "/" + word(random.nextInt(1_000_000)) + ".php");
    }
    assertEquals("/{id}", routes.name("web", "/wp-login.php"));
  }

  @Test
  void whatIsBeyondTheBoundsIsOtherAndCounted() {
    Random random = new Random(11);
    Set<String> names = new HashSet<>();
    for (int i = 0; i < 200_000; i++) {
      StringBuilder path = new StringBuilder();
      for (int depth = 0; depth < 6; depth++) {
        path.append('/').append(word(random.nextInt(60)));
      }
      names.add(routes.name("wide", path.toString()));
    }
    assertTrue(names.size() <= Limits.PLACES_PER_SERVICE + 1, names.size() + " names");
    assertTrue(names.contains(Routes.OTHER));
    assertTrue(counters.get(Count.ROUTES_OTHER) > 100_000);
    assertEquals("/login", routes.name("another", "/login"));
  }

  @Test
  void windowsFollowNewNames() {
    Windows windows = new Windows(counters);
    Routes own = new Routes(counters, windows::rename);
    PathNode root = OneHop.node();
    for (int i = 0; i < 500; i++) {
      String name = windows.bounded(own.name("web", "/user/" + word(i)));
      windows.request(name, root, CriticalPath.charges(root), 1_000_000_000L * 1_000);
    }
    assertEquals(Set.of("/user/{id}"), windows.pathCounts().keySet());
    Window window = windows.between(1_000, 1_001).iterator().next();
    assertEquals(Set.of("/user/{id}"), window.paths.keySet());
    assertEquals(500, window.paths.values().iterator().next().count());
  }

  /** Letters only: nothing that looks like an id. */
  private static String word(int n) {
    StringBuilder word = new StringBuilder("w");
    for (int rest = n; rest > 0; rest /= 20) {
      word.append((char) ('a' + rest % 20));
    }
    return word.toString();
  }
}
