package io.hoptoll.bench;

import io.hoptoll.bench.accuracy.Accuracy;
import io.hoptoll.bench.ingest.Ingest;
import io.hoptoll.bench.overhead.Overhead;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code hoptoll bench NAME}. */
@Command(
    name = "bench",
    description = "How the published numbers are made.",
    mixinStandardHelpOptions = true,
    subcommands = {
      Concurrency.class,
      Accuracy.class,
      Jmh.class,
      StoreBench.class,
      Ingest.class,
      Overhead.class
    })
public final class Bench {
  /** Held strongly, or java.util.logging forgets the levels. */
  private static final Logger[] CHATTY = {
    Logger.getLogger("io.envoyproxy"), Logger.getLogger("io.grpc"), Logger.getLogger("io.hoptoll")
  };

  /** A control plane that closes with its mesh has streams whose executor is gone. */
  private static final Logger ENDED = Logger.getLogger("io.grpc.internal.SerializingExecutor");

  public static void main(String[] args) {
    for (Logger logger : CHATTY) {
      logger.setLevel(Level.SEVERE);
    }
    ENDED.setLevel(Level.OFF);
    System.exit(new CommandLine(new Bench()).execute(args));
  }
}
