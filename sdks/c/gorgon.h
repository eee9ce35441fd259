/*
 * Write gorgon operations in C.
 *
 *     #include "gorgon.h"
 *
 *     GORGON_OPERATION(number) {
 *         const char *url = gorgon_required("url");
 *         if (!url)
 *             return gorgon_failure();
 *         gorgon_response *page = gorgon_get(gorgon_format("%s?page=%llu", url, (unsigned long long)number));
 *         if (!page)
 *             return gorgon_failure();
 *         return gorgon_status(page);
 *     }
 *
 * Memory: everything that a function of this header returns, bodies and texts included, belongs to the SDK
 * and lives until the call ends. Nothing is to be freed. What is to outlive the call is the operation's to
 * copy with malloc().
 *
 * Failing: what can fail returns NULL or false and remembers why; gorgon_failure() makes that the result of
 * the call.
 *
 * Randomness: rand(), random() and drand48() are seeded before each call from the seed of the run and the
 * number of the call, so that workers differ and the same seed repeats what was drawn.
 */
#ifndef GORGON_H
#define GORGON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- The operation
 * ------------------------------------------------------------------------------------------- */

/* Bytes. Behind the last one stands a NUL that is not counted, so text can be used as a C string. */
typedef struct {
    const char *data;
    size_t size;
} gorgon_bytes;

/* How a call went: its tag, a short word, and whether it counts as one that went as it was meant to. The
 * report has one row per tag, so keep them few. In a hook: what it returns, or why it failed. */
typedef struct {
    bool ok;
    gorgon_bytes text;
} gorgon_result;

/* Defines the operation. What follows is the body of a function that gets the number of its call under the
 * given name, an uint64_t, and returns a gorgon_result. */
#define GORGON_OPERATION(number)                                                                             \
    static gorgon_result gorgon_user_operation(uint64_t number);                                             \
    GORGON_EXPORT("gorgon:load/operation@0.1.0#run")                                                         \
    const void *gorgon_export_run(uint64_t call) {                                                           \
        return gorgon_perform(gorgon_user_operation, call);                                                  \
    }                                                                                                        \
    static gorgon_result gorgon_user_operation(uint64_t number __attribute__((unused)))

/* A call that went as it was meant to. */
gorgon_result gorgon_ok(const char *tag);

/* A call that did not. */
gorgon_result gorgon_fail(const char *tag);

/* A failing call, for the reason that the last function of this header had to fail. The tag is
 * `missing-parameter:NAME`, `bad-parameter:NAME`, `json`, or the name of an error of HTTP (see gorgon_send).
 * Details go to the log. */
gorgon_result gorgon_failure(void);

/* The tag that gorgon_failure() would make, and a sentence with details: "" where there is nothing to say. */
const char *gorgon_failure_name(void);
const char *gorgon_failure_detail(void);

/* What may happen around the calls. Any of them may be left out. */
typedef struct {
    /* Once per run, before everything else, in an instance of its own. The text of its result, or the bytes
     * of gorgon_ok_bytes, is handed to `start` and `teardown`. A failure ends the run before any load was
     * made. */
    gorgon_result (*setup)(void);
    /* Once per instance, before its first call. A failure ends the call that needed the instance as `!start`.
     */
    gorgon_result (*start)(gorgon_bytes shared);
    /* Once per instance, at its clean end. */
    void (*stop)(void);
    /* Once per run, after everything else, in an instance of its own. */
    void (*teardown)(gorgon_bytes shared);
} gorgon_lifecycle;

/* Names the hooks: GORGON_LIFECYCLE(.setup = make_user, .start = log_in); at the end of the file. */
#define GORGON_LIFECYCLE(...)                                                                                \
    static const gorgon_lifecycle gorgon_user_lifecycle = {__VA_ARGS__};                                     \
    GORGON_EXPORT("gorgon:load/lifecycle@0.1.0#setup")                                                       \
    const void *gorgon_export_setup(void) {                                                                  \
        return gorgon_perform_setup(&gorgon_user_lifecycle);                                                 \
    }                                                                                                        \
    GORGON_EXPORT("gorgon:load/lifecycle@0.1.0#teardown")                                                    \
    void gorgon_export_teardown(char *shared, size_t size) {                                                 \
        gorgon_perform_teardown(&gorgon_user_lifecycle, shared, size);                                       \
    }                                                                                                        \
    GORGON_EXPORT("gorgon:load/lifecycle@0.1.0#start")                                                       \
    const void *gorgon_export_start(char *shared, size_t size) {                                             \
        return gorgon_perform_start(&gorgon_user_lifecycle, shared, size);                                   \
    }                                                                                                        \
    GORGON_EXPORT("gorgon:load/lifecycle@0.1.0#stop")                                                        \
    void gorgon_export_stop(void) {                                                                          \
        gorgon_perform_stop(&gorgon_user_lifecycle);                                                         \
    }                                                                                                        \
    struct gorgon_semicolon

