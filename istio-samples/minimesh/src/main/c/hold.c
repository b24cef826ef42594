// hold QUEUE DELAY_US: holds every packet of an NFQUEUE for DELAY_US and lets it go. Keeps order.
// Prints "ready", then on SIGTERM "packets N held_ns SUM p50_ns P50 p99_ns P99": what it really held.
// Raw nfnetlink (linux/netfilter/nfnetlink_queue.h), so nothing needs to be installed.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_queue.h>
#include <linux/netlink.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define SLOTS 65536
#define BUCKETS 4096 // of 25 us each

static struct { uint32_t id; uint64_t came, due; } slots[SLOTS];
static unsigned head, tail;
static uint64_t packets, held_ns, buckets[BUCKETS];
static int sock, queue;
static volatile sig_atomic_t stop;

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000ull + t.tv_nsec;
}

// One nfqueue message with one attribute.
static void send_message(int type, int attribute, const void *data, int length)
{
	struct {
		struct nlmsghdr header;
		struct nfgenmsg queue;
		char attributes[64];
	} m = {};
	struct nlattr *a = (void *)m.attributes;

	a->nla_type = attribute;
	a->nla_len = NLA_HDRLEN + length;
	memcpy((char *)a + NLA_HDRLEN, data, length);
	m.header.nlmsg_len = NLMSG_LENGTH(sizeof(m.queue)) + NLA_ALIGN(a->nla_len);
	m.header.nlmsg_type = NFNL_SUBSYS_QUEUE << 8 | type;
	m.header.nlmsg_flags = NLM_F_REQUEST;
	m.queue.res_id = htons(queue);
	if (send(sock, &m, m.header.nlmsg_len, 0) < 0) {
		perror("hold: send to nfnetlink");
		exit(1);
	}
}

static void release(unsigned i, uint64_t now)
{
	struct nfqnl_msg_verdict_hdr verdict = { htonl(NF_ACCEPT), htonl(slots[i].id) };
	uint64_t held = now - slots[i].came, bucket = held / 25000;

	send_message(NFQNL_MSG_VERDICT, NFQA_VERDICT_HDR, &verdict, sizeof(verdict));
	packets++;
	held_ns += held;
	buckets[bucket < BUCKETS ? bucket : BUCKETS - 1]++;
}

static void take(struct nlmsghdr *m, uint64_t delay)
{
	struct nlattr *a = (void *)((char *)NLMSG_DATA(m) + NLMSG_ALIGN(sizeof(struct nfgenmsg)));
	char *end = (char *)m + m->nlmsg_len;

	for (; (char *)a + NLA_HDRLEN <= end && a->nla_len; a = (void *)((char *)a + NLA_ALIGN(a->nla_len))) {
		if ((a->nla_type & NLA_TYPE_MASK) != NFQA_PACKET_HDR)
			continue;
		struct nfqnl_msg_packet_hdr *p = (void *)((char *)a + NLA_HDRLEN);
		uint64_t now = now_ns();

		slots[tail % SLOTS].id = ntohl(p->packet_id);
		slots[tail % SLOTS].came = now;
		slots[tail % SLOTS].due = now + delay;
		if (++tail - head == SLOTS)
			release(head++ % SLOTS, now);
	}
}

static void receive(uint64_t delay)
{
	static char buffer[1 << 20];
	int length = recv(sock, buffer, sizeof(buffer), 0);

	for (struct nlmsghdr *m = (void *)buffer; NLMSG_OK(m, length); m = NLMSG_NEXT(m, length))
		if ((m->nlmsg_type & 0xff) == NFQNL_MSG_PACKET && m->nlmsg_type >> 8 == NFNL_SUBSYS_QUEUE)
			take(m, delay);
}

static void bind_queue(void)
{
	struct sockaddr_nl self = { .nl_family = AF_NETLINK };
	struct nfqnl_msg_config_cmd bind_cmd = { .command = NFQNL_CFG_CMD_BIND };
	struct nfqnl_msg_config_params params = { htonl(0), NFQNL_COPY_META };
	uint32_t slots_max = htonl(SLOTS);
	int one = 1, bytes = 8 << 20;

	sock = socket(AF_NETLINK, SOCK_RAW, NETLINK_NETFILTER);
	if (sock < 0 || bind(sock, (void *)&self, sizeof(self))) {
		perror("hold: nfnetlink socket");
		exit(1);
	}
	setsockopt(sock, SOL_NETLINK, NETLINK_NO_ENOBUFS, &one, sizeof(one));
	setsockopt(sock, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof(bytes));
	send_message(NFQNL_MSG_CONFIG, NFQA_CFG_CMD, &bind_cmd, sizeof(bind_cmd));
	send_message(NFQNL_MSG_CONFIG, NFQA_CFG_PARAMS, &params, sizeof(params));
	send_message(NFQNL_MSG_CONFIG, NFQA_CFG_QUEUE_MAXLEN, &slots_max, sizeof(slots_max));
}

static uint64_t percentile(double rank)
{
	uint64_t seen = 0;

	for (int i = 0; i < BUCKETS; i++)
		if ((seen += buckets[i]) >= rank * packets)
			return i * 25000ull + 12500;
	return 0;
}

static void on_signal(int signal)
{
	stop = 1;
}

int main(int argc, char **argv)
{
	if (argc != 3) {
		fprintf(stderr, "usage: hold QUEUE DELAY_US\n");
		return 2;
	}
	queue = atoi(argv[1]);
	uint64_t delay = atoll(argv[2]) * 1000ull;
	struct sched_param priority = { .sched_priority = 10 };
	struct sigaction action = { .sa_handler = on_signal };

	prctl(PR_SET_TIMERSLACK, 1);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	sched_setscheduler(0, SCHED_FIFO, &priority);
	sigaction(SIGTERM, &action, NULL);
	bind_queue();
	printf("ready\n");
	fflush(stdout);
	while (!stop) {
		uint64_t now = now_ns();
		struct pollfd readable = { sock, POLLIN };
		struct timespec wait = { 1, 0 };

		for (; head != tail && slots[head % SLOTS].due <= now; head++)
			release(head % SLOTS, now);
		if (head != tail) {
			uint64_t left = slots[head % SLOTS].due - now;
			wait.tv_sec = left / 1000000000;
			wait.tv_nsec = left % 1000000000;
		}
		if (ppoll(&readable, 1, &wait, NULL) > 0)
			receive(delay);
	}
	while (head != tail)
		release(head++ % SLOTS, now_ns());
	printf("packets %lu held_ns %lu p50_ns %lu p99_ns %lu\n", packets, held_ns, percentile(.5), percentile(.99));
	return 0;
}
