#include "xml_declaration.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

typedef struct {
    const uint8_t *at;
    const uint8_t *end;
} cursor;

static bool skip_space(cursor *cursor) {
    const uint8_t *start = cursor->at;
    while (cursor->at < cursor->end && strchr(" \t\r\n", *cursor->at) != NULL && *cursor->at != 0) cursor->at++;
    return cursor->at > start;
}

static bool take(cursor *cursor, const char *text) {
    size_t count = strlen(text);
    if ((size_t)(cursor->end - cursor->at) < count || memcmp(cursor->at, text, count) != 0) return false;
    cursor->at += count;
    return true;
}

// Takes ="value" into value, which holds 32 octets with the end.
static bool take_value(cursor *cursor, char *value) {
    skip_space(cursor);
    if (!take(cursor, "=")) return false;
    skip_space(cursor);
    if (cursor->at == cursor->end || (*cursor->at != '"' && *cursor->at != '\'')) return false;
    uint8_t quote = *cursor->at++;
    size_t count = 0;
    while (cursor->at < cursor->end && *cursor->at != quote) {
        if (count == 31) return false;
        value[count++] = (char)*cursor->at++;
    }
    value[count] = '\0';
    return take(cursor, (const char[]){(char)quote, '\0'});
}

// 1.0, and every other 1.x, is read as XML 1.0 (XML 1.0 fifth edition, section 2.8).
static bool is_version_one(const char *version) {
    if (strncmp(version, "1.", 2) != 0 || version[2] == '\0') return false;
    return strspn(version + 2, "0123456789") == strlen(version + 2);
}

causeway_xml_fault xml_declaration_check(const uint8_t *octets, size_t count) {
    cursor cursor = {octets, octets + count};
    char value[32];
    skip_space(&cursor);
    if (!take(&cursor, "<?xml")) return CAUSEWAY_XML_RESTRICTED;
    if (!skip_space(&cursor)) return CAUSEWAY_XML_RESTRICTED;
    if (!take(&cursor, "version") || !take_value(&cursor, value) || !is_version_one(value)) {
        return CAUSEWAY_XML_NOT_WELL_FORMED;
    }
    bool is_separate = skip_space(&cursor);
    if (is_separate && take(&cursor, "encoding")) {
        if (!take_value(&cursor, value)) return CAUSEWAY_XML_NOT_WELL_FORMED;
        if (strcasecmp(value, "UTF-8") != 0) return CAUSEWAY_XML_UNSUPPORTED_ENCODING;
        is_separate = skip_space(&cursor);
    }
    // It means nothing without a document type; RFC 6120 section 11.5 lets it be ignored.
    if (is_separate && take(&cursor, "standalone")) {
        if (!take_value(&cursor, value)) return CAUSEWAY_XML_NOT_WELL_FORMED;
        if (strcmp(value, "yes") != 0 && strcmp(value, "no") != 0) return CAUSEWAY_XML_NOT_WELL_FORMED;
        skip_space(&cursor);
    }
    return take(&cursor, "?>") && cursor.at == cursor.end ? CAUSEWAY_XML_NO_FAULT : CAUSEWAY_XML_NOT_WELL_FORMED;
}
