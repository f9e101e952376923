// Datagrams by the batch (recvmmsg, sendmmsg) and a byte search: what the load generator needs of the C library that
// Swift's Glibc module does not show, because it is declared for _GNU_SOURCE only.
#ifndef CDATAGRAMS_H
#define CDATAGRAMS_H

#include <poll.h>
#include <stddef.h>
#include <stdint.h>

#define DATAGRAMS_BATCH 64
#define DATAGRAMS_SIZE 4096

typedef struct datagrams datagrams;

/// A UDP socket on 127.0.0.1, non-blocking, with large buffers; NULL with errno set when the port cannot be had.
datagrams *datagrams_open(uint16_t port);
void datagrams_close(datagrams *socket);
int datagrams_descriptor(const datagrams *socket);

/// Fills the batch with what has arrived; how many, 0 when nothing waits.
int datagrams_receive(datagrams *socket);
const uint8_t *datagrams_octets(const datagrams *socket, int index);
size_t datagrams_length(const datagrams *socket, int index);

/// A place of DATAGRAMS_SIZE octets to write the next datagram in; sends what is queued when the batch is full.
uint8_t *datagrams_prepare(datagrams *socket);
/// Queues what was written in the prepared place, for 127.0.0.1 and the port.
void datagrams_queue(datagrams *socket, size_t length, uint16_t port);
/// Sends what is queued.
void datagrams_flush(datagrams *socket);

/// poll with a timeout in nanoseconds.
int poll_nanoseconds(struct pollfd *watched, unsigned count, int64_t nanoseconds);

/// The offset of needle in octets, or -1.
ptrdiff_t octets_find(const uint8_t *octets, size_t length, const uint8_t *needle, size_t needle_length);

#endif
