// hello.js PORT: the smallest answer, so that what is added weighs most.
require('http')
  .createServer((request, response) => response.end('hello from node\n'))
  .listen(Number(process.argv[2]), '127.0.0.1');
