/* The server of gorgon_testing.h: requests go to a function of the test. */
#ifndef __wasm__

#include "gorgon_testing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "gorgon_host.h"

enum { MOST = 1024 };

static void (*responder)(const gorgon_test_request *, gorgon_test_answer *);
static gorgon_test_request requests[MOST];
static gorgon_fields answered[MOST];
static size_t request_count;

void gorgon_test_forget_requests(void) {
    request_count = 0;
}

void gorgon_test_respond(void (*respond)(const gorgon_test_request *, gorgon_test_answer *)) {
    responder = respond;
}

size_t gorgon_test_requests(void) {
    return request_count;
}

gorgon_test_request gorgon_test_request_at(size_t index) {
    return index < request_count ? requests[index] : (gorgon_test_request){"", "", "", "", {NULL, 0}};
}

static const char *copy(const char *text, size_t size) {
    char *kept = gorgon_alloc(size + 1);
    memcpy(kept, text, size);
    kept[size] = 0;
    return kept;
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
    if (request_count == MOST) {
        fprintf(stderr, "gorgon_testing: more than %d requests in one call\n", MOST);
        abort();
    }
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
        host_measure_record(requests[id].name, strlen(requests[id].name), 0);
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
