/* Requests and responses. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "gorgon_host.h"

/* The names of the errors, which are the tags of calls that fail with them. */
static const char *const errors[HOST_ERRORS] = {
    [HOST_INVALID_REQUEST] = "invalid-request",
    [HOST_DENIED] = "denied",
    [HOST_DNS] = "dns",
    [HOST_CONNECT] = "connect",
    [HOST_TLS] = "tls",
    [HOST_TIMEOUT] = "timeout",
    [HOST_CLOSED] = "closed",
    [HOST_TOO_LARGE] = "too-large",
    [HOST_PROTOCOL] = "protocol",
    [HOST_DECODE] = "decode",
    [HOST_STOPPED] = "stopped",
    [HOST_OTHER] = "other",
};

/* Where a request was when something happened to it, as the end of a sentence. */
static const char *const phases[] = {
    "waiting for a connection",
    "looking up the name",
    "connecting",
    "in the TLS handshake",
    "sending",
    "waiting for the answer",
    "receiving",
    "at an unknown point",
};

static const char *phase(uint8_t number) {
    return phases[number < 7 ? number : 7];
}

/* What happened, in a sentence for the log. */
static const char *describe(const host_exchange *exchange) {
    switch (exchange->value.error.kind) {
    case HOST_TIMEOUT:
        return gorgon_format("a limit of the request ran out %s", phase(exchange->value.error.detail.phase));
    case HOST_CLOSED:
        return gorgon_format("the connection was closed %s", phase(exchange->value.error.detail.phase));
    case HOST_TOO_LARGE:
        return gorgon_format("the response has more than %" PRIu64 " bytes",
                             exchange->value.error.detail.limit);
    case HOST_STOPPED:
        return "the run has ended";
    default:
        return exchange->value.error.detail.text.data;
    }
}

static gorgon_fields headers_of(const gorgon_request *request) {
    size_t count = 0;
    bool typed = !request->json;
    for (const gorgon_header *header = request->headers; header && header->name; header++) {
        typed = typed || strcasecmp(header->name, "content-type") == 0;
        count++;
    }
    if (count == 0 && typed)
        return (gorgon_fields){NULL, 0};
    gorgon_field *fields = gorgon_alloc((count + 1) * sizeof *fields);
    for (size_t index = 0; index < count; index++)
        fields[index] = (gorgon_field){gorgon_text(request->headers[index].name),
                                       gorgon_text(request->headers[index].value)};
    if (!typed)
        fields[count++] = (gorgon_field){gorgon_text("content-type"), gorgon_text("application/json")};
    return (gorgon_fields){fields, count};
}

static gorgon_fields limits_of(const gorgon_request *request) {
    gorgon_field *fields = NULL;
    size_t count = 0;
    if (request->connect_timeout || request->first_byte_timeout)
        fields = gorgon_alloc(2 * sizeof *fields);
    if (request->connect_timeout)
        fields[count++] = (gorgon_field){gorgon_text("connect-timeout"),
                                         gorgon_text(gorgon_format("%" PRIu64, request->connect_timeout))};
    if (request->first_byte_timeout)
        fields[count++] = (gorgon_field){gorgon_text("first-byte-timeout"),
                                         gorgon_text(gorgon_format("%" PRIu64, request->first_byte_timeout))};
    return (gorgon_fields){fields, count};
}

static host_request lower(const gorgon_request *request) {
    gorgon_bytes body = request->body;
    if (request->json)
        body = gorgon_text(request->json);
    else if (request->text)
        body = gorgon_text(request->text);
    host_request lowered = {
        .method = gorgon_text(request->method ? request->method
                              : body.data     ? "POST"
                                              : "GET"),
        .url = gorgon_text(request->url),
        .headers = headers_of(request),
        .body = {body.data != NULL, body},
        .decode = request->accept_compressed,
        .redirects = request->redirects,
        .timeout = {request->timeout != 0, request->timeout},
        .name = {request->name != NULL, gorgon_text(request->name)},
        .extra = limits_of(request),
    };
    if (request->discard_body)
        lowered.body_mode.kind = HOST_BODY_DISCARD;
    else if (request->first_bytes) {
        lowered.body_mode.kind = HOST_BODY_FIRST;
        lowered.body_mode.first = request->first_bytes;
    }
    return lowered;
}

static gorgon_response lift(const host_exchange *exchange) {
    if (exchange->failed) {
        uint8_t kind = exchange->value.error.kind;
        return (gorgon_response){.error = errors[kind < HOST_ERRORS ? kind : HOST_OTHER], .body = ""};
    }
    return (gorgon_response){
        .status = exchange->value.response.status,
        .body = exchange->value.response.body.data,
        .size = exchange->value.response.body.size,
        .body_size = exchange->value.response.body_size,
        .id = exchange->value.response.id,
    };
}

gorgon_response *gorgon_send(const gorgon_request *request) {
    host_request lowered = lower(request);
    host_exchange exchange;
    host_http_send(&lowered, &exchange);
    gorgon_response response = lift(&exchange);
    if (response.error) {
        gorgon_remember(response.error, describe(&exchange));
        return NULL;
    }
    return memcpy(gorgon_alloc(sizeof response), &response, sizeof response);
}

gorgon_response *gorgon_send_all(const gorgon_request *requests, size_t count) {
    host_request *lowered = gorgon_alloc(count * sizeof *lowered);
    for (size_t index = 0; index < count; index++)
        lowered[index] = lower(&requests[index]);
    host_exchanges exchanges;
    host_http_send_all(lowered, count, &exchanges);
    gorgon_response *responses = gorgon_alloc(count * sizeof *responses);
    for (size_t index = 0; index < count; index++) {
        responses[index] = lift(&exchanges.items[index]);
        if (responses[index].error)
            gorgon_remember(responses[index].error, describe(&exchanges.items[index]));
    }
    return responses;
}

gorgon_result gorgon_status(const gorgon_response *response) {
    const char *tag = gorgon_format("%d", response->status);
    return response->status >= 200 && response->status < 400 ? gorgon_ok(tag) : gorgon_fail(tag);
}

const char *gorgon_header_of(const gorgon_response *response, const char *name) {
    host_option value;
    host_http_header(response->id, name, strlen(name), &value);
    return value.some ? value.value.data : NULL;
}

gorgon_fields gorgon_headers_named(const gorgon_response *response, const char *name) {
    host_strings values;
    host_http_header_all(response->id, name, strlen(name), &values);
    gorgon_field *fields = gorgon_alloc(values.count * sizeof *fields);
    for (size_t index = 0; index < values.count; index++)
        fields[index] = (gorgon_field){gorgon_text(""), values.items[index]};
    return (gorgon_fields){fields, values.count};
}

gorgon_fields gorgon_headers(const gorgon_response *response) {
    gorgon_fields headers;
    host_http_headers_of(response->id, &headers);
    return headers;
}

gorgon_timings gorgon_timings_of(const gorgon_response *response) {
    gorgon_timings timings;
    host_http_timings_of(response->id, &timings);
    return timings;
}

bool gorgon_reused(const gorgon_response *response) {
    return host_http_reused(response->id);
}

const char *gorgon_version(const gorgon_response *response) {
    gorgon_bytes version;
    host_http_version(response->id, &version);
    return version.data;
}
