/*
 * Values out of a JSON text, without making a tree of it: the text is read from its beginning, and what is
 * not on the way is skipped. It trusts the server that what is skipped is JSON.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gorgon_host.h"

enum { DEEPEST = 64 };

static const char *blanks(const char *at) {
    return at + strspn(at, " \t\r\n");
}

/* Past the string that begins at `at`, or NULL. */
static const char *past_string(const char *at) {
    for (at++; *at != '"'; at++) {
        if (*at == '\\')
            at++;
        if (*at == 0)
            return NULL;
    }
    return at + 1;
}

/* Past the value that begins at `at`, or NULL. */
static const char *past_value(const char *at, int depth) {
    at = blanks(at);
    if (*at == '"')
        return past_string(at);
    if (*at != '{' && *at != '[') {
        size_t length = strcspn(at, ",]} \t\r\n");
        return length ? at + length : NULL;
    }
    if (depth == DEEPEST)
        return NULL;
    char closing = *at == '{' ? '}' : ']';
    at = blanks(at + 1);
    while (*at != closing) {
        if (closing == '}') {
            if (*at != '"' || !(at = past_string(at)))
                return NULL;
            at = blanks(at);
            if (*at++ != ':')
                return NULL;
        }
        if (!(at = past_value(at, depth + 1)))
            return NULL;
        at = blanks(at);
        if (*at == ',')
            at = blanks(at + 1);
        else if (*at != closing)
            return NULL;
    }
    return at + 1;
}

/* The child of the object or array at `at` that the part of a path names: where its value begins, or NULL. */
static const char *child(const char *at, const char *part, size_t length) {
    char opening = *at;
    if (opening != '{' && opening != '[')
        return NULL;
    size_t index = opening == '[' ? strtoull(part, NULL, 10) : 0;
    if (opening == '[' && (part[0] < '0' || part[0] > '9'))
        return NULL;
    at = blanks(at + 1);
    while (*at != '}' && *at != ']') {
        bool found = opening == '[' && index-- == 0;
        if (opening == '{') {
            const char *key = at + 1;
            if (*at != '"' || !(at = past_string(at)))
                return NULL;
            found = (size_t)(at - 1 - key) == length && memcmp(key, part, length) == 0;
            at = blanks(at);
            if (*at++ != ':')
                return NULL;
        }
        if (found)
            return blanks(at);
        if (!(at = past_value(at, 0)))
            return NULL;
        at = blanks(at);
        if (*at == ',')
            at = blanks(at + 1);
        else if (*at != '}' && *at != ']')
            return NULL;
    }
    return NULL;
}

static const char *find(const char *json, const char *path) {
    const char *at = blanks(json);
    while (at && *path) {
        size_t length = strcspn(path, ".");
        at = child(at, path, length);
        path += length + (path[length] == '.');
    }
    return at && *at ? at : NULL;
}

static bool lacks(const char *what, const char *path, const char *json) {
    gorgon_remember("json", gorgon_format("there is no %s at `%s` in the JSON: %.200s", what, path, json));
    return false;
}

/* The four hexadecimal digits of an escape. */
static bool hex4(const char *at, unsigned *code) {
    *code = 0;
    for (int index = 0; index < 4; index++) {
        char digit = at[index];
        if (digit >= '0' && digit <= '9')
            *code = *code << 4 | (unsigned)(digit - '0');
        else if ((digit | 0x20) >= 'a' && (digit | 0x20) <= 'f')
            *code = *code << 4 | (unsigned)((digit | 0x20) - 'a' + 10);
        else
            return false;
    }
    return true;
}

/* Writes a character as UTF-8 and returns where it ended. */
static char *put_utf8(char *to, unsigned code) {
    if (code < 0x80) {
        *to++ = (char)code;
    } else if (code < 0x800) {
        *to++ = (char)(0xc0 | code >> 6);
        *to++ = (char)(0x80 | (code & 0x3f));
    } else if (code < 0x10000) {
        *to++ = (char)(0xe0 | code >> 12);
        *to++ = (char)(0x80 | (code >> 6 & 0x3f));
        *to++ = (char)(0x80 | (code & 0x3f));
    } else {
        *to++ = (char)(0xf0 | code >> 18);
        *to++ = (char)(0x80 | (code >> 12 & 0x3f));
        *to++ = (char)(0x80 | (code >> 6 & 0x3f));
        *to++ = (char)(0x80 | (code & 0x3f));
    }
    return to;
}

/* The string at `at` without its escapes, which only ever makes it shorter; NULL where an escape is none. */
static char *unescaped(const char *at, const char *end) {
    static const char letters[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
    char *text = gorgon_alloc((size_t)(end - at) + 1), *to = text;
    while (at < end) {
        if (*at != '\\') {
            *to++ = *at++;
            continue;
        }
        const char *letter = strchr(letters, *++at);
        if (letter && *letter) {
            *to++ = meanings[letter - letters];
            at++;
            continue;
        }
        unsigned code, low;
        if (*at != 'u' || !hex4(at + 1, &code))
            return NULL;
        at += 5;
        if (code >= 0xd800 && code < 0xdc00 && at[0] == '\\' && at[1] == 'u' && hex4(at + 2, &low) &&
            low >= 0xdc00 && low < 0xe000) {
            code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
            at += 6;
        } else if (code >= 0xd800 && code < 0xe000) {
            code = 0xfffd;
        }
        to = put_utf8(to, code);
    }
    *to = 0;
    return text;
}

const char *gorgon_json_text(const char *json, const char *path) {
    const char *at = find(json, path), *end = at && *at == '"' ? past_string(at) : NULL;
    char *text = end ? unescaped(at + 1, end - 1) : NULL;
    if (!text)
        lacks("text", path, json);
    return text;
}

bool gorgon_json_number(const char *json, const char *path, double *value) {
    const char *at = find(json, path);
    if (at && (*at == '-' || (*at >= '0' && *at <= '9'))) {
        *value = strtod(at, NULL);
        return true;
    }
    return lacks("number", path, json);
}

bool gorgon_json_bool(const char *json, const char *path, bool *value) {
    const char *at = find(json, path);
    if (at && (strncmp(at, "true", 4) == 0 || strncmp(at, "false", 5) == 0)) {
        *value = *at == 't';
        return true;
    }
    return lacks("boolean", path, json);
}

bool gorgon_json_length(const char *json, const char *path, size_t *length) {
    const char *at = find(json, path);
    if (!at || *at != '[')
        return lacks("array", path, json);
    *length = 0;
    at = blanks(at + 1);
    while (*at != ']') {
        if (!(at = past_value(at, 0)))
            return lacks("array", path, json);
        ++*length;
        at = blanks(at);
        if (*at == ',')
            at++;
        else if (*at != ']')
            return lacks("array", path, json);
    }
    return true;
}

const char *gorgon_json_quote(const char *text) {
    char *quoted = gorgon_alloc(strlen(text) * 6 + 3), *to = quoted;
    *to++ = '"';
    for (; *text; text++) {
        unsigned char byte = (unsigned char)*text;
        if (byte < 0x20) {
            to += sprintf(to, "\\u%04x", byte);
        } else {
            if (byte == '"' || byte == '\\')
                *to++ = '\\';
            *to++ = (char)byte;
        }
    }
    *to++ = '"';
    *to = 0;
    return quoted;
}
