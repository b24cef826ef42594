"""tls.py serve PORT CERTIFICATE KEY: GET /STATUS/... is answered with that status, over TLS; OpenSSL has the socket.
tls.py ask PORT PATH...: asks for each on one connection."""

import http.client
import ssl
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self):
        body = b"GET no head of a request, but a body that begins like one\r\n"
        self.send_response(int(self.path.split("/")[1]))
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


if sys.argv[1] == "serve":
    server = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[2])), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[3], sys.argv[4])
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.serve_forever()
else:
    context = ssl._create_unverified_context()
    connection = http.client.HTTPSConnection("127.0.0.1", int(sys.argv[2]), context=context)
    for path in sys.argv[3:]:
        connection.request("GET", path, headers={"x-request-id": "of" + path.partition("?")[0]})
        connection.getresponse().read()
