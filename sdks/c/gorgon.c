/* The calls themselves: the way from the exports of the component to the functions of the operation and back.
 */
#define _DEFAULT_SOURCE
#include "gorgon.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gorgon_host.h"

static const char *failure_name;
static const char *failure_detail;

void gorgon_remember(const char *name, const char *detail) {
    failure_name = name;
    failure_detail = detail;
}

const char *gorgon_failure_name(void) {
    return failure_name ? failure_name : "FAIL";
}

const char *gorgon_failure_detail(void) {
    return failure_detail ? failure_detail : "";
}

gorgon_result gorgon_failure(void) {
    if (failure_detail)
        gorgon_log(GORGON_ERROR, "%s", failure_detail);
    return gorgon_fail(gorgon_failure_name());
}

gorgon_result gorgon_ok(const char *tag) {
    return (gorgon_result){true, gorgon_text(tag)};
}

gorgon_result gorgon_ok_bytes(const void *data, size_t size) {
    return (gorgon_result){true, {data, size}};
}

gorgon_result gorgon_fail(const char *tag) {
    return (gorgon_result){false, gorgon_text(tag)};
}

/* What an earlier call left is gone, and the generators of the C library draw what is due to this one. */
static void begin(void) {
    gorgon_memory_reset();
    gorgon_remember(NULL, NULL);
    uint64_t seed = gorgon_random();
    srand((unsigned)seed);
    srandom((unsigned)(seed >> 32));
    srand48((long)(seed >> 16));
}

/* What was printed is the call's, so it may not stay in a buffer. The result is read by the host once this
 * returned, and stays where it is until the next call. */
static const void *end(gorgon_result result) {
    static host_result returned;
    fflush(NULL);
    returned = (host_result){!result.ok, result.text};
    return &returned;
}

const void *gorgon_perform(gorgon_result (*operation)(uint64_t), uint64_t number) {
    begin();
    return end(operation(number));
}

const void *gorgon_perform_setup(const gorgon_lifecycle *hooks) {
    begin();
    return end(hooks->setup ? hooks->setup() : gorgon_ok(""));
}

const void *gorgon_perform_start(const gorgon_lifecycle *hooks, char *shared, size_t size) {
    begin();
    gorgon_result result = gorgon_ok("");
    if (hooks->start)
        result = hooks->start((gorgon_bytes){shared, size});
    /* A reason may lie within what is freed here. */
    char *text = gorgon_alloc(result.text.size + 1);
    memcpy(text, result.text.data, result.text.size);
    result.text.data = text;
    free(shared);
    return end(result);
}

void gorgon_perform_teardown(const gorgon_lifecycle *hooks, char *shared, size_t size) {
    begin();
    if (hooks->teardown)
        hooks->teardown((gorgon_bytes){shared, size});
    free(shared);
    end(gorgon_ok(""));
}

void gorgon_perform_stop(const gorgon_lifecycle *hooks) {
    begin();
    if (hooks->stop)
        hooks->stop();
    end(gorgon_ok(""));
}
