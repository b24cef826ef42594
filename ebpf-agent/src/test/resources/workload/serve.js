// serve.js PORT: GET /N is answered with N bytes; one thread, readiness by epoll.
const server = require('http').createServer((request, response) => {
  const body = Buffer.alloc(parseInt(request.url.slice(1), 10));
  response.writeHead(200, { 'Content-Length': body.length });
  response.end(body);
});
server.keepAliveTimeout = 60000;
server.listen(Number(process.argv[2]), '127.0.0.1');
