// libxml2 2.9 or later, as Debian packages it (libxml2-dev). Only CXMLStream includes libxml2; this module is how the
// package finds its compiler and linker flags.
#ifndef CAUSEWAY_CLIBXML2_SHIM_H
#define CAUSEWAY_CLIBXML2_SHIM_H

#include <libxml/parser.h>

#endif
