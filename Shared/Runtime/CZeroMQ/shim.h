#ifndef CAUSEWAY_CZEROMQ_SHIM_H
#define CAUSEWAY_CZEROMQ_SHIM_H

#include <stdint.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <zmq.h>

/* What Swift's Glibc module does not offer and a thread beside ZeroMQ needs. */

/* A descriptor that one thread makes readable to wake another; -1 when the system refuses. */
static inline int causeway_wake_make(void) { return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC); }

static inline void causeway_wake_signal(int descriptor) { (void)eventfd_write(descriptor, 1); }

static inline void causeway_wake_clear(int descriptor) {
    eventfd_t count;
    (void)eventfd_read(descriptor, &count);
}

/* Names the calling thread; the system keeps 15 octets. */
static inline void causeway_thread_name(const char *name) { (void)prctl(PR_SET_NAME, name, 0, 0, 0); }

#endif
