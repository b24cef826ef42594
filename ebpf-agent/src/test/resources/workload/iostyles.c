// SPDX-License-Identifier: Apache-2.0
/*
 * iostyles CONNECTIONS TURNS: request and response by every way to write and to read a TCP socket; each of the 2 x
 * CONNECTIONS ends has its own. Prints "LISTENER PORT", then "CLIENT PORT writer/reader writer/reader" (client, server)
 * for each, and "done" after the last turn. The sockets stay open until standard input ends.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define MOST 70001

struct end {
	int fd, file, pipe[2], ring;
	int connection, client;
	unsigned *submit_tail, *complete_head;
	struct io_uring_sqe *entry;
	struct io_uring_cqe *result;
	char bytes[MOST];
};

static int turns;

static void must(long result, const char *what)
{
	if (result < 0) {
		perror(what);
		exit(1);
	}
}

static struct iovec *halves(struct end *e, size_t n)
{
	static __thread struct iovec two[2];

	two[0] = (struct iovec){ e->bytes, n / 3 };
	two[1] = (struct iovec){ e->bytes + n / 3, n - n / 3 };
	return two;
}

static struct msghdr *message(struct end *e, size_t n)
{
	static __thread struct msghdr m;

	m = (struct msghdr){ .msg_iov = halves(e, n), .msg_iovlen = 2 };
	return &m;
}

/* An entry at a time: io_uring_enter() returns when it is complete. */
static void ring_open(struct end *e)
{
	struct io_uring_params p = {};
	char *queues;

	e->ring = syscall(SYS_io_uring_setup, 1, &p);
	must(e->ring, "io_uring_setup");
	/* one entry: index 0 is the only one, in the queue and in the array */
	queues = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, e->ring, IORING_OFF_SQ_RING);
	e->entry = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, e->ring, IORING_OFF_SQES);
	must(queues == MAP_FAILED || e->entry == MAP_FAILED ? -1 : 0, "mmap of a ring");
	must(p.features & IORING_FEAT_SINGLE_MMAP ? 0 : -1, "a ring in one mapping");
	e->submit_tail = (unsigned *)(queues + p.sq_off.tail);
	e->complete_head = (unsigned *)(queues + p.cq_off.head);
	e->result = (struct io_uring_cqe *)(queues + p.cq_off.cqes);
}

static ssize_t ring_call(struct end *e, int operation, size_t n)
{
	int result;

	memset(e->entry, 0, sizeof(*e->entry));
	e->entry->opcode = operation;
	e->entry->fd = e->fd;
	e->entry->addr = (unsigned long)e->bytes;
	e->entry->len = n;
	__atomic_store_n(e->submit_tail, *e->submit_tail + 1, __ATOMIC_RELEASE);
	must(syscall(SYS_io_uring_enter, e->ring, 1, 1, IORING_ENTER_GETEVENTS, 0, 0), "io_uring_enter");
	result = e->result[*e->complete_head & 1].res; /* twice as many results as entries */
	__atomic_store_n(e->complete_head, *e->complete_head + 1, __ATOMIC_RELEASE);
	errno = -result;
	return result;
}

typedef ssize_t (*call)(struct end *, size_t);
struct style {
	const char *name;
	call call;
};

static ssize_t by_write(struct end *e, size_t n) { return write(e->fd, e->bytes, n); }
static ssize_t by_send(struct end *e, size_t n) { return send(e->fd, e->bytes, n, 0); }
static ssize_t by_sendto(struct end *e, size_t n) { return sendto(e->fd, e->bytes, n, MSG_NOSIGNAL, 0, 0); }
static ssize_t by_sendmsg(struct end *e, size_t n) { return sendmsg(e->fd, message(e, n), 0); }
static ssize_t by_writev(struct end *e, size_t n) { return writev(e->fd, halves(e, n), 2); }
static ssize_t by_uring_send(struct end *e, size_t n) { return ring_call(e, IORING_OP_SEND, n); }

