"""Calls a service. Arguments: HOST PATH RATE; takes lines such as "body 1000" from its standard input."""
import collections, socket, sys, threading, time

host, path, rate = sys.argv[1], sys.argv[2], float(sys.argv[3])
THREADS = 16
state = {
    "body": 0,  # bytes of each request's body
    "pause": 0,  # seconds between the two halves of it
    "expect": 0,  # 1: asks first whether the body may come
    "pipeline": 1,  # requests that are sent before the first answer
    "head": 0,  # bytes of one more header
    "gzip": 0,  # 1: takes it
    "slow": 0,  # seconds before it reads an answer
    "chunked": 0,
}
said, took = collections.Counter(), []


def head(body):
    lines = [f"{'POST' if body else 'GET'} {path} HTTP/1.1", f"host: {host}"]
    if body and state["chunked"]:
        lines.append("transfer-encoding: chunked")
    elif body:
        lines.append(f"content-length: {body}")
    if state["expect"]:
        lines.append("expect: 100-continue")
    if state["head"]:
        lines.append("x-more: " + "m" * int(state["head"]))
    if state["gzip"]:
        lines.append("accept-encoding: gzip")
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def answer(f):
    status = f.readline().split()[1].decode()
    length = closes = chunked = 0
    for line in iter(f.readline, b"\r\n"):
        name, _, value = line.decode().lower().partition(":")
        if name == "content-length":
            length = int(value)
        closes |= name == "connection" and "close" in value
        chunked |= name == "transfer-encoding"
    f.read(length)
    while chunked:
        size = int(f.readline(), 16)
        f.read(size + 2)
        chunked = size > 0
    return status, closes


def piece(b):
    return b"%x\r\n%s\r\n" % (len(b), b) if state["chunked"] else b


def send(s, f):
    body = int(state["body"])
    if not body:
        s.sendall(head(0) * int(state["pipeline"]))
        return
    s.sendall(head(body))
    if state["expect"]:
        answer(f)
    half = body // 2
    s.sendall(piece(b"b" * half))
    time.sleep(state["pause"])
    s.sendall(piece(b"b" * (body - half)) + (b"0\r\n\r\n" if state["chunked"] else b""))


def run():
    s = f = None
    while True:
        begin = time.time()
        try:
            if s is None:
                s = socket.create_connection((host, 9080))
                s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                f = s.makefile("rb")
            send(s, f)
            time.sleep(state["slow"])
            closes = False
            for _ in range(1 if state["body"] else int(state["pipeline"])):
                status, close = answer(f)
                said[status] += 1
                closes |= close
            took.append(time.time() - begin)
        except (OSError, IndexError, ValueError) as e:
            said[type(e).__name__] += 1
            closes = True
        if closes:
            f.close()
            s.close()
            s = None
        time.sleep(max(0, THREADS / rate - (time.time() - begin)))


for i in range(THREADS):
    threading.Timer(i / rate, run).start()
print("ready", flush=True)
for line in sys.stdin:
    if line.strip() == "said":
        mean = sum(took) / max(1, len(took))
        print(dict(said), f"{1000 * mean:.1f} ms", flush=True)
        said.clear()
        took.clear()
        continue
    name, value = line.split()
    state[name] = float(value)
