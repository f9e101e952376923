#include "xml_scanner.h"

#include <stdbool.h>
#include <string.h>

// What each octet may mean outside markup and inside quotes.
enum { PLAIN = 0, OPENS, REFERS, QUOTES, FORBIDDEN };

static const uint8_t kinds[256] = {
    FORBIDDEN, FORBIDDEN, FORBIDDEN, FORBIDDEN, FORBIDDEN, FORBIDDEN, FORBIDDEN, FORBIDDEN,
    FORBIDDEN, PLAIN, PLAIN, FORBIDDEN, FORBIDDEN, PLAIN, FORBIDDEN, FORBIDDEN,
    FORBIDDEN, FORBIDDEN, FORBIDDEN, FORBIDDEN, FORBIDDEN, FORBIDDEN, FORBIDDEN, FORBIDDEN,
    FORBIDDEN, FORBIDDEN, FORBIDDEN, FORBIDDEN, FORBIDDEN, FORBIDDEN, FORBIDDEN, FORBIDDEN,
    ['"'] = QUOTES, ['\''] = QUOTES, ['&'] = REFERS, ['<'] = OPENS,
};

// The octets that are part of a name, as far as finding its end goes.
static bool is_of_name(uint8_t octet) {
    return octet > '>' || (octet > ' ' && octet != '"' && octet != '\'' && octet != '&' && octet != '/' && octet < '<');
}

static bool is_space(uint8_t octet) {
    return octet == ' ' || octet == '\t' || octet == '\n' || octet == '\r';
}

void xml_scanner_init(xml_scanner *scanner, const causeway_xml_limits *limits) {
    *scanner = (xml_scanner){.limits = limits, .state = XML_SCAN_START};
}

static xml_scan_state outside(const xml_scanner *scanner) {
    return scanner->depth > 1 ? XML_SCAN_TEXT : XML_SCAN_BETWEEN;
}

static void begin_reference(xml_scanner *scanner) {
    scanner->returns = scanner->state;
    scanner->state = XML_SCAN_REFERENCE;
    scanner->run = 0;
}

// A reference may be to a character, or to one of the five entities of XML 1.0 section 4.6.
static causeway_xml_fault scan_reference(xml_scanner *scanner, uint8_t octet) {
    static const char *const known[] = {"lt", "gt", "amp", "apos", "quot"};
    if (octet != ';') {
        if (is_space(octet) || octet == '<' || octet == '&') return CAUSEWAY_XML_NOT_WELL_FORMED;
        if (scanner->run == sizeof scanner->reference - 1) return CAUSEWAY_XML_RESTRICTED;
        scanner->reference[scanner->run++] = (char)octet;
        return CAUSEWAY_XML_NO_FAULT;
    }
    scanner->reference[scanner->run] = '\0';
    scanner->state = scanner->returns;
    if (scanner->run == 0) return CAUSEWAY_XML_NOT_WELL_FORMED;
    if (scanner->reference[0] == '#') return CAUSEWAY_XML_NO_FAULT;
    for (size_t index = 0; index < sizeof known / sizeof known[0]; index++) {
        if (strcmp(scanner->reference, known[index]) == 0) return CAUSEWAY_XML_NO_FAULT;
    }
    return CAUSEWAY_XML_RESTRICTED;
}

static causeway_xml_fault begin_markup(xml_scanner *scanner, uint8_t octet, bool is_first) {
    scanner->run = 0;
    scanner->attributes = 0;
    scanner->last = octet;
    scanner->before_last = 0;
    switch (octet) {
    case '/':
        if (scanner->depth == 0) return CAUSEWAY_XML_NOT_WELL_FORMED;
        scanner->state = XML_SCAN_END_TAG;
        return CAUSEWAY_XML_NO_FAULT;
    case '!':
        scanner->state = XML_SCAN_BANG;
        return CAUSEWAY_XML_NO_FAULT;
    case '?':
        if (!is_first) return CAUSEWAY_XML_RESTRICTED;
        scanner->state = XML_SCAN_DECLARATION;
        return CAUSEWAY_XML_NO_FAULT;
    case '>':
    case '<':
    case '&':
    case '=':
    case '"':
    case '\'':
        return CAUSEWAY_XML_NOT_WELL_FORMED;
    default:
        if (octet <= ' ') return CAUSEWAY_XML_NOT_WELL_FORMED;
        scanner->run = 1;
        scanner->state = XML_SCAN_START_TAG;
        return CAUSEWAY_XML_NO_FAULT;
    }
}

