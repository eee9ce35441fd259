/* The host of gorgon_testing.h. What it records lives until the next call, in tables that a test does not
 * fill. */
#ifndef __wasm__

#include "gorgon_testing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gorgon_host.h"

enum { MOST = 1024 };

/* One thing that the operation recorded: its name, a value, and whether it is of the second kind (a failed
 * check). */
typedef struct {
    const char *name;
    uint64_t value;
    bool other;
} entry;

typedef struct {
    entry entries[MOST];
    size_t count;
} table;

static gorgon_field parameters[MOST], cells[MOST];
static size_t parameter_count, cell_count;
static const char *given_item;
static uint64_t seed = 1, stream, number, now;
static gorgon_result returned;

static table checks, counters, samples, lines;
static struct {
    const char *name;
    uint64_t since;
    bool open;
} spans[MOST];
static size_t span_count;

static _Noreturn void full(const char *what) {
    fprintf(stderr, "gorgon_testing: more than %d %s in one call\n", MOST, what);
    abort();
}

static const char *copy(const char *text, size_t size) {
    char *kept = gorgon_alloc(size + 1);
    memcpy(kept, text, size);
    kept[size] = 0;
    return kept;
}

static void add(table *to, const char *name, size_t size, uint64_t value, bool other) {
    if (to->count == MOST)
        full("records");
    to->entries[to->count++] = (entry){copy(name, size), value, other};
}

static uint64_t sum(const table *of, const char *name, bool other, bool values) {
    uint64_t total = 0;
    for (size_t index = 0; index < of->count; index++)
        if (of->entries[index].other == other && strcmp(of->entries[index].name, name) == 0)
            total += values ? of->entries[index].value : 1;
    return total;
}

void gorgon_test_begin(void) {
    parameter_count = cell_count = 0;
    given_item = NULL;
    gorgon_test_respond(NULL);
    seed = 1;
}

static void give(gorgon_field *fields, size_t *count, const char *name, const char *value) {
    if (*count == MOST)
        full("parameters or cells");
    fields[(*count)++] = (gorgon_field){gorgon_text(name), gorgon_text(value)};
}

void gorgon_test_set(const char *parameter, const char *value) {
    give(parameters, &parameter_count, parameter, value);
}

void gorgon_test_cell(const char *column, const char *value) {
    give(cells, &cell_count, column, value);
}

void gorgon_test_item(const char *item) {
    given_item = item;
}

void gorgon_test_seed(uint64_t value) {
    seed = value;
}

gorgon_result gorgon_test_call(uint64_t call) {
    checks.count = counters.count = samples.count = lines.count = span_count = 0;
    gorgon_test_forget_requests();
    now = 0;
    number = call;
    stream = seed * 0x9e3779b97f4a7c15 + call;
    const host_result *result = gorgon_export_run(call);
    returned = (gorgon_result){!result->failed, result->text};
    return returned;
}

bool gorgon_test_tag_is(bool ok, const char *tag) {
    if (returned.ok == ok && strcmp(returned.text.data, tag) == 0)
        return true;
    fprintf(stderr, "the call ended with the %s tag `%s`, not the %s `%s`\n", returned.ok ? "ok" : "failing",
            returned.text.data, ok ? "ok" : "failing", tag);
    return false;
}

size_t gorgon_test_passed(const char *check) {
    return sum(&checks, check, false, false);
}

size_t gorgon_test_failed(const char *check) {
    return sum(&checks, check, true, false);
}

uint64_t gorgon_test_counter(const char *name) {
    return sum(&counters, name, false, true);
}

size_t gorgon_test_samples(const char *measurement) {
    return sum(&samples, measurement, false, false);
}

bool gorgon_test_logged(const char *text) {
    for (size_t index = 0; index < lines.count; index++)
        if (strstr(lines.entries[index].name, text))
            return true;
    return false;
}

uint64_t host_clock_now(void) {
    return now;
}

void host_clock_sleep(uint64_t nanos) {
    now += nanos;
}

uint64_t host_context_number(void) {
    return number;
}

uint32_t host_context_worker(void) {
    return 0;
}

uint32_t host_context_workers(void) {
    return 1;
}

uint64_t host_context_due(void) {
    return 0;
}

void host_context_run_id(gorgon_bytes *id) {
    *id = gorgon_text("test");
}

/* SplitMix64. */
uint64_t host_context_random(void) {
    uint64_t z = stream += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

/* The last field of that name. */
static void look_up(gorgon_fields fields, const char *name, size_t size, host_option *value) {
    *value = (host_option){0};
    for (size_t index = 0; index < fields.count; index++)
        if (fields.items[index].name.size == size && memcmp(fields.items[index].name.data, name, size) == 0)
            *value = (host_option){1, fields.items[index].value};
}

void host_context_parameter(const char *name, size_t size, host_option *value) {
    look_up((gorgon_fields){parameters, parameter_count}, name, size, value);
}

void host_context_parameters(gorgon_fields *all) {
    *all = (gorgon_fields){parameters, parameter_count};
}

void host_context_item(host_option *item) {
    *item = (host_option){given_item != NULL, gorgon_text(given_item)};
}

void host_context_cell(const char *column, size_t size, host_option *cell) {
    look_up((gorgon_fields){cells, cell_count}, column, size, cell);
}

void host_context_row(gorgon_fields *row) {
    *row = (gorgon_fields){cells, cell_count};
}

uint32_t host_context_stopping(void) {
    return 0;
}

void host_context_log(uint32_t level, const char *text, size_t size) {
    add(&lines, text, size, level, false);
}

uint32_t host_measure_begin(const char *name, size_t size) {
    if (span_count == MOST)
        full("spans");
    spans[span_count].name = copy(name, size);
    spans[span_count].since = now;
    spans[span_count].open = true;
    return (uint32_t)span_count++;
}

void host_measure_end(uint32_t span) {
    if (span >= span_count || !spans[span].open)
        return;
    spans[span].open = false;
    add(&samples, spans[span].name, strlen(spans[span].name), now - spans[span].since, false);
}

void host_measure_record(const char *name, size_t size, uint64_t nanos) {
    add(&samples, name, size, nanos, false);
}

void host_measure_count(const char *name, size_t size, uint64_t delta) {
    add(&counters, name, size, delta, false);
}

void host_measure_check(const char *name, size_t size, uint32_t passed) {
    add(&checks, name, size, 0, !passed);
}

#endif
