/* What the call is and what was passed to it; its clock, its log and its measurements. */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gorgon_host.h"

uint64_t gorgon_number(void) {
    return host_context_number();
}

uint32_t gorgon_worker(void) {
    return host_context_worker();
}

uint32_t gorgon_workers(void) {
    return host_context_workers();
}

uint64_t gorgon_due(void) {
    return host_context_due();
}

const char *gorgon_run_id(void) {
    gorgon_bytes id;
    host_context_run_id(&id);
    return id.data;
}

bool gorgon_stopping(void) {
    return host_context_stopping();
}

uint64_t gorgon_random(void) {
    return host_context_random();
}

const char *gorgon_parameter(const char *name) {
    host_option value;
    host_context_parameter(name, strlen(name), &value);
    return value.some ? value.value.data : NULL;
}

const char *gorgon_parameter_or(const char *name, const char *otherwise) {
    const char *value = gorgon_parameter(name);
    return value ? value : otherwise;
}

const char *gorgon_required(const char *name) {
    const char *value = gorgon_parameter(name);
    if (!value)
        gorgon_remember(gorgon_format("missing-parameter:%s", name),
                        gorgon_format("the parameter `%s` is missing: give it with --set %s=…", name, name));
    return value;
}

bool gorgon_parameter_u64(const char *name, uint64_t otherwise, uint64_t *value) {
    const char *text = gorgon_parameter(name);
    if (!text) {
        *value = otherwise;
        return true;
    }
    char *rest;
    errno = 0;
    /* strtoull would take a sign and spaces. */
    *value = strtoull(text, &rest, 10);
    if (text[0] >= '0' && text[0] <= '9' && *rest == 0 && errno == 0)
        return true;
    gorgon_remember(
        gorgon_format("bad-parameter:%s", name),
        gorgon_format("the parameter `%s` is `%s`, which is not a whole number from 0 to %" PRIu64, name,
                      text, UINT64_MAX));
    return false;
}

gorgon_fields gorgon_parameters(void) {
    gorgon_fields parameters;
    host_context_parameters(&parameters);
    return parameters;
}

static gorgon_bytes or_nothing(host_option option) {
    return option.some ? option.value : (gorgon_bytes){NULL, 0};
}

gorgon_bytes gorgon_item(void) {
    host_option item;
    host_context_item(&item);
    return or_nothing(item);
}

gorgon_bytes gorgon_cell(const char *column) {
    host_option cell;
    host_context_cell(column, strlen(column), &cell);
    return or_nothing(cell);
}

gorgon_fields gorgon_row(void) {
    gorgon_fields row;
    host_context_row(&row);
    return row;
}

uint64_t gorgon_now(void) {
    return host_clock_now();
}

void gorgon_sleep(uint64_t nanoseconds) {
    host_clock_sleep(nanoseconds);
}

void gorgon_log(gorgon_level level, const char *format, ...) {
    char text[512];
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (length < 0) {
        va_end(again);
        return;
    }
    if ((size_t)length < sizeof text) {
        host_context_log(level, text, (size_t)length);
    } else {
        char *whole = gorgon_alloc((size_t)length + 1);
        vsnprintf(whole, (size_t)length + 1, format, again);
        host_context_log(level, whole, (size_t)length);
    }
    va_end(again);
}

gorgon_span gorgon_begin(const char *name) {
    return (gorgon_span){host_measure_begin(name, strlen(name))};
}

void gorgon_end(gorgon_span span) {
    host_measure_end(span.handle);
}

void gorgon_record(const char *name, uint64_t nanoseconds) {
    host_measure_record(name, strlen(name), nanoseconds);
}

void gorgon_count(const char *name, uint64_t delta) {
    host_measure_count(name, strlen(name), delta);
}

bool gorgon_check(const char *name, bool passed) {
    host_measure_check(name, strlen(name), passed);
    return passed;
}
