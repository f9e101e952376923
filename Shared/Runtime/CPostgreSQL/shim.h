// libpq 14 or later, as Debian packages it (libpq-dev).
#ifndef CAUSEWAY_CPOSTGRESQL_SHIM_H
#define CAUSEWAY_CPOSTGRESQL_SHIM_H

#if __has_include(<libpq-fe.h>)
#include <libpq-fe.h>
#else
// Debian's folder, where pkg-config is not there to name it.
#include <postgresql/libpq-fe.h>
#endif

/* The fields of an error that are told: macros of characters are no constants in Swift. */

static inline const char *causeway_pq_state(const PGresult *result) {
    return PQresultErrorField(result, PG_DIAG_SQLSTATE);
}

static inline const char *causeway_pq_message(const PGresult *result) {
    return PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
}

#endif
