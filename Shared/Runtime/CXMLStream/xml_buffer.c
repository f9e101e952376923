#include "xml_buffer.h"

#include <stdlib.h>
#include <string.h>

bool xml_buffer_reserve(xml_buffer *buffer, size_t more) {
    if (more <= buffer->capacity - buffer->count) return true;
    size_t needed = buffer->count + more;
    size_t capacity = buffer->capacity < 512 ? 1024 : 2 * buffer->capacity;
    if (capacity < needed) capacity = needed;
    uint8_t *octets = realloc(buffer->octets, capacity);
    if (octets == NULL) return false;
    buffer->octets = octets;
    buffer->capacity = capacity;
    return true;
}

bool xml_buffer_append(xml_buffer *buffer, const void *octets, size_t count) {
    if (count == 0) return true;
    if (!xml_buffer_reserve(buffer, count)) return false;
    memcpy(buffer->octets + buffer->count, octets, count);
    buffer->count += count;
    return true;
}

void xml_buffer_clear(xml_buffer *buffer, size_t keep) {
    buffer->count = 0;
    if (buffer->capacity > keep) xml_buffer_free(buffer);
}

void xml_buffer_free(xml_buffer *buffer) {
    free(buffer->octets);
    *buffer = (xml_buffer){0};
}
