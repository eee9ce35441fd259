/* Plays the service: needs neither gorgon nor a network. */
#undef NDEBUG
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "gorgon_testing.h"

static void service(const gorgon_test_request *request, gorgon_test_answer *answer) {
    answer->status = strcmp(request->url, "http://service/page?number=17") == 0 ? 200 : 404;
}

int main(void) {
    gorgon_test_begin();
    gorgon_test_set("url", "http://service/page");
    gorgon_test_respond(service);
    gorgon_test_call(17);
    assert(gorgon_test_tag_is(true, "200"));
    puts("ok");
}
