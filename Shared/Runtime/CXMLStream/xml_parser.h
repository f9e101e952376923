// libxml2's push parser, set up for XMPP: it tells elements and text, builds no tree, and refuses what it is not to
// see.
#ifndef CAUSEWAY_XML_PARSER_H
#define CAUSEWAY_XML_PARSER_H

#include "xml_events.h"

typedef struct {
    void *context;        // xmlParserCtxtPtr
    xml_events events;
    causeway_xml_fault fault;
    bool is_muted;        // while the root's tag is read again
    uint32_t depth;       // elements open
    uint32_t namespaces;  // in scope
    uint16_t *declared;   // of them, by each open element
    const causeway_xml_limits *limits;
} xml_parser;

// False when there is no memory.
bool xml_parser_init(xml_parser *parser, const causeway_xml_limits *limits);
void xml_parser_free(xml_parser *parser);

// Reads octets that end with a tag or a CDATA section.
void xml_parser_read(xml_parser *parser, const uint8_t *octets, size_t count);

// Begins anew, inside the root whose tag is given.
//
// libxml2 keeps every name that it ever met in a dictionary, and its buffers at their largest; a stream lives for
// months. Sets the fault when there is no memory.
void xml_parser_renew(xml_parser *parser, const uint8_t *root, size_t count);

// The octets of events and of libxml2's dictionary.
size_t xml_parser_held(const xml_parser *parser);

#endif
