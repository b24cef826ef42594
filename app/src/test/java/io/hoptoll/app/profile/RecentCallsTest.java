package io.hoptoll.app.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.hoptoll.model.Exchange;
import io.hoptoll.model.HttpCall;
import io.hoptoll.model.HttpHead;
import org.junit.jupiter.api.Test;

/** Which of an app's calls a request of HTTP/2 is told to be. */
class RecentCallsTest {
  private static final long SOCKET = 5;

  private final RecentCalls recent = new RecentCalls();

  @Test
  void callsWithOneIdOnOneSocketAreToldApartByWhatWasAsked() {
    HttpCall stock = call("/shop.Stock/Get", "r1");
    recent.add(stock);
    recent.add(call("/shop.Price/Get", "r1"));
    assertEquals(stock, recent.ofStream(SOCKET, "r1", "POST", "/shop.Stock/Get?of=7"));
    assertNull(recent.ofStream(SOCKET, "r1", "GET", "/shop.Stock/Get"));
    assertNull(recent.ofStream(SOCKET, "r2", "POST", "/shop.Stock/Get"));
    assertNull(recent.ofStream(SOCKET + 1, "r1", "POST", "/shop.Stock/Get"));
  }

  @Test
  void ofTwoAlikeNeitherIsSaidToBeIt() {
    recent.add(call("/a", "r1"));
    recent.add(call("/a", "r1"));
    assertNull(recent.ofStream(SOCKET, "r1", "POST", "/a"));
    recent.add(call("/a", "r1"));
    assertNull(recent.ofStream(SOCKET, "r1", "POST", "/a"));
  }

  @Test
  void theOldestGoCountedAndAllAtTheEnd() {
    for (int i = 0; i < Limits.RECENT_CALLS + 3; i++) {
      recent.add(call("/a", "r" + i));
    }
    assertEquals(3, recent.forgotten());
    assertNull(recent.ofStream(SOCKET, "r2", "POST", "/a"));
    HttpCall kept = call("/a", "r3");
    assertEquals(kept, recent.ofStream(SOCKET, "r3", "POST", "/a"));
    recent.clear();
    assertNull(recent.ofStream(SOCKET, "r3", "POST", "/a"));
    assertEquals(3, recent.forgotten());
  }

  private static HttpCall call(String path, String requestId) {
    return new HttpCall(
        false,
        "here",
        11,
        SOCKET,
        -1,
        null,
        true,
        new Exchange.Owner(1, 1, "test"),
        new HttpHead("POST", path, 0, "", requestId, "", "", false),
        200,
        100,
        105);
  }
}
