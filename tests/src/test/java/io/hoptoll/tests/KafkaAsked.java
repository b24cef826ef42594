package io.hoptoll.tests;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import kafka.tools.StorageTool;
import org.apache.kafka.clients.admin.Admin;

/**
 * {@code KafkaAsked PORT DIR}: one broker of Kafka, its own controller at the port above, and a
 * client of Kafka's that asks it who it is; then the program ends.
 */
final class KafkaAsked {
  private static final String CLUSTER = "4L6g3nShT-eMCtK--X86sw"; // any UUID, as Kafka writes them

  private KafkaAsked() {}

  public static void main(String[] arguments) {
    int status = 0;
    try {
      ask(arguments);
    } catch (Exception e) {
      e.printStackTrace();
      status = 1;
    }
    Runtime.getRuntime().halt(status); // the broker would say good-bye at length
  }

  private static void ask(String[] arguments) throws Exception {
    int port = Integer.parseInt(arguments[0]);
    Path dir = Path.of(arguments[1]);
    Path settings = dir.resolve("server.properties");
    try (var out = Files.newBufferedWriter(settings)) {
      settings(port, dir).store(out, null);
    }
    String[] format = {"format", "-t", CLUSTER, "-c", settings.toString()};
    if (StorageTool.execute(format, System.out) != 0) {
      throw new IllegalStateException("Kafka cannot use " + dir);
    }
    Thread broker = new Thread(() -> kafka.Kafka.main(new String[] {settings.toString()}));
    broker.setDaemon(true);
    broker.start();
    try (Admin client = Admin.create(Map.of("bootstrap.servers", "127.0.0.1:" + port))) {
      int brokers = client.describeCluster().nodes().get(60, TimeUnit.SECONDS).size();
      System.out.println(brokers == 1 ? "answered" : brokers + " brokers");
    }
  }

  private static Properties settings(int port, Path dir) {
    Properties p = new Properties();
    p.put("process.roles", "broker,controller");
    p.put("node.id", "1");
    p.put("listeners", "PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + (port + 1));
    p.put("controller.listener.names", "CONTROLLER");
    p.put("controller.quorum.voters", "1@127.0.0.1:" + (port + 1));
    p.put("log.dirs", dir.resolve("log").toString());
    return p;
  }
}
