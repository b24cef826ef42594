package io.hoptoll.tests;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import org.bson.Document;

/**
 * {@code MongoAsked PORT}: a server of MongoDB's wire protocol, and MongoDB's own driver, which
 * asks it; then the program ends.
 */
final class MongoAsked {
  private MongoAsked() {}

  public static void main(String[] arguments) {
    int status = 0;
    try {
      ask(arguments);
    } catch (RuntimeException e) {
      e.printStackTrace();
      status = 1;
    }
    Runtime.getRuntime().halt(status); // the server's threads would go on
  }

  private static void ask(String[] arguments) {
    int port = Integer.parseInt(arguments[0]);
    MongoServer server = new MongoServer(new MemoryBackend());
    server.bind("127.0.0.1", port);
    try (MongoClient client = MongoClients.create("mongodb://127.0.0.1:" + port)) {
      var collection = client.getDatabase("shop").getCollection("orders");
      collection.insertOne(new Document("number", 7));
      System.out.println(
          collection.countDocuments() == 1 ? "answered" : "the document is not there");
    }
  }
}