/* What setup hands over, where it is not text. */
gorgon_result gorgon_ok_bytes(const void *data, size_t size);

/* ---- Memory of the call
 * -------------------------------------------------------------------------------------- */

/* Memory that lives until the call ends, aligned for everything. Never NULL. */
void *gorgon_alloc(size_t size);

/* printf into memory that lives until the call ends. */
char *gorgon_format(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* ---- What this call is, and what was passed to it
 * ------------------------------------------------------------- */

/* A name and its value. */
typedef struct {
    gorgon_bytes name;
    gorgon_bytes value;
} gorgon_field;

/* A list of them. */
typedef struct {
    const gorgon_field *items;
    size_t count;
} gorgon_fields;

/* The number of this call; 0 in the hooks. */
uint64_t gorgon_number(void);
/* The worker that makes this call, counted from 0, and how many there are (in open load: 0). */
uint32_t gorgon_worker(void);
uint32_t gorgon_workers(void);
/* When this call was due, in nanoseconds since the run started. */
uint64_t gorgon_due(void);
/* Names this run. */
const char *gorgon_run_id(void);
/* True once the run is ending: a long call may then return early. */
bool gorgon_stopping(void);
/* The next value of a stream that depends on the seed of the run and the number of the call alone. */
uint64_t gorgon_random(void);

/* The value given with `--set NAME=VALUE`; NULL where there is none. */
const char *gorgon_parameter(const char *name);
/* The same, or `otherwise`. */
const char *gorgon_parameter_or(const char *name, const char *otherwise);
/* The same; NULL is the failure `missing-parameter:NAME`. */
const char *gorgon_required(const char *name);
/* A whole number into `*value`, `otherwise` where the parameter is not given. False is the failure
 * `bad-parameter:NAME`. */
bool gorgon_parameter_u64(const char *name, uint64_t otherwise, uint64_t *value);
/* All parameters. */
gorgon_fields gorgon_parameters(void);
/* The item of this call, one line of `--items`; its data is NULL in a run without items. */
gorgon_bytes gorgon_item(void);
/* The cell of this call's row of `--data` in that column; its data is NULL where there is none. */
gorgon_bytes gorgon_cell(const char *column);
/* The whole row. */
gorgon_fields gorgon_row(void);

/* ---- Clock, log, measurements
 * --------------------------------------------------------------------------------- */

#define GORGON_MICROSECONDS(n) ((uint64_t)(n) * 1000)
#define GORGON_MILLISECONDS(n) ((uint64_t)(n) * 1000000)
#define GORGON_SECONDS(n) ((uint64_t)(n) * 1000000000)

/* Nanoseconds since the run started. */
uint64_t gorgon_now(void);
/* Waits. Only this worker waits; others go on. */
void gorgon_sleep(uint64_t nanoseconds);

typedef enum { GORGON_DEBUG, GORGON_INFO, GORGON_WARN, GORGON_ERROR } gorgon_level;

/* Writes a line to the log of the run. */
void gorgon_log(gorgon_level level, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A named part of the call; each becomes a sample of the measurement of that name. They may nest and overlap.
 */
typedef struct {
    uint32_t handle;
} gorgon_span;

gorgon_span gorgon_begin(const char *name);
void gorgon_end(gorgon_span span);
/* A sample that was timed otherwise. */
void gorgon_record(const char *name, uint64_t nanoseconds);
/* Adds to a counter of the run. */
void gorgon_count(const char *name, uint64_t delta);
/* Counts a check as passed or failed. It changes neither the call nor its tag. Returns `passed`. */
bool gorgon_check(const char *name, bool passed);

/* ---- HTTP
 * ---------------------------------------------------------------------------------------------------- */

/* A header of a request. */
typedef struct {
    const char *name;
    const char *value;
} gorgon_header;

/* A request. Only `url` has to be set. */
typedef struct {
    const char *url;
    /* NULL: GET, or POST where there is a body. */
    const char *method;
    /* Ends with {0}: .headers = (gorgon_header[]){{"accept", "text/plain"}, {0}} */
    const gorgon_header *headers;
    /* The body: JSON (sets the content type), any text, or bytes with their size. At most one of the three.
     */
    const char *json;
    const char *text;
    gorgon_bytes body;
    /* Also report this request as a measurement of this name. */
    const char *name;
    /* Limits in nanoseconds, 0 for none: of the whole request; of looking up, connecting and TLS; from the
     * request sent to the first byte of the answer. */
    uint64_t timeout;
    uint64_t connect_timeout;
    uint64_t first_byte_timeout;
    /* How many redirects to follow; with 0, a 3xx is the response. */
    uint32_t redirects;
    /* Ask for a compressed answer and decode it. */
    bool accept_compressed;
    /* Leave the body of the response, or all but its first bytes, outside of the sandbox. It is received and
     * counted all the same. */
    bool discard_body;
    uint32_t first_bytes;
} gorgon_request;

/* A response, of whatever status. */
typedef struct {
    /* Only in the array of gorgon_send_all: why there is no response, the name of an error; else NULL. */
    const char *error;
    int status;
    /* As much of the body as was asked for. A NUL stands behind it. */
    const char *body;
    size_t size;
    /* The length of the whole body, after decoding. */
    uint64_t body_size;
    /* What the host knows it by. */
    uint32_t id;
} gorgon_response;

/* gorgon_get("http://…"), gorgon_post("http://…", .json = "{}", .name = "cart"): the URL and any other fields
 * of gorgon_request. */
#define gorgon_get(...) gorgon_send(&(gorgon_request){.method = "GET", .url = __VA_ARGS__})
#define gorgon_post(...) gorgon_send(&(gorgon_request){.method = "POST", .url = __VA_ARGS__})
#define gorgon_put(...) gorgon_send(&(gorgon_request){.method = "PUT", .url = __VA_ARGS__})
#define gorgon_delete(...) gorgon_send(&(gorgon_request){.method = "DELETE", .url = __VA_ARGS__})

/* Sends a request and waits for its response. NULL where there is none; the failure is then one of
 * `invalid-request`, `denied`, `dns`, `connect`, `tls`, `timeout`, `closed`, `too-large`, `protocol`,
 * `decode`, `stopped`, `other`. */
gorgon_response *gorgon_send(const gorgon_request *request);

/* Sends them all at once. The answers are in the order of the requests; one without an answer has an `error`
 * and the status 0. */
gorgon_response *gorgon_send_all(const gorgon_request *requests, size_t count);

/* The status as the tag of the call: failing unless it is 200 to 399. */
gorgon_result gorgon_status(const gorgon_response *response);

/* The first header of that name, in any case, or NULL; all of that name, whose names are left empty; all
 * headers. */
const char *gorgon_header_of(const gorgon_response *response, const char *name);
gorgon_fields gorgon_headers_named(const gorgon_response *response, const char *name);
gorgon_fields gorgon_headers(const gorgon_response *response);

/* Where the time of a request went, in nanoseconds. */
typedef struct {
    uint64_t blocked, dns, connect, tls, send, wait, receive, total;
} gorgon_timings;

gorgon_timings gorgon_timings_of(const gorgon_response *response);
/* Whether the response came over a connection that had served before. */
bool gorgon_reused(const gorgon_response *response);
/* `HTTP/1.1` or `HTTP/2`. */
const char *gorgon_version(const gorgon_response *response);

/* ---- JSON
 * ---------------------------------------------------------------------------------------------------- */

/* Values out of a JSON text. The path names the way down, with dots: "cart.lines.0.price"; "" is the whole.
 * NULL or false is the failure `json`, with the path in its details. */
const char *gorgon_json_text(const char *json, const char *path);
bool gorgon_json_number(const char *json, const char *path, double *value);
bool gorgon_json_bool(const char *json, const char *path, bool *value);
/* How many elements the array there has. */
bool gorgon_json_length(const char *json, const char *path, size_t *length);
/* A text as a JSON string, quotes included. */
const char *gorgon_json_quote(const char *text);

/* ---- What the macros need
 * ------------------------------------------------------------------------------------- */

#ifdef __wasm__
#define GORGON_EXPORT(export) __attribute__((export_name(export)))
#else
#define GORGON_EXPORT(export)
#endif

const void *gorgon_export_run(uint64_t call);
const void *gorgon_export_setup(void);
void gorgon_export_teardown(char *shared, size_t size);
const void *gorgon_export_start(char *shared, size_t size);
void gorgon_export_stop(void);

const void *gorgon_perform(gorgon_result (*operation)(uint64_t), uint64_t number);
const void *gorgon_perform_setup(const gorgon_lifecycle *hooks);
void gorgon_perform_teardown(const gorgon_lifecycle *hooks, char *shared, size_t size);
const void *gorgon_perform_start(const gorgon_lifecycle *hooks, char *shared, size_t size);
void gorgon_perform_stop(const gorgon_lifecycle *hooks);

#ifdef __cplusplus
}
#endif

#endif
