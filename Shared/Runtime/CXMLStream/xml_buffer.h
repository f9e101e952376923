// A growing run of octets.
#ifndef CAUSEWAY_XML_BUFFER_H
#define CAUSEWAY_XML_BUFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
    uint8_t *octets;
    size_t count;
    size_t capacity;
} xml_buffer;

// False when there is no memory; the buffer is as it was then.
bool xml_buffer_reserve(xml_buffer *buffer, size_t more);
bool xml_buffer_append(xml_buffer *buffer, const void *octets, size_t count);

// Empties the buffer; gives its memory back when that is more than `keep` octets.
void xml_buffer_clear(xml_buffer *buffer, size_t keep);
void xml_buffer_free(xml_buffer *buffer);

#endif
