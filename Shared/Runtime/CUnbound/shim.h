// libunbound 1.13 or later, as Debian packages it (libunbound-dev).
#ifndef CAUSEWAY_CUNBOUND_SHIM_H
#define CAUSEWAY_CUNBOUND_SHIM_H

#include <unbound.h>

#endif
