/*
 * What the host offers, as gorgon:load@0.1.0 has it (wit/load.wit), in the canonical ABI of the component
 * model: the structs have on wasm32 the layout that it prescribes. Private to the SDK. Natively,
 * gorgon_testing.c plays the host.
 */
#ifndef GORGON_HOST_H
#define GORGON_HOST_H

#include "gorgon.h"

#ifdef __wasm__
#define HOST(interface, function)                                                                            \
    __attribute__((import_module("gorgon:load/" interface "@0.1.0"), import_name(function)))
#else
#define HOST(interface, function)
#endif

/* option<string>, option<list<u8>> */
typedef struct {
    uint8_t some;
    gorgon_bytes value;
} host_option;

/* option<u64> */
typedef struct {
    uint8_t some;
    uint64_t value;
} host_option_u64;

/* What an export returns: result<string, string>, result<list<u8>, string>, result<_, string>. */
typedef struct {
    uint8_t failed;
    gorgon_bytes text;
} host_result;

/* list<string> */
typedef struct {
    const gorgon_bytes *items;
    size_t count;
} host_strings;

enum { HOST_BODY_FULL, HOST_BODY_DISCARD, HOST_BODY_FIRST };

typedef struct {
    gorgon_bytes method;
    gorgon_bytes url;
    gorgon_fields headers;
    host_option body;
    struct {
        uint8_t kind;
        uint32_t first;
    } body_mode;
    uint8_t decode;
    uint32_t redirects;
    host_option_u64 timeout;
    host_option name;
    gorgon_fields extra;
} host_request;

/* The cases of `error`, in their order. */
enum {
    HOST_INVALID_REQUEST,
    HOST_DENIED,
    HOST_DNS,
    HOST_CONNECT,
    HOST_TLS,
    HOST_TIMEOUT,
    HOST_CLOSED,
    HOST_TOO_LARGE,
    HOST_PROTOCOL,
    HOST_DECODE,
    HOST_STOPPED,
    HOST_OTHER,
    HOST_ERRORS
};

/* result<response, error> */
typedef struct {
    uint8_t failed;
    union {
        struct {
            uint32_t id;
            uint16_t status;
            gorgon_bytes body;
            uint64_t body_size;
        } response;
        struct {
            uint8_t kind;
            union {
                gorgon_bytes text;
                uint8_t phase;
                uint64_t limit;
            } detail;
        } error;
    } value;
} host_exchange;

typedef struct {
    const host_exchange *items;
    size_t count;
} host_exchanges;

#ifdef __wasm__
_Static_assert(sizeof(host_option) == 12 && sizeof(host_option_u64) == 16, "options");
_Static_assert(offsetof(host_request, body_mode) == 36 && offsetof(host_request, timeout) == 56 &&
                   offsetof(host_request, name) == 72 && sizeof(host_request) == 96,
               "request");
_Static_assert(offsetof(host_exchange, value) == 8 && sizeof(host_exchange) == 32, "result of a request");
#endif

HOST("clock", "now") uint64_t host_clock_now(void);
HOST("clock", "sleep") void host_clock_sleep(uint64_t nanos);

HOST("context", "number") uint64_t host_context_number(void);
HOST("context", "worker") uint32_t host_context_worker(void);
HOST("context", "workers") uint32_t host_context_workers(void);
HOST("context", "due") uint64_t host_context_due(void);
HOST("context", "run-id") void host_context_run_id(gorgon_bytes *id);
HOST("context", "random") uint64_t host_context_random(void);
HOST("context", "parameter") void host_context_parameter(const char *name, size_t size, host_option *value);
HOST("context", "parameters") void host_context_parameters(gorgon_fields *parameters);
HOST("context", "item") void host_context_item(host_option *item);
HOST("context", "cell") void host_context_cell(const char *column, size_t size, host_option *cell);
HOST("context", "row") void host_context_row(gorgon_fields *row);
HOST("context", "stopping") uint32_t host_context_stopping(void);
HOST("context", "log") void host_context_log(uint32_t level, const char *text, size_t size);

HOST("measure", "begin") uint32_t host_measure_begin(const char *name, size_t size);
HOST("measure", "end") void host_measure_end(uint32_t span);
HOST("measure", "record") void host_measure_record(const char *name, size_t size, uint64_t nanos);
HOST("measure", "count") void host_measure_count(const char *name, size_t size, uint64_t delta);
HOST("measure", "check") void host_measure_check(const char *name, size_t size, uint32_t passed);

HOST("http", "send") void host_http_send(const host_request *request, host_exchange *exchange);
HOST("http", "send-all")
void host_http_send_all(const host_request *requests, size_t count, host_exchanges *exchanges);
HOST("http", "header")
void host_http_header(uint32_t response, const char *name, size_t size, host_option *value);
HOST("http", "header-all")
void host_http_header_all(uint32_t response, const char *name, size_t size, host_strings *values);
HOST("http", "headers-of") void host_http_headers_of(uint32_t response, gorgon_fields *headers);
HOST("http", "timings-of") void host_http_timings_of(uint32_t response, gorgon_timings *timings);
HOST("http", "reused") uint32_t host_http_reused(uint32_t response);
HOST("http", "version") void host_http_version(uint32_t response, gorgon_bytes *version);

/* What the parts of the SDK share. */

/* Forgets everything that gorgon_alloc gave out. */
void gorgon_memory_reset(void);
/* A C string as bytes; NULL is empty. */
gorgon_bytes gorgon_text(const char *text);
/* Remembers why something failed. The texts are kept, not copied. */
void gorgon_remember(const char *name, const char *detail);

#ifndef __wasm__
/* Between the two parts of the host that tests have. */
void gorgon_test_forget_requests(void);
#endif

#endif
