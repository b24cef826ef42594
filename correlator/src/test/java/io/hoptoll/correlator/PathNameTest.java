package io.hoptoll.correlator;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PathNameTest {
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
  })
  void leavesIdsAndQueriesOut(String path, String name) {
    assertEquals(name, PathName.of(path));
  }
}
