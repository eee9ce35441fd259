/*
 * Run an operation natively, without gorgon, without a sandbox and without a network: compile the operation,
 * the SDK with its files for testing, and the test, with any C compiler into one program.
 *
 *     static void shop(const gorgon_test_request *request, gorgon_test_answer *answer) {
 *         answer->status = strcmp(request->url, "http://shop/") == 0 ? 200 : 404;
 *     }
 *
 *     int main(void) {
 *         gorgon_test_begin();
 *         gorgon_test_set("url", "http://shop/");
 *         gorgon_test_respond(shop);
 *         gorgon_test_call(17);
 *         assert(gorgon_test_tag_is(true, "200"));
 *     }
 *
 * The clock is virtual: it moves only while the operation sleeps. Without gorgon_test_respond, connections
 * are refused.
 */
#ifndef GORGON_TESTING_H
#define GORGON_TESTING_H

#include "gorgon.h"

/* A request that the operation sent. Texts are never NULL. */
typedef struct {
    const char *method;
    const char *url;
    const char *body;
    /* The measurement it is named for; "" for none. */
    const char *name;
    gorgon_fields headers;
} gorgon_test_request;

/* What the test answers. It begins as a 200 without a body. */
typedef struct {
    int status;
    const char *body;
    gorgon_fields headers;
    /* The name of an error, such as "connect", instead of an answer. */
    const char *error;
} gorgon_test_answer;

/* Starts a test anew: forgets parameters, item, row, responder and everything recorded. */
void gorgon_test_begin(void);

/* What the call is given. The texts have to stay until it ended. */
void gorgon_test_set(const char *parameter, const char *value);
void gorgon_test_item(const char *item);
void gorgon_test_cell(const char *column, const char *value);
void gorgon_test_seed(uint64_t seed);
void gorgon_test_respond(void (*respond)(const gorgon_test_request *request, gorgon_test_answer *answer));

/* Calls the operation. What it returned, and what the call recorded, can be asked for until the next one. */
gorgon_result gorgon_test_call(uint64_t number);

/* Whether the last call ended so. If not, says on standard error how it ended. */
bool gorgon_test_tag_is(bool ok, const char *tag);

/* The requests that were sent, and one of them. */
size_t gorgon_test_requests(void);
gorgon_test_request gorgon_test_request_at(size_t index);

/* How often a check passed and failed, what was added to a counter, how many samples a measurement has, and
 * whether a line of the log contains a text. */
size_t gorgon_test_passed(const char *check);
size_t gorgon_test_failed(const char *check);
uint64_t gorgon_test_counter(const char *name);
size_t gorgon_test_samples(const char *measurement);
bool gorgon_test_logged(const char *text);

#endif
