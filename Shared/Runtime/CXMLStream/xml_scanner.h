// Finds where markup begins and ends, before libxml2 looks at it.
//
// libxml2 decides what the octets mean. The scanner only knows tags, quotes, CDATA sections and references, and it is
// there because of what a push parser alone cannot do well:
//
// - document types, comments, processing instructions and entities are refused at their first octets;
// - size, depth, attributes and lengths of names are bounded before anything is built from them (libxml2 compares
//   attributes pairwise, and looks for the end of a tag from its beginning with each chunk that it is given);
// - libxml2 is given whole tags only, so that it never holds octets back, and octets one by one cost no more than at
//   once;
// - the end of each element of the first level is known exactly.
#ifndef CAUSEWAY_XML_SCANNER_H
#define CAUSEWAY_XML_SCANNER_H

#include "CXMLStream.h"

typedef enum {
    XML_SCAN_START,         // nothing but white space yet
    XML_SCAN_BETWEEN,       // outside markup, with no element of the first level open
    XML_SCAN_TEXT,          // outside markup, inside an element of the first level
    XML_SCAN_MARKUP,        // after <
    XML_SCAN_START_TAG,
    XML_SCAN_END_TAG,
    XML_SCAN_QUOTED,        // in an attribute's value
    XML_SCAN_BANG,          // after <!
    XML_SCAN_CDATA,
    XML_SCAN_REFERENCE,     // after &
    XML_SCAN_DECLARATION,   // after <?, at the start
    XML_SCAN_END,           // after the root's end tag
} xml_scan_state;

typedef struct {
    const causeway_xml_limits *limits;
    xml_scan_state state;
    uint32_t depth;           // elements open
    uint32_t attributes;      // of the tag
    uint32_t run;             // octets of the name, of the reference, or of [CDATA[ so far
    uint8_t quote;            // of the attribute's value
    uint8_t last;             // octet of the tag, declaration or CDATA section
    uint8_t before_last;
    xml_scan_state returns;   // the state that a reference was found in
    char reference[12];
} xml_scanner;

// What a call of xml_scanner_next stopped at.
typedef enum {
    XML_SCAN_MORE,            // the octets are used up
    XML_SCAN_TAG,             // markup ended, inside an element of the first level
    XML_SCAN_BOUNDARY,        // the root's tag, an element of the first level or the stream ended
    XML_SCAN_DECLARED,        // the XML declaration ended
    XML_SCAN_FAULT,
} xml_scan_stop;

void xml_scanner_init(xml_scanner *scanner, const causeway_xml_limits *limits);

// Scans from *index on, up to and with the octet that it stops at.
xml_scan_stop xml_scanner_next(
    xml_scanner *scanner, const uint8_t *octets, size_t count, size_t *index, causeway_xml_fault *fault
);

#endif
