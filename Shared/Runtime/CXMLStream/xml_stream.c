#include "xml_buffer.h"
#include "xml_declaration.h"
#include "xml_parser.h"
#include "xml_scanner.h"

#include <stdbool.h>
#include <stdlib.h>

// After so many octets, or one element so large, libxml2's context is made anew at the next boundary.
static const size_t renewal_octets = 1024 * 1024;
static const size_t large_octets = 64 * 1024;
// libxml2 refuses values of 10 MB.
static const size_t largest_octets = 8 * 1024 * 1024;
// What an emptied buffer may keep.
static const size_t kept = 4096;

struct causeway_xml_stream {
    causeway_xml_limits limits;
    xml_scanner scanner;
    xml_parser parser;
    causeway_xml_fault fault;
    xml_buffer held;        // octets after the last whole markup
    xml_buffer root;        // the root's tag
    size_t element_octets;  // that the parser has of the element that is open
    size_t parser_octets;   // that the parser has had since it began anew
    bool is_due;            // for a new parser, whatever parser_octets says
};

causeway_xml_stream *causeway_xml_stream_create(causeway_xml_limits limits) {
    if (limits.header_octets > largest_octets) limits.header_octets = largest_octets;
    if (limits.element_octets > largest_octets) limits.element_octets = largest_octets;
    // libxml2 stops at 256 elements inside each other.
    if (limits.depth > 255) limits.depth = 255;
    causeway_xml_stream *stream = calloc(1, sizeof *stream);
    if (stream == NULL) return NULL;
    stream->limits = limits;
    xml_scanner_init(&stream->scanner, &stream->limits);
    if (!xml_parser_init(&stream->parser, &stream->limits)) {
        free(stream);
        return NULL;
    }
    return stream;
}

void causeway_xml_stream_destroy(causeway_xml_stream *stream) {
    if (stream == NULL) return;
    xml_parser_free(&stream->parser);
    xml_buffer_free(&stream->held);
    xml_buffer_free(&stream->root);
    free(stream);
}

static void fail(causeway_xml_stream *stream, causeway_xml_fault fault) {
    if (stream->fault == CAUSEWAY_XML_NO_FAULT) stream->fault = fault;
}

static bool is_opened(const causeway_xml_stream *stream) {
    return stream->root.count > 0;
}

// Holds the element that is open, or the header, against its limit; `fresh` octets of it are in neither place yet.
static causeway_xml_fault size_fault(const causeway_xml_stream *stream, size_t fresh) {
    size_t count = stream->element_octets + stream->held.count + fresh;
    if (!is_opened(stream)) {
        return count > stream->limits.header_octets ? CAUSEWAY_XML_HEADER_TOO_LARGE : CAUSEWAY_XML_NO_FAULT;
    }
    return count > stream->limits.element_octets ? CAUSEWAY_XML_ELEMENT_TOO_LARGE : CAUSEWAY_XML_NO_FAULT;
}

// Gives the parser what was held and these octets.
static void give(causeway_xml_stream *stream, const uint8_t *octets, size_t count) {
    if (stream->held.count > 0) {
        if (!xml_buffer_append(&stream->held, octets, count)) return fail(stream, CAUSEWAY_XML_OUT_OF_MEMORY);
        octets = stream->held.octets;
        count = stream->held.count;
    }
    if (!is_opened(stream) && !xml_buffer_append(&stream->root, octets, count)) {
        return fail(stream, CAUSEWAY_XML_OUT_OF_MEMORY);
    }
    xml_parser_read(&stream->parser, octets, count);
    stream->element_octets += count;
    stream->parser_octets += count;
    if (count > large_octets) stream->is_due = true;
    xml_buffer_clear(&stream->held, kept);
    if (stream->parser.fault != CAUSEWAY_XML_NO_FAULT) fail(stream, stream->parser.fault);
}

