// load MODE ...: what the overhead bench measures with; prints numbers, nothing else.
//   syscalls N              ns a getppid(), ns a 1-byte read of /dev/zero
//   pingpong N              us a request and its answer over one loopback connection, on one CPU
//   http PORT N SECONDS     requests, seconds, us of own CPU a request: one thread, N connections kept busy
//   connections N           opens N loopback connections with an exchange on each, prints "open", waits for a line
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { MESSAGE = 200, BUFFER = 65536, WARM_UP = 2000, SLICES = 20 };

static const char REQUEST[] = "GET /x HTTP/1.1\r\nHost: hoptoll\r\nx-request-id: 0123456789abcdef\r\n\r\n";

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

static struct sockaddr_in loopback(int port)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(port) };

	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return a;
}

static int listener(struct sockaddr_in *at)
{
	socklen_t length = sizeof(*at);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	*at = loopback(0);
	if (bind(fd, (void *)at, sizeof(*at)) || listen(fd, 1024) || getsockname(fd, (void *)at, &length))
		fail("listen");
	return fd;
}

static int connected(const struct sockaddr_in *to)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0), one = 1;

	if (fd < 0 || connect(fd, (const void *)to, sizeof(*to)))
		fail("connect");
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	return fd;
}

/* The least of several slices: another program's interrupt makes one slower, nothing makes one faster. */
static double least(long n, int fd)
{
	double best = 1e9, begin, took;
	char byte;

	for (int slice = 0; slice < SLICES; slice++) {
		begin = now();
		for (long i = 0; i < n / SLICES; i++)
			if (fd < 0)
				syscall(SYS_getppid);
			else if (read(fd, &byte, 1) != 1)
				fail("read");
		took = (now() - begin) / (n / SLICES);
		best = took < best ? took : best;
	}
	return best * 1e9;
}

static void receive(int fd, long bytes)
{
	static __thread char buffer[BUFFER];

	while (bytes > 0) {
		long got = recv(fd, buffer, sizeof(buffer), 0);

		if (got <= 0)
			pthread_exit(0);
		bytes -= got;
	}
}

static void *answer(void *fd)
{
	int connection = accept(*(int *)fd, 0, 0), one = 1;
	char message[MESSAGE] = "HTTP/1.1 200 OK\r\n";

	setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	for (;;) {
		receive(connection, MESSAGE);
		send(connection, message, MESSAGE, 0);
	}
}

static void pingpong(long n)
{
	char message[MESSAGE] = "GET /x HTTP/1.1\r\nx-request-id: 1";
	struct sockaddr_in at;
	int server = listener(&at), client;
	double begin = 0;
	pthread_t thread;
	cpu_set_t last;

	CPU_ZERO(&last);
	CPU_SET(sysconf(_SC_NPROCESSORS_ONLN) - 1, &last);
	sched_setaffinity(0, sizeof(last), &last);
	pthread_create(&thread, 0, answer, &server);
	client = connected(&at);
	for (long i = -WARM_UP; i < n; i++) {
		if (!i)
			begin = now();
		send(client, message, MESSAGE, 0);
		receive(client, MESSAGE);
	}
	printf("%.3f\n", (now() - begin) / n * 1e6);
}

/* Bytes of the response at the buffer's begin, 0 while it is not whole. */
static long response(const char *buffer, long have)
{
	const char *end = memmem(buffer, have, "\r\n\r\n", 4), *length;

	if (!end)
		return 0;
	length = strcasestr(buffer, "\ncontent-length:");
	return end + 4 - buffer + (length && length < end ? atol(length + 16) : 0);
}

struct connection {
	int fd;
	long have;
	char buffer[4096];
};

static void ask(struct connection *c)
{
	c->have = 0;
	if (send(c->fd, REQUEST, sizeof(REQUEST) - 1, 0) < 0)
		fail("send");
}

static double cpu(void)
{
	struct rusage r;

	getrusage(RUSAGE_SELF, &r);
	return r.ru_utime.tv_sec + r.ru_stime.tv_sec + (r.ru_utime.tv_usec + r.ru_stime.tv_usec) / 1e6;
}

static long advance(struct connection *c)
{
	long got = recv(c->fd, c->buffer + c->have, sizeof(c->buffer) - 1 - c->have, 0), whole;

	if (got <= 0)
		fail("recv");
	c->have += got;
	c->buffer[c->have] = 0;
	whole = response(c->buffer, c->have);
	if (!whole || c->have < whole)
		return 0;
	ask(c);
	return 1;
}

static void http(int port, int n, double seconds)
{
	struct connection *all = calloc(n, sizeof(*all));
	struct sockaddr_in to = loopback(port);
	struct epoll_event events[64];
	int epoll = epoll_create1(0);
	double begin, used, end;
	long requests = 0;

	for (int i = 0; i < n; i++) {
		struct epoll_event wanted = { .events = EPOLLIN, .data.ptr = &all[i] };

		all[i].fd = connected(&to);
		epoll_ctl(epoll, EPOLL_CTL_ADD, all[i].fd, &wanted);
		ask(&all[i]);
	}
	begin = now();
	used = cpu();
	do {
		int ready = epoll_wait(epoll, events, 64, 1000);

		if (ready <= 0)
			fail("no answer");
		for (int i = 0; i < ready; i++)
			requests += advance(events[i].data.ptr);
		end = now();
	} while (end - begin < seconds);
	printf("%ld %.6f %.3f\n", requests, end - begin, (cpu() - used) / requests * 1e6);
}

static void connections(int n)
{
	struct rlimit files = { 2 * n + 64, 2 * n + 64 };
	char message[MESSAGE] = "GET /x HTTP/1.1\r\n";
	struct sockaddr_in at;
	int server;

	setrlimit(RLIMIT_NOFILE, &files);
	server = listener(&at);
	for (int i = 0; i < n; i++) {
		int client = connected(&at), accepted = accept(server, 0, 0);

		if (accepted < 0)
			fail("accept");
		send(client, message, MESSAGE, 0);
		receive(accepted, MESSAGE);
		send(accepted, message, MESSAGE, 0);
		receive(client, MESSAGE);
	}
	puts("open");
	fflush(stdout);
	getchar();
}

int main(int count, char **words)
{
	const char *mode = count > 2 ? words[1] : "";

	if (!strcmp(mode, "syscalls")) {
		int zero = open("/dev/zero", O_RDONLY);

		printf("%.1f %.1f\n", least(atol(words[2]), -1), least(atol(words[2]), zero));
	} else if (!strcmp(mode, "pingpong")) {
		pingpong(atol(words[2]));
	} else if (!strcmp(mode, "http") && count > 4) {
		http(atoi(words[2]), atoi(words[3]), atof(words[4]));
	} else if (!strcmp(mode, "connections")) {
		connections(atoi(words[2]));
	} else {
		return 2;
	}
	return 0;
}
