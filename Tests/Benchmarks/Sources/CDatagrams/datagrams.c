#define _GNU_SOURCE
#include "CDatagrams.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

typedef struct {
    struct mmsghdr headers[DATAGRAMS_BATCH];
    struct iovec vectors[DATAGRAMS_BATCH];
    struct sockaddr_in peers[DATAGRAMS_BATCH];
    uint8_t octets[DATAGRAMS_BATCH][DATAGRAMS_SIZE];
    unsigned count;
} batch;

struct datagrams {
    int descriptor;
    batch in;
    batch out;
};

static void prepare_batch(batch *b) {
    for (int i = 0; i < DATAGRAMS_BATCH; i++) {
        b->vectors[i].iov_base = b->octets[i];
        b->vectors[i].iov_len = DATAGRAMS_SIZE;
        b->headers[i].msg_hdr.msg_iov = &b->vectors[i];
        b->headers[i].msg_hdr.msg_iovlen = 1;
        b->headers[i].msg_hdr.msg_name = &b->peers[i];
        b->headers[i].msg_hdr.msg_namelen = sizeof b->peers[i];
    }
}

datagrams *datagrams_open(uint16_t port) {
    datagrams *s = calloc(1, sizeof *s);
    if (s == NULL) return NULL;
    prepare_batch(&s->in);
    prepare_batch(&s->out);
    s->descriptor = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    int size = 4 << 20;
    setsockopt(s->descriptor, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
    setsockopt(s->descriptor, SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (s->descriptor < 0 || bind(s->descriptor, (struct sockaddr *)&address, sizeof address) != 0) {
        datagrams_close(s);
        return NULL;
    }
    return s;
}

void datagrams_close(datagrams *s) {
    int error = errno;
    if (s->descriptor >= 0) close(s->descriptor);
    free(s);
    errno = error;
}

int datagrams_descriptor(const datagrams *s) { return s->descriptor; }

int datagrams_receive(datagrams *s) {
    for (int i = 0; i < DATAGRAMS_BATCH; i++) s->in.headers[i].msg_hdr.msg_namelen = sizeof s->in.peers[i];
    int count = recvmmsg(s->descriptor, s->in.headers, DATAGRAMS_BATCH, MSG_DONTWAIT, NULL);
    return count < 0 ? 0 : count;
}

const uint8_t *datagrams_octets(const datagrams *s, int index) { return s->in.octets[index]; }

size_t datagrams_length(const datagrams *s, int index) { return s->in.headers[index].msg_len; }

uint8_t *datagrams_prepare(datagrams *s) {
    if (s->out.count == DATAGRAMS_BATCH) datagrams_flush(s);
    return s->out.octets[s->out.count];
}

void datagrams_queue(datagrams *s, size_t length, uint16_t port) {
    batch *b = &s->out;
    b->vectors[b->count].iov_len = length;
    b->peers[b->count] = (struct sockaddr_in){
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    b->count++;
}

void datagrams_flush(datagrams *s) {
    unsigned sent = 0;
    while (sent < s->out.count) {
        int count = sendmmsg(s->descriptor, s->out.headers + sent, s->out.count - sent, 0);
        if (count > 0) {
            sent += (unsigned)count;
        } else if (errno == EAGAIN) {
            struct pollfd writable = {.fd = s->descriptor, .events = POLLOUT};
            poll(&writable, 1, 100);
        } else {
            sent++; // the port was unreachable: that one is lost, as datagrams may be
        }
    }
    s->out.count = 0;
}

int poll_nanoseconds(struct pollfd *watched, unsigned count, int64_t nanoseconds) {
    struct timespec timeout = {.tv_sec = nanoseconds / 1000000000, .tv_nsec = nanoseconds % 1000000000};
    return ppoll(watched, count, &timeout, NULL);
}

ptrdiff_t octets_find(const uint8_t *octets, size_t length, const uint8_t *needle, size_t needle_length) {
    const uint8_t *found = memmem(octets, length, needle, needle_length);
    return found == NULL ? -1 : found - octets;
}
