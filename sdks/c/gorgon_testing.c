/* The host of gorgon_testing.h. What it records lives until the next call, in tables that a test does not
 * fill. */
#ifndef __wasm__

#include "gorgon_testing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

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
static void (*responder)(const gorgon_test_request *, gorgon_test_answer *);
static uint64_t seed = 1, stream, number, now;
static gorgon_result returned;

static table checks, counters, samples, lines;
static struct {
    const char *name;
    uint64_t since;
    bool open;
} spans[MOST];
static size_t span_count;
static gorgon_test_request requests[MOST];
static gorgon_fields answered[MOST];
static size_t request_count;

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
    responder = NULL;
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

void gorgon_test_respond(void (*respond)(const gorgon_test_request *, gorgon_test_answer *)) {
    responder = respond;
}

gorgon_result gorgon_test_call(uint64_t call) {
    checks.count = counters.count = samples.count = lines.count = span_count = request_count = 0;
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

size_t gorgon_test_requests(void) {
    return request_count;
}

gorgon_test_request gorgon_test_request_at(size_t index) {
    return index < request_count ? requests[index] : (gorgon_test_request){"", "", "", "", {NULL, 0}};
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

/* The case of an error by its name. */
static uint8_t error_named(const char *name) {
    static const char *const names[HOST_ERRORS] = {
        "invalid-request", "denied",    "dns",      "connect", "tls",     "timeout",
        "closed",          "too-large", "protocol", "decode",  "stopped", "other"};
    for (uint8_t kind = 0; kind < HOST_ERRORS; kind++)
        if (strcmp(names[kind], name) == 0)
            return kind;
    fprintf(stderr, "gorgon_testing: `%s` is not the name of an error of HTTP\n", name);
    abort();
}

static void refuse(const char *name, host_exchange *exchange) {
    *exchange = (host_exchange){.failed = 1};
    exchange->value.error.kind = error_named(name);
    switch (exchange->value.error.kind) {
    case HOST_TIMEOUT:
    case HOST_CLOSED:
        exchange->value.error.detail.phase = 7;
        break;
    case HOST_TOO_LARGE:
        exchange->value.error.detail.limit = 0;
        break;
    default:
        exchange->value.error.detail.text = gorgon_text("refused by the test");
    }
}

void host_http_send(const host_request *request, host_exchange *exchange) {
    if (request_count == MOST)
        full("requests");
    size_t id = request_count++;
    gorgon_bytes body = request->body.some ? request->body.value : gorgon_text("");
    requests[id] = (gorgon_test_request){
        copy(request->method.data, request->method.size), copy(request->url.data, request->url.size),
        copy(body.data, body.size),
        request->name.some ? copy(request->name.value.data, request->name.value.size) : "", request->headers};
    gorgon_test_answer answer = {200, "", {NULL, 0}, NULL};
    if (responder)
        responder(&requests[id], &answer);
    else
        answer.error = "connect";
    if (answer.error) {
        refuse(answer.error, exchange);
        return;
    }
    if (*requests[id].name)
        add(&samples, requests[id].name, strlen(requests[id].name), 0, false);
    answered[id] = answer.headers;
    *exchange = (host_exchange){.failed = 0};
    exchange->value.response.id = (uint32_t)id;
    exchange->value.response.status = (uint16_t)answer.status;
    if (request->body_mode.kind != HOST_BODY_DISCARD)
        exchange->value.response.body = gorgon_text(copy(answer.body, strlen(answer.body)));
    else
        exchange->value.response.body = gorgon_text("");
    if (request->body_mode.kind == HOST_BODY_FIRST &&
        exchange->value.response.body.size > request->body_mode.first)
        exchange->value.response.body =
            gorgon_text(copy(exchange->value.response.body.data, request->body_mode.first));
    exchange->value.response.body_size = strlen(answer.body);
}

void host_http_send_all(const host_request *all, size_t count, host_exchanges *exchanges) {
    host_exchange *items = gorgon_alloc(count * sizeof *items);
    for (size_t index = 0; index < count; index++)
        host_http_send(&all[index], &items[index]);
    *exchanges = (host_exchanges){items, count};
}

/* The headers of a response of this call; another one is what a trap is in the sandbox. */
static gorgon_fields headers_of(uint32_t response) {
    if (response >= request_count) {
        fprintf(stderr, "gorgon_testing: response %u is not one of this call\n", (unsigned)response);
        abort();
    }
    return answered[response];
}

void host_http_header(uint32_t response, const char *name, size_t size, host_option *value) {
    host_strings values;
    host_http_header_all(response, name, size, &values);
    *value = values.count ? (host_option){1, values.items[0]} : (host_option){0};
}

void host_http_header_all(uint32_t response, const char *name, size_t size, host_strings *values) {
    gorgon_fields headers = headers_of(response);
    gorgon_bytes *items = gorgon_alloc(headers.count * sizeof *items);
    size_t count = 0;
    for (size_t index = 0; index < headers.count; index++)
        if (headers.items[index].name.size == size &&
            strncasecmp(headers.items[index].name.data, name, size) == 0)
            items[count++] = headers.items[index].value;
    *values = (host_strings){items, count};
}

void host_http_headers_of(uint32_t response, gorgon_fields *headers) {
    *headers = headers_of(response);
}

void host_http_timings_of(uint32_t response, gorgon_timings *timings) {
    headers_of(response);
    *timings = (gorgon_timings){0};
}

uint32_t host_http_reused(uint32_t response) {
    headers_of(response);
    return 0;
}

void host_http_version(uint32_t response, gorgon_bytes *version) {
    headers_of(response);
    *version = gorgon_text("HTTP/1.1");
}

#endif