static ssize_t by_sendmmsg(struct end *e, size_t n)
{
	struct iovec *two = halves(e, n);
	struct mmsghdr m[2] = { { .msg_hdr = { .msg_iov = two + !two[0].iov_len, .msg_iovlen = 1 } },
				{ .msg_hdr = { .msg_iov = two + 1, .msg_iovlen = 1 } } };
	int sent = sendmmsg(e->fd, m, two[0].iov_len ? 2 : 1, 0);

	must(sent < 2 || m[0].msg_len == two[0].iov_len ? 0 : -1, "a first message sent whole");
	return sent <= 0 ? sent : m[0].msg_len + (sent > 1 ? m[1].msg_len : 0);
}

static ssize_t by_sendfile(struct end *e, size_t n)
{
	off_t from = 0;

	return sendfile(e->fd, e->file, &from, n);
}

static ssize_t by_splice(struct end *e, size_t n)
{
	ssize_t in = write(e->pipe[1], e->bytes, n < 60000 ? n : 60000), out = 0;

	while (in > out) {
		ssize_t moved = splice(e->pipe[0], 0, e->fd, 0, in - out, 0);

		must(moved, "splice");
		out += moved;
	}
	return in;
}

/* Waits until the kernel has done with the pages, which it says in the socket's error queue. */
static ssize_t by_zerocopy(struct end *e, size_t n)
{
	struct pollfd p = { .fd = e->fd };
	char control[128];
	struct msghdr m = { .msg_control = control, .msg_controllen = sizeof(control) };
	ssize_t sent = send(e->fd, e->bytes, n, MSG_ZEROCOPY);

	if (sent > 0) {
		must(poll(&p, 1, 5000) == 1 ? 0 : -1, "completion of MSG_ZEROCOPY");
		must(recvmsg(e->fd, &m, MSG_ERRQUEUE), "MSG_ERRQUEUE");
	}
	return sent;
}

static ssize_t by_read(struct end *e, size_t n) { return read(e->fd, e->bytes, n); }
static ssize_t by_recv(struct end *e, size_t n) { return recv(e->fd, e->bytes, n, 0); }
static ssize_t by_recvfrom(struct end *e, size_t n) { return recvfrom(e->fd, e->bytes, n, MSG_NOSIGNAL, 0, 0); }
static ssize_t by_recvmsg(struct end *e, size_t n) { return recvmsg(e->fd, message(e, n), 0); }
static ssize_t by_readv(struct end *e, size_t n) { return readv(e->fd, halves(e, n), 2); }
static ssize_t by_waiting_for_all(struct end *e, size_t n) { return recv(e->fd, e->bytes, n, MSG_WAITALL); }
static ssize_t by_discarding(struct end *e, size_t n) { return recv(e->fd, 0, n, MSG_TRUNC); }
static ssize_t by_uring_recv(struct end *e, size_t n) { return ring_call(e, IORING_OP_RECV, n); }

static ssize_t by_recvmmsg(struct end *e, size_t n)
{
	struct iovec *two = halves(e, n);
	struct mmsghdr m[2] = { { .msg_hdr = { .msg_iov = two + !two[0].iov_len, .msg_iovlen = 1 } },
				{ .msg_hdr = { .msg_iov = two + 1, .msg_iovlen = 1 } } };
	int got = recvmmsg(e->fd, m, two[0].iov_len ? 2 : 1, MSG_WAITFORONE, 0);

	return got <= 0 ? got : m[0].msg_len + (got > 1 ? m[1].msg_len : 0);
}

static ssize_t by_peeking_first(struct end *e, size_t n)
{
	must(recv(e->fd, e->bytes, n, MSG_PEEK), "MSG_PEEK");
	return recv(e->fd, e->bytes, n, 0);
}

static ssize_t by_polling(struct end *e, size_t n)
{
	struct pollfd p = { .fd = e->fd, .events = POLLIN };
	ssize_t got;

	while ((got = recv(e->fd, e->bytes, n, MSG_DONTWAIT)) < 0 && errno == EAGAIN)
		must(poll(&p, 1, -1), "poll");
	return got;
}

