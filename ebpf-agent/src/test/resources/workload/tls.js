// tls.js serve PORT CERTIFICATE KEY: GET /STATUS/... is answered with that status; Node has the socket, not OpenSSL.
// tls.js ask PORT PATH...: asks for each on one connection, and a second server's plain port in between.
const fs = require('fs');
const http = require('http');
const https = require('https');
const [what, port, ...rest] = process.argv.slice(2);

if (what === 'serve') {
  const keys = { cert: fs.readFileSync(rest[0]), key: fs.readFileSync(rest[1]) };
  const server = https.createServer(keys, (request, response) => {
    response.writeHead(parseInt(request.url.split('/')[1], 10), { 'Content-Length': 3 });
    response.end('end');
  });
  server.keepAliveTimeout = 60000;
  server.listen(Number(port), '127.0.0.1');
} else {
  const agent = new https.Agent({ keepAlive: true, maxSockets: 1, rejectUnauthorized: false });
  const plain = http.createServer((request, response) => response.end('plain'));
  const next = () => {
    const path = rest.shift();
    if (path === undefined) {
      process.exit(0);
    }
    http.get({ port: plain.address().port, host: '127.0.0.1' }, (first) => {
      first.resume().on('end', () => {
        const headers = { 'x-request-id': 'of' + path.split('?')[0] };
        https.get({ agent, port, host: '127.0.0.1', path, headers }, (r) => r.resume().on('end', next));
      });
    });
  };
  plain.listen(0, '127.0.0.1', next);
}
