// An XML stream of XMPP, read as it comes: libxml2's push parser behind a header that knows nothing of libxml2.
//
// Octets go in by causeway_xml_stream_feed; what they say is then in one flat buffer of events, so that a whole read
// from the network costs one crossing between the languages and not one for each tag.
//
// What XMPP forbids (RFC 6120 section 11.1: document types, comments, processing instructions, entities beyond the
// five) is refused before libxml2 sees it, and so is what is too much (limits). See xml_scanner.h.
#ifndef CAUSEWAY_CXMLSTREAM_H
#define CAUSEWAY_CXMLSTREAM_H

#include <stddef.h>
#include <stdint.h>

typedef struct {
    size_t header_octets;   // of the stream header with the XML declaration
    size_t element_octets;  // of one element of the first level
    uint32_t depth;         // elements inside each other, the stream itself among them
    uint32_t attributes;    // of one element, namespace declarations among them
    uint32_t namespaces;    // in scope at once
    uint32_t name_octets;   // of one name with its prefix
} causeway_xml_limits;

typedef enum {
    CAUSEWAY_XML_NO_FAULT = 0,
    CAUSEWAY_XML_NOT_WELL_FORMED,
    CAUSEWAY_XML_RESTRICTED,            // a document type, comment, processing instruction or entity
    CAUSEWAY_XML_TEXT_BETWEEN_ELEMENTS, // text on the first level that is not white space
    CAUSEWAY_XML_UNSUPPORTED_ENCODING,  // not UTF-8
    CAUSEWAY_XML_HEADER_TOO_LARGE,
    CAUSEWAY_XML_ELEMENT_TOO_LARGE,
    CAUSEWAY_XML_TOO_DEEP,
    CAUSEWAY_XML_TOO_MANY_ATTRIBUTES,
    CAUSEWAY_XML_TOO_MANY_NAMESPACES,
    CAUSEWAY_XML_NAME_TOO_LONG,
    CAUSEWAY_XML_OUT_OF_MEMORY,
} causeway_xml_fault;

// Events lie one after the other, without padding. STRING is a uint32_t of the machine's byte order and that many
// octets.
typedef enum {
    // uint16_t declarations, uint16_t attributes, STRING name, STRING namespace,
    // for each declaration STRING prefix, STRING namespace (of the root element alone; none are told of others),
    // for each attribute STRING name, STRING namespace, STRING value
    CAUSEWAY_XML_OPEN = 1,
    // STRING text; two TEXTs never follow one another within one feed
    CAUSEWAY_XML_TEXT = 2,
    CAUSEWAY_XML_CLOSE = 3,
} causeway_xml_event;

typedef struct causeway_xml_stream causeway_xml_stream;

// NULL when there is no memory.
causeway_xml_stream *causeway_xml_stream_create(causeway_xml_limits limits);
void causeway_xml_stream_destroy(causeway_xml_stream *stream);

// Reads octets. After a fault the stream reads nothing more and says the same fault again. Elements that were whole
// before the fault are in the events. Octets after the end of the stream are ignored.
causeway_xml_fault causeway_xml_stream_feed(causeway_xml_stream *stream, const uint8_t *octets, size_t count);

// The events of the last feed; valid until the next.
const uint8_t *causeway_xml_stream_events(const causeway_xml_stream *stream, size_t *count);

// How many octets of memory are held, for what has not been told yet and for names.
size_t causeway_xml_stream_held(const causeway_xml_stream *stream);

#endif
