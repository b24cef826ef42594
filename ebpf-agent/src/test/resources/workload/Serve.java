import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;

/** {@code java Serve.java PORT}: GET /N is answered with N bytes; one selecting thread. */
class Serve {
  public static void main(String[] arguments) throws Exception {
    System.setProperty("sun.net.httpserver.nodelay", "true");
    int port = Integer.parseInt(arguments[0]);
    HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 64);
    server.createContext(
        "/",
        e -> {
          byte[] body = new byte[Integer.parseInt(e.getRequestURI().getPath().substring(1))];
          e.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
          e.getResponseBody().write(body);
          e.close();
        });
    server.start();
  }
}
