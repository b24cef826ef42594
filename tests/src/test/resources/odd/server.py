"""An HTTP/1.1 server on port 9080 that takes lines such as "delay 0.2" from its standard input."""
import http.client, random, socket, sys, threading, time

state = {
    "delay": 0.01,  # seconds of work for each request
    "size": 2,  # bytes of the answer
    "gap": 0,  # seconds between the two halves of the answer
    "close": 0,  # 1: "connection: close" in each answer; 2: closes its way after each, and says so not
    "idle": 0,  # seconds after which a connection without a request is closed; 0: never
    "pool": 64,  # how many connections are served at once: others are accepted and not read
    "inner": 64,  # how many requests are worked on at once: others are read and wait
    "calls": 0,  # 1: asks hop2 for each request
    "out": 64,  # how many calls of its own it makes at once
    "status": 200,
    "share": 1,  # of the requests that have that status
}


class Limit:
    """A semaphore whose number is in the state, as it is by then."""

    def __init__(self, name):
        self.name, self.taken, self.changed = name, 0, threading.Condition()

    def __enter__(self):
        with self.changed:
            while self.taken >= state[self.name]:
                self.changed.wait(0.05)
            self.taken += 1

    def __exit__(self, *error):
        with self.changed:
            self.taken -= 1
            self.changed.notify()


pool, inner, out = Limit("pool"), Limit("inner"), Limit("out")
mine = threading.local()
noise = random.randbytes(1 << 22).hex().encode()


def call(rid):
    with out:
        c = http.client.HTTPConnection("hop2", 9080)
        c.request("GET", mine.path, headers={"x-request-id": rid})
        c.getresponse().read()
        c.close()


def request(f):
    line = f.readline()
    if not line:
        return None
    mine.path = line.split()[1].decode()
    head = {}
    for h in iter(f.readline, b"\r\n"):
        name, _, value = h.decode().partition(":")
        head[name.lower()] = value.strip()
    f.read(int(head.get("content-length", 0)))
    if head.get("transfer-encoding") == "chunked":
        while size := int(f.readline(), 16):
            f.read(size + 2)
        f.readline()
    return head


def answer(c, head):
    with inner:
        time.sleep(state["delay"])
        if state["calls"]:
            call(head.get("x-request-id", ""))
    size, gap = int(state["size"]), state["gap"]
    status = int(state["status"]) if random.random() < state["share"] else 200
    close = "connection: close\r\n" if state["close"] == 1 else ""
    words = f"HTTP/1.1 {status} OK\r\ncontent-type: text/plain\r\n{close}content-length: {size}\r\n\r\n"
    half = size // 2 if gap else size
    c.sendall(words.encode() + noise[:half])
    if gap:
        time.sleep(gap)
        c.sendall(noise[half:size])


def one(c, f):
    head = request(f)
    if head is None:
        return False
    answer(c, head)
    return not state["close"]


def serve(c):
    with c, c.makefile("rb") as f:
        try:
            c.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            while True:
                c.settimeout(state["idle"] or None)
                if state["pool"] < 64:
                    with pool:
                        go = one(c, f)
                else:
                    go = one(c, f)
                if not go:
                    break
            if state["close"] == 2:
                c.shutdown(socket.SHUT_WR)
                f.read()
        except (OSError, ValueError):
            pass


def accept():
    s = socket.create_server(("", 9080), backlog=512)
    while True:
        threading.Thread(target=serve, args=s.accept()[:1], daemon=True).start()


threading.Thread(target=accept, daemon=True).start()
print("ready", flush=True)
for line in sys.stdin:
    name, value = line.split()
    state[name] = float(value)
