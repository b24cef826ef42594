package io.hoptoll.tests;

import java.util.ArrayList;
import java.util.List;

/** A program in a pod that asks itself by HTTP/1, past any sidecar: answered with 404. */
final class AskingInPod {
  private static final String PROGRAM =
      """
      import http.client, http.server, threading
      class Never(http.server.BaseHTTPRequestHandler):
          def do_GET(self):
              self.send_response(404)
              self.send_header('content-length', '0')
              self.end_headers()
          def log_message(self, *a): pass
      server = http.server.HTTPServer(('127.0.0.1', 0), Never)
      threading.Thread(target=server.serve_forever, daemon=True).start()
      client = http.client.HTTPConnection('127.0.0.1', server.server_port)
      client.request('GET', '%s')
      client.getresponse().read()
      client.close()
      """;

  private AskingInPod() {}

  /** Returns once it is answered; aborts the test where python3 is missing. */
  static void ask(List<String> inPod, String path) throws Exception {
    List<String> command = new ArrayList<>(inPod);
    command.addAll(List.of(Programs.find("python3").toString(), "-c", PROGRAM.formatted(path)));
    int status = new ProcessBuilder(command).inheritIO().start().waitFor();
    if (status != 0) {
      throw new IllegalStateException("the program in the pod ended with " + status);
    }
  }
}
