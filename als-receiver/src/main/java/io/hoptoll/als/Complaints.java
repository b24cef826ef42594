package io.hoptoll.als;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Warnings about senders; the same one about the same sender once a minute. Any thread. */
final class Complaints {
  private static final Logger LOG = LoggerFactory.getLogger(AlsServer.class);

  private record Key(String sender, String what) {}

  private final Cache<Key, Boolean> recent =
      Caffeine.newBuilder()
          .maximumSize(Limits.COMPLAINTS)
          .expireAfterWrite(Limits.COMPLAINT_INTERVAL)
          .executor(Runnable::run)
          .build();

  void about(String sender, String what, String detail) {
    if (recent.asMap().putIfAbsent(new Key(sender, what), true) == null) {
      LOG.warn("ALS from {}: {}: {}", sender, what, detail);
    }
  }
}