static const struct style writers[] = {
	{ "write", by_write },	     { "send", by_send },	{ "sendto", by_sendto },     { "sendmsg", by_sendmsg },
	{ "writev", by_writev },     { "sendmmsg", by_sendmmsg }, { "sendfile", by_sendfile }, { "splice", by_splice },
	{ "zerocopy", by_zerocopy }, { "uring", by_uring_send },
};
static const struct style readers[] = {
	{ "read", by_read },	     { "recv", by_recv },	      { "recvfrom", by_recvfrom }, { "recvmsg", by_recvmsg },
	{ "readv", by_readv },	     { "recvmmsg", by_recvmmsg },     { "peek", by_peeking_first }, { "poll", by_polling },
	{ "trunc", by_discarding },  { "waitall", by_waiting_for_all }, { "uring", by_uring_recv },
};

#define OF(styles, e) (styles + (2 * (e)->connection + !(e)->client) % (sizeof(styles) / sizeof(*styles)))

static void all(struct end *e, const struct style *style, size_t n)
{
	while (n) {
		ssize_t done = style->call(e, n);

		must(done ? done : -1, style->name);
		n -= done;
	}
}

/* KnownWorkload.java has the same. */
static size_t request_bytes(int i) { return 1 + i * 7919 % 4093; }
static size_t response_bytes(int i) { return 1 + i * 104729L % MOST; }

static void *run(void *of)
{
	struct end *e = of;

	for (int i = e->connection * turns; i < (e->connection + 1) * turns; i++) {
		if (e->client)
			all(e, OF(writers, e), request_bytes(i));
		all(e, OF(readers, e), e->client ? response_bytes(i) : request_bytes(i));
		if (!e->client)
			all(e, OF(writers, e), response_bytes(i));
	}
	return 0;
}

static struct end *end(int fd, int connection, int client)
{
	struct end *e = calloc(1, sizeof(*e));
	int on = 1;

	*e = (struct end){ .fd = fd, .connection = connection, .client = client };
	must(fd, "connect or accept");
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	must(setsockopt(fd, SOL_SOCKET, SO_ZEROCOPY, &on, sizeof(on)), "SO_ZEROCOPY");
	must(e->file = memfd_create("body", 0), "memfd_create");
	must(ftruncate(e->file, MOST), "ftruncate");
	must(pipe(e->pipe), "pipe");
	ring_open(e);
	return e;
}

int main(int argc, char **argv)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int connections = atoi(argv[1]), listener = socket(AF_INET, SOCK_STREAM, 0);
	pthread_t threads[2 * connections];
	socklen_t size = sizeof(at);

	turns = atoi(argv[2]);
	must(bind(listener, (void *)&at, size), "bind");
	must(listen(listener, connections), "listen");
	getsockname(listener, (void *)&at, &size);
	printf("LISTENER %d\n", ntohs(at.sin_port));
	for (int c = 0; c < connections; c++) {
		struct sockaddr_in own;
		struct end *client, *server;
		int fd = socket(AF_INET, SOCK_STREAM, 0);

		must(connect(fd, (void *)&at, size), "connect");
		getsockname(fd, (void *)&own, &size);
		client = end(fd, c, 1);
		server = end(accept(listener, 0, 0), c, 0);
		printf("CLIENT %d %s/%s %s/%s\n", ntohs(own.sin_port), OF(writers, client)->name, OF(readers, client)->name,
		       OF(writers, server)->name, OF(readers, server)->name);
		pthread_create(threads + 2 * c, 0, run, server);
		pthread_create(threads + 2 * c + 1, 0, run, client);
	}
	for (int t = 0; t < 2 * connections; t++)
		pthread_join(threads[t], 0);
	printf("done\n");
	fflush(stdout);
	while (getchar() != EOF)
		;
	return 0;
}