// After <! only a CDATA section may come, and that only where text may.
static causeway_xml_fault scan_bang(xml_scanner *scanner, uint8_t octet) {
    static const char cdata[] = "[CDATA[";
    if (octet != (uint8_t)cdata[scanner->run]) return CAUSEWAY_XML_RESTRICTED;
    if (cdata[++scanner->run] != '\0') return CAUSEWAY_XML_NO_FAULT;
    if (scanner->depth == 0) return CAUSEWAY_XML_NOT_WELL_FORMED;
    if (scanner->depth == 1) return CAUSEWAY_XML_TEXT_BETWEEN_ELEMENTS;
    scanner->state = XML_SCAN_CDATA;
    scanner->last = scanner->before_last = 0;
    return CAUSEWAY_XML_NO_FAULT;
}

static causeway_xml_fault end_start_tag(xml_scanner *scanner) {
    if (scanner->depth >= scanner->limits->depth) return CAUSEWAY_XML_TOO_DEEP;
    bool is_empty = scanner->last == '/';
    if (!is_empty) scanner->depth++;
    scanner->state = is_empty && scanner->depth == 0 ? XML_SCAN_END : outside(scanner);
    return CAUSEWAY_XML_NO_FAULT;
}

static void end_end_tag(xml_scanner *scanner) {
    scanner->depth--;
    scanner->state = scanner->depth == 0 ? XML_SCAN_END : outside(scanner);
}

static causeway_xml_fault scan_tag(xml_scanner *scanner, uint8_t octet) {
    switch (octet) {
    case '"':
    case '\'':
        if (scanner->state == XML_SCAN_END_TAG) return CAUSEWAY_XML_NOT_WELL_FORMED;
        scanner->quote = octet;
        scanner->state = XML_SCAN_QUOTED;
        scanner->run = 0;
        break;
    case '<':
    case '&':
        return CAUSEWAY_XML_NOT_WELL_FORMED;
    case '=':
        if (++scanner->attributes > scanner->limits->attributes) return CAUSEWAY_XML_TOO_MANY_ATTRIBUTES;
        scanner->run = 0;
        break;
    case ' ':
    case '\t':
    case '\n':
    case '\r':
    case '/':
        scanner->run = 0;
        break;
    default:
        if (octet < ' ') return CAUSEWAY_XML_NOT_WELL_FORMED;
        if (++scanner->run > scanner->limits->name_octets) return CAUSEWAY_XML_NAME_TOO_LONG;
    }
    scanner->last = octet;
    return CAUSEWAY_XML_NO_FAULT;
}

// Skips what is plain text; the index of the first octet that is not, or the count.
static size_t skip_text(const uint8_t *octets, size_t index, size_t count) {
    while (index < count && (kinds[octets[index]] == PLAIN || kinds[octets[index]] == QUOTES)) index++;
    return index;
}

// Skips a name up to its last octet but one, which is left to scan_tag.
static size_t skip_name(xml_scanner *scanner, const uint8_t *octets, size_t index, size_t count) {
    size_t start = index;
    while (index + 1 < count && is_of_name(octets[index]) && is_of_name(octets[index + 1])) index++;
    // More than the limit is as wrong as the limit and one more.
    size_t run = scanner->run + (index - start);
    scanner->run = run > scanner->limits->name_octets ? scanner->limits->name_octets : (uint32_t)run;
    return index;
}

static size_t skip_value(const uint8_t *octets, size_t index, size_t count, uint8_t quote) {
    while (index < count && octets[index] != quote
           && (kinds[octets[index]] == PLAIN || kinds[octets[index]] == QUOTES)) index++;
    return index;
}

// One octet outside markup.
static causeway_xml_fault scan_outside(xml_scanner *scanner, uint8_t octet) {
    if (octet == '<') {
        // A declaration may come where nothing has; from which state this was, MARKUP must know.
        scanner->returns = scanner->state;
        scanner->state = XML_SCAN_MARKUP;
        return CAUSEWAY_XML_NO_FAULT;
    }
    if (octet == 0 || octet == 0xFE || octet == 0xFF) {
        // UTF-16 and UTF-32 begin so (XML 1.0 appendix F).
        return scanner->state == XML_SCAN_START ? CAUSEWAY_XML_UNSUPPORTED_ENCODING : CAUSEWAY_XML_NOT_WELL_FORMED;
    }
    if (scanner->state != XML_SCAN_TEXT) {
        if (is_space(octet)) return CAUSEWAY_XML_NO_FAULT;
        return scanner->depth == 0 || octet < ' ' ? CAUSEWAY_XML_NOT_WELL_FORMED : CAUSEWAY_XML_TEXT_BETWEEN_ELEMENTS;
    }
    if (octet == '&') {
        begin_reference(scanner);
        return CAUSEWAY_XML_NO_FAULT;
    }
    return CAUSEWAY_XML_NOT_WELL_FORMED;
}

