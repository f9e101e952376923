// How events are laid down; CXMLStream.h says how they are read.
#ifndef CAUSEWAY_XML_EVENTS_H
#define CAUSEWAY_XML_EVENTS_H

#include "CXMLStream.h"
#include "xml_buffer.h"

#include <stdbool.h>

typedef struct {
    xml_buffer buffer;
    size_t text;      // where the length of the last event is, when that is a TEXT
    bool ends_in_text;
} xml_events;

// One attribute as libxml2 tells it: name, prefix, namespace, beginning and end of the value.
typedef const unsigned char *xml_attribute[5];

void xml_events_clear(xml_events *events);
void xml_events_free(xml_events *events);

// All are false when there is no memory.
bool xml_events_open(
    xml_events *events, const unsigned char *name, const unsigned char *namespace_name,
    const unsigned char **declarations, uint16_t declaration_count, const xml_attribute *attributes,
    uint16_t attribute_count
);
bool xml_events_text(xml_events *events, const unsigned char *text, size_t count);
bool xml_events_close(xml_events *events);

#endif
