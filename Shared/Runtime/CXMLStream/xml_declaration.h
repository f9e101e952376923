// The XML declaration (XML 1.0 section 2.8), which the stream reads itself: libxml2 would change its encoding by it.
#ifndef CAUSEWAY_XML_DECLARATION_H
#define CAUSEWAY_XML_DECLARATION_H

#include "CXMLStream.h"

// Checks what stands from <? to ?>, with white space before it or not.
causeway_xml_fault xml_declaration_check(const uint8_t *octets, size_t count);

#endif
