#include "xml_events.h"

#include <string.h>

// What an emptied buffer may keep, so that one long element does not weigh on an idle stream.
static const size_t kept = 64 * 1024;

void xml_events_clear(xml_events *events) {
    xml_buffer_clear(&events->buffer, kept);
    events->ends_in_text = false;
}

void xml_events_free(xml_events *events) {
    xml_buffer_free(&events->buffer);
}

static bool put(xml_events *events, const void *octets, size_t count) {
    return xml_buffer_append(&events->buffer, octets, count);
}

static bool put_string(xml_events *events, const unsigned char *text, size_t count) {
    uint32_t length = (uint32_t)count;
    return xml_buffer_reserve(&events->buffer, sizeof length + count) && put(events, &length, sizeof length)
        && put(events, text, count);
}

static bool put_name(xml_events *events, const unsigned char *name) {
    return put_string(events, name, name == NULL ? 0 : strlen((const char *)name));
}

bool xml_events_open(
    xml_events *events, const unsigned char *name, const unsigned char *namespace_name,
    const unsigned char **declarations, uint16_t declaration_count, const xml_attribute *attributes,
    uint16_t attribute_count
) {
    const uint8_t kind = CAUSEWAY_XML_OPEN;
    events->ends_in_text = false;
    bool fits = put(events, &kind, 1) && put(events, &declaration_count, sizeof declaration_count)
        && put(events, &attribute_count, sizeof attribute_count) && put_name(events, name)
        && put_name(events, namespace_name);
    for (size_t index = 0; fits && index < 2u * declaration_count; index++) {
        fits = put_name(events, declarations[index]);
    }
    for (size_t index = 0; fits && index < attribute_count; index++) {
        const unsigned char *const *attribute = attributes[index];
        fits = put_name(events, attribute[0]) && put_name(events, attribute[2])
            && put_string(events, attribute[3], (size_t)(attribute[4] - attribute[3]));
    }
    return fits;
}

bool xml_events_text(xml_events *events, const unsigned char *text, size_t count) {
    if (!events->ends_in_text) {
        const uint8_t kind = CAUSEWAY_XML_TEXT;
        if (!put(events, &kind, 1)) return false;
        events->text = events->buffer.count;
        events->ends_in_text = true;
        return put_string(events, text, count);
    }
    if (!put(events, text, count)) return false;
    uint32_t length;
    memcpy(&length, events->buffer.octets + events->text, sizeof length);
    length += (uint32_t)count;
    memcpy(events->buffer.octets + events->text, &length, sizeof length);
    return true;
}

bool xml_events_close(xml_events *events) {
    const uint8_t kind = CAUSEWAY_XML_CLOSE;
    events->ends_in_text = false;
    return put(events, &kind, 1);
}
