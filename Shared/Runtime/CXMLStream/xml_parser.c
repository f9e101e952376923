#include "xml_parser.h"

#include <libxml/parser.h>
#include <libxml/xmlerror.h>
#include <pthread.h>
#include <stdlib.h>

static void fail(xml_parser *parser, causeway_xml_fault fault) {
    if (parser->fault == CAUSEWAY_XML_NO_FAULT) parser->fault = fault;
}

static void on_start(
    void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri, int namespace_count,
    const xmlChar **namespaces, int attribute_count, int defaulted_count, const xmlChar **attributes
) {
    xml_parser *parser = context;
    (void)prefix;
    (void)defaulted_count;
    if (parser->fault != CAUSEWAY_XML_NO_FAULT || parser->is_muted) return;
    if (parser->depth >= parser->limits->depth) return fail(parser, CAUSEWAY_XML_TOO_DEEP);
    if ((uint32_t)(namespace_count + attribute_count) > parser->limits->attributes) {
        return fail(parser, CAUSEWAY_XML_TOO_MANY_ATTRIBUTES);
    }
    parser->namespaces += (uint32_t)namespace_count;
    if (parser->namespaces > parser->limits->namespaces) return fail(parser, CAUSEWAY_XML_TOO_MANY_NAMESPACES);
    parser->declared[parser->depth++] = (uint16_t)namespace_count;
    bool is_root = parser->depth == 1;
    if (!xml_events_open(&parser->events, name, uri, namespaces, is_root ? (uint16_t)namespace_count : 0,
            (const xml_attribute *)attributes, (uint16_t)attribute_count)) {
        fail(parser, CAUSEWAY_XML_OUT_OF_MEMORY);
    }
}

static void on_end(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri) {
    xml_parser *parser = context;
    (void)name;
    (void)prefix;
    (void)uri;
    if (parser->fault != CAUSEWAY_XML_NO_FAULT || parser->is_muted || parser->depth == 0) return;
    parser->namespaces -= parser->declared[--parser->depth];
    if (!xml_events_close(&parser->events)) fail(parser, CAUSEWAY_XML_OUT_OF_MEMORY);
}

static void on_text(void *context, const xmlChar *text, int count) {
    xml_parser *parser = context;
    // White space between elements of the first level says nothing; anything else the scanner refused.
    if (parser->fault != CAUSEWAY_XML_NO_FAULT || parser->is_muted || parser->depth <= 1 || count <= 0) return;
    if (!xml_events_text(&parser->events, text, (size_t)count)) fail(parser, CAUSEWAY_XML_OUT_OF_MEMORY);
}

// The scanner lets none of these through; they are refused all the same.

static void on_document_type(void *context, const xmlChar *name, const xmlChar *id, const xmlChar *system) {
    xml_parser *parser = context;
    (void)name;
    (void)id;
    (void)system;
    fail(parser, CAUSEWAY_XML_RESTRICTED);
    xmlStopParser(parser->context);
}

static void on_comment(void *context, const xmlChar *text) {
    (void)text;
    fail(context, CAUSEWAY_XML_RESTRICTED);
}

static void on_instruction(void *context, const xmlChar *target, const xmlChar *data) {
    (void)target;
    (void)data;
    fail(context, CAUSEWAY_XML_RESTRICTED);
}

static void on_reference(void *context, const xmlChar *name) {
    (void)name;
    fail(context, CAUSEWAY_XML_RESTRICTED);
}

#if LIBXML_VERSION >= 21200
static void on_error(void *context, const xmlError *error) {
#else
static void on_error(void *context, xmlErrorPtr error) {
#endif
    if (error->level == XML_ERR_WARNING || error->level == XML_ERR_NONE) return;
    switch (error->code) {
    // A namespace name that is no URI is no fault of well-formedness (XML-NAMES section 7).
    case XML_WAR_NS_URI: return;
    case XML_ERR_NO_MEMORY: return fail(context, CAUSEWAY_XML_OUT_OF_MEMORY);
    case XML_ERR_UNDECLARED_ENTITY:
    case XML_WAR_UNDECLARED_ENTITY: return fail(context, CAUSEWAY_XML_RESTRICTED);
    case XML_ERR_UNSUPPORTED_ENCODING:
    case XML_ERR_UNKNOWN_ENCODING: return fail(context, CAUSEWAY_XML_UNSUPPORTED_ENCODING);
    default: fail(context, CAUSEWAY_XML_NOT_WELL_FORMED);
    }
}

static const xmlSAXHandler handler = {
    .internalSubset = on_document_type,
    .externalSubset = on_document_type,
    .reference = on_reference,
    .characters = on_text,
    .ignorableWhitespace = on_text,
    .cdataBlock = on_text,
    .comment = on_comment,
    .processingInstruction = on_instruction,
    .startElementNs = on_start,
    .endElementNs = on_end,
    .serror = on_error,
    .initialized = XML_SAX2_MAGIC,
};

static void initialize_library(void) {
    xmlInitParser();
}

static bool create_context(xml_parser *parser) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, initialize_library);
    xmlParserCtxtPtr context = xmlCreatePushParserCtxt((xmlSAXHandlerPtr)&handler, parser, NULL, 0, NULL);
    if (context == NULL) return false;
    // Without NOENT libxml2 tells an attribute's &amp; as &#38;. There are no entities for it to expand.
    xmlCtxtUseOptions(context, XML_PARSE_NONET | XML_PARSE_NODICT | XML_PARSE_NOENT);
    // libxml2 guesses the encoding from the first four octets, and waits for them. These are ours.
    xmlParseChunk(context, "    ", 4, 0);
    parser->context = context;
    return true;
}

bool xml_parser_init(xml_parser *parser, const causeway_xml_limits *limits) {
    *parser = (xml_parser){.limits = limits};
    parser->declared = calloc(limits->depth, sizeof *parser->declared);
    if (parser->declared != NULL && create_context(parser)) return true;
    free(parser->declared);
    return false;
}

void xml_parser_free(xml_parser *parser) {
    if (parser->context != NULL) xmlFreeParserCtxt(parser->context);
    xml_events_free(&parser->events);
    free(parser->declared);
}

void xml_parser_read(xml_parser *parser, const uint8_t *octets, size_t count) {
    xmlParserCtxtPtr context = parser->context;
    if (context == NULL) return fail(parser, CAUSEWAY_XML_OUT_OF_MEMORY);
    xmlParseChunk(context, (const char *)octets, (int)count, 0);
    if (!context->wellFormed) fail(parser, CAUSEWAY_XML_NOT_WELL_FORMED);
}

void xml_parser_renew(xml_parser *parser, const uint8_t *root, size_t count) {
    xmlFreeParserCtxt(parser->context);
    parser->context = NULL;
    if (!create_context(parser)) return fail(parser, CAUSEWAY_XML_OUT_OF_MEMORY);
    parser->is_muted = true;
    xml_parser_read(parser, root, count);
    parser->is_muted = false;
}

size_t xml_parser_held(const xml_parser *parser) {
    xmlParserCtxtPtr context = parser->context;
    return parser->events.buffer.capacity + (context == NULL ? 0 : xmlDictGetUsage(context->dict));
}