// An element of the first level is over, or the root's tag, or the stream.
static void end_element(causeway_xml_stream *stream) {
    stream->element_octets = 0;
    if (stream->fault != CAUSEWAY_XML_NO_FAULT) return;
    // Scanner and parser see the same elements in well-formed XML.
    if (stream->parser.depth != stream->scanner.depth) return fail(stream, CAUSEWAY_XML_NOT_WELL_FORMED);
    if (stream->scanner.depth != 1) return;
    if (!stream->is_due && stream->parser_octets < renewal_octets) return;
    stream->is_due = false;
    stream->parser_octets = 0;
    xml_parser_renew(&stream->parser, stream->root.octets, stream->root.count);
    if (stream->parser.fault != CAUSEWAY_XML_NO_FAULT) fail(stream, stream->parser.fault);
}

static void end_declaration(causeway_xml_stream *stream, const uint8_t *octets, size_t count) {
    if (!xml_buffer_append(&stream->held, octets, count)) return fail(stream, CAUSEWAY_XML_OUT_OF_MEMORY);
    causeway_xml_fault fault = xml_declaration_check(stream->held.octets, stream->held.count);
    stream->element_octets += stream->held.count;
    xml_buffer_clear(&stream->held, kept);
    if (fault != CAUSEWAY_XML_NO_FAULT) fail(stream, fault);
}

// Keeps what no whole markup ends, but for white space where that means nothing.
static void hold(causeway_xml_stream *stream, const uint8_t *octets, size_t count) {
    switch (stream->scanner.state) {
    case XML_SCAN_START:
    case XML_SCAN_BETWEEN:
    case XML_SCAN_END:
        return;
    default:
        if (!xml_buffer_append(&stream->held, octets, count)) fail(stream, CAUSEWAY_XML_OUT_OF_MEMORY);
    }
}

causeway_xml_fault causeway_xml_stream_feed(causeway_xml_stream *stream, const uint8_t *octets, size_t count) {
    xml_events_clear(&stream->parser.events);
    if (stream->scanner.state == XML_SCAN_END) return stream->fault;
    size_t start = 0;  // what the parser has not had
    size_t whole = 0;  // where the last whole markup ended
    size_t index = 0;
    causeway_xml_fault fault = CAUSEWAY_XML_NO_FAULT;
    xml_scan_stop stop = XML_SCAN_TAG;
    while (stream->fault == CAUSEWAY_XML_NO_FAULT && stop != XML_SCAN_MORE) {
        stop = xml_scanner_next(&stream->scanner, octets, count, &index, &fault);
        bool is_idle = stop == XML_SCAN_MORE && stream->scanner.state == XML_SCAN_BETWEEN;
        causeway_xml_fault size = is_idle ? CAUSEWAY_XML_NO_FAULT : size_fault(stream, index - start);
        if (size != CAUSEWAY_XML_NO_FAULT) fault = size;
        if (fault != CAUSEWAY_XML_NO_FAULT) break;
        if (stop == XML_SCAN_DECLARED) end_declaration(stream, octets + start, index - start);
        if (stop == XML_SCAN_BOUNDARY) {
            give(stream, octets + start, index - start);
            end_element(stream);
        }
        if (stop == XML_SCAN_DECLARED || stop == XML_SCAN_BOUNDARY) start = index;
        if (stop != XML_SCAN_MORE) whole = index;
        if (stream->scanner.state == XML_SCAN_END) return stream->fault;
    }
    if (stream->fault != CAUSEWAY_XML_NO_FAULT) return stream->fault;
    if (whole > start) {
        give(stream, octets + start, whole - start);
        start = whole;
    }
    // After what the parser said: that came before.
    fail(stream, fault);
    if (stream->fault == CAUSEWAY_XML_NO_FAULT) hold(stream, octets + start, count - start);
    return stream->fault;
}

const uint8_t *causeway_xml_stream_events(const causeway_xml_stream *stream, size_t *count) {
    *count = stream->parser.events.buffer.count;
    return stream->parser.events.buffer.octets;
}

size_t causeway_xml_stream_held(const causeway_xml_stream *stream) {
    return stream->held.capacity + stream->root.capacity + xml_parser_held(&stream->parser);
}