static causeway_xml_fault scan_quoted(xml_scanner *scanner, uint8_t octet) {
    if (octet == scanner->quote) {
        scanner->state = XML_SCAN_START_TAG;
        scanner->last = octet;
        return CAUSEWAY_XML_NO_FAULT;
    }
    if (octet == '&') {
        begin_reference(scanner);
        return CAUSEWAY_XML_NO_FAULT;
    }
    return CAUSEWAY_XML_NOT_WELL_FORMED;
}

static void remember(xml_scanner *scanner, uint8_t octet) {
    scanner->before_last = scanner->last;
    scanner->last = octet;
}

static causeway_xml_fault scan_cdata(xml_scanner *scanner, uint8_t octet, xml_scan_stop *stop) {
    if (kinds[octet] == FORBIDDEN) return CAUSEWAY_XML_NOT_WELL_FORMED;
    if (octet == '>' && scanner->last == ']' && scanner->before_last == ']') {
        scanner->state = XML_SCAN_TEXT;
        *stop = XML_SCAN_TAG;
    }
    remember(scanner, octet);
    return CAUSEWAY_XML_NO_FAULT;
}

static void scan_declaration(xml_scanner *scanner, uint8_t octet, xml_scan_stop *stop) {
    if (octet == '>' && scanner->last == '?') {
        scanner->state = XML_SCAN_BETWEEN;
        *stop = XML_SCAN_DECLARED;
    }
    remember(scanner, octet);
}

// One octet; *stop tells when it ends something.
static causeway_xml_fault scan(xml_scanner *scanner, uint8_t octet, xml_scan_stop *stop) {
    causeway_xml_fault fault = CAUSEWAY_XML_NO_FAULT;
    switch (scanner->state) {
    case XML_SCAN_START:
    case XML_SCAN_BETWEEN:
    case XML_SCAN_TEXT:
        return scan_outside(scanner, octet);
    case XML_SCAN_MARKUP:
        if (octet == 0 && scanner->returns == XML_SCAN_START) return CAUSEWAY_XML_UNSUPPORTED_ENCODING;
        return begin_markup(scanner, octet, scanner->returns == XML_SCAN_START);
    case XML_SCAN_START_TAG:
    case XML_SCAN_END_TAG:
        if (octet != '>') return scan_tag(scanner, octet);
        if (scanner->state == XML_SCAN_END_TAG) end_end_tag(scanner);
        else fault = end_start_tag(scanner);
        *stop = scanner->state == XML_SCAN_TEXT ? XML_SCAN_TAG : XML_SCAN_BOUNDARY;
        return fault;
    case XML_SCAN_QUOTED:
        return scan_quoted(scanner, octet);
    case XML_SCAN_BANG:
        return scan_bang(scanner, octet);
    case XML_SCAN_CDATA:
        return scan_cdata(scanner, octet, stop);
    case XML_SCAN_REFERENCE:
        return scan_reference(scanner, octet);
    case XML_SCAN_DECLARATION:
        scan_declaration(scanner, octet, stop);
        return CAUSEWAY_XML_NO_FAULT;
    case XML_SCAN_END:
        return CAUSEWAY_XML_NO_FAULT;
    }
    return CAUSEWAY_XML_NOT_WELL_FORMED;
}

xml_scan_stop xml_scanner_next(
    xml_scanner *scanner, const uint8_t *octets, size_t count, size_t *index, causeway_xml_fault *fault
) {
    xml_scan_stop stop = XML_SCAN_MORE;
    size_t at = *index;
    while (true) {
        if (scanner->state == XML_SCAN_TEXT) at = skip_text(octets, at, count);
        else if (scanner->state == XML_SCAN_QUOTED) at = skip_value(octets, at, count, scanner->quote);
        else if (scanner->state == XML_SCAN_START_TAG || scanner->state == XML_SCAN_END_TAG) {
            at = skip_name(scanner, octets, at, count);
        }
        if (at >= count) break;
        *fault = scan(scanner, octets[at++], &stop);
        if (*fault != CAUSEWAY_XML_NO_FAULT) {
            stop = XML_SCAN_FAULT;
            break;
        }
        if (stop != XML_SCAN_MORE) break;
    }
    *index = at;
    return stop;
}
