/* The operation against a shop that is played here: `make test`. */
#undef NDEBUG
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "gorgon_testing.h"

/* What the shop answers to a checkout, or why it does not answer. */
static int checkout_status;
static const char *error;

static void shop(const gorgon_test_request *request, gorgon_test_answer *answer) {
    answer->error = error;
    if (strcmp(request->url, "http://shop/shop/carts") == 0) {
        answer->status = 201;
        answer->body = "{\"id\": \"c7\", \"lines\": [{\"id\": \"book\"}], \"total\": 24}";
    } else if (strcmp(request->url, "http://shop/shop/carts/c7/checkout") == 0) {
        answer->status = checkout_status;
    } else {
        answer->status = 404;
    }
}

static void call(uint64_t number, int status, const char *why) {
    checkout_status = status;
    error = why;
    gorgon_test_begin();
    gorgon_test_set("url", "http://shop");
    gorgon_test_respond(shop);
    gorgon_test_call(number);
}

int main(void) {
    call(1, 200, NULL);
    assert(gorgon_test_tag_is(true, "200"));
    assert(gorgon_test_requests() == 2);
    assert(strcmp(gorgon_test_request_at(0).body, "{\"item\":\"book\",\"quantity\":2}") == 0);
    assert(strcmp(gorgon_test_request_at(1).url, "http://shop/shop/carts/c7/checkout") == 0);
    assert(gorgon_test_passed("the cart costs something") == 1);
    assert(gorgon_test_samples("cart") == 1);

    call(0, 402, NULL);
    assert(gorgon_test_tag_is(false, "402"));

    call(0, 200, "closed");
    assert(gorgon_test_tag_is(false, "closed"));
    assert(gorgon_test_requests() == 1);

    gorgon_test_begin();
    gorgon_test_call(0);
    assert(gorgon_test_tag_is(false, "missing-parameter:url"));
    assert(gorgon_test_logged("--set url="));

    puts("ok");
}
