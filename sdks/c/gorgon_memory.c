/*
 * The memory of a call: blocks that are handed out piece by piece and forgotten all at once when the next
 * call begins.
 */
#include <stdalign.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gorgon_host.h"

enum { FIRST = 16 << 10, NEXT = 64 << 10 };

typedef struct block {
    struct block *before;
    size_t size;
    alignas(max_align_t) char data[];
} block;

static alignas(max_align_t) char first[FIRST];
static block *newest;
static char *place = first;
static size_t left = FIRST;

void gorgon_memory_reset(void) {
    while (newest) {
        block *before = newest->before;
        free(newest);
        newest = before;
    }
    place = first;
    left = FIRST;
}

void *gorgon_alloc(size_t size) {
    const size_t unit = alignof(max_align_t);
    if (size > SIZE_MAX - sizeof(block) - NEXT)
        abort();
    size = (size + unit - 1) / unit * unit;
    if (size > left) {
        size_t room = size > NEXT ? size : NEXT;
        block *fresh = malloc(sizeof(block) + room);
        if (!fresh)
            abort();
        fresh->before = newest;
        fresh->size = room;
        newest = fresh;
        place = fresh->data;
        left = room;
    }
    void *piece = place;
    place += size;
    left -= size;
    return piece;
}

char *gorgon_format(const char *format, ...) {
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length < 0)
        abort();
    char *text = gorgon_alloc((size_t)length + 1);
    vsnprintf(text, (size_t)length + 1, format, again);
    va_end(again);
    return text;
}

gorgon_bytes gorgon_text(const char *text) {
    return (gorgon_bytes){text ? text : "", text ? strlen(text) : 0};
}

#ifdef __wasm__
/* Memory for what an import returns: it belongs to the call. The host never asks for a larger piece instead
 * of an earlier one, since all texts are UTF-8 on both sides. One byte more than it asks for becomes the NUL
 * behind texts. */
__attribute__((export_name("cabi_import_realloc"))) void *gorgon_realloc_import(void *old, size_t old_size,
                                                                                size_t align, size_t size) {
    (void)align;
    char *piece = gorgon_alloc(size + 1);
    if (old)
        memcpy(piece, old, old_size < size ? old_size : size);
    piece[size] = 0;
    return piece;
}

/* Memory for the arguments of an export: they are there before the call begins, so they are not the call's;
 * what performs the call frees them. */
__attribute__((export_name("cabi_export_realloc"))) void *gorgon_realloc_export(void *old, size_t old_size,
                                                                                size_t align, size_t size) {
    (void)old_size;
    (void)align;
    char *piece = realloc(old, size + 1);
    if (!piece)
        abort();
    piece[size] = 0;
    return piece;
}

/* Memory for the state of the module that stands between wasi-libc and WASI 0.2: kept for as long as the
 * instance. */
__attribute__((export_name("cabi_realloc_adapter"))) void *gorgon_realloc_adapter(void *old, size_t old_size,
                                                                                  size_t align, size_t size) {
    (void)old_size;
    (void)align;
    void *piece = realloc(old, size);
    if (!piece)
        abort();
    return piece;
}
#endif
