/* The SDK against the host of gorgon_testing.h: `make -C sdks/c/tests`. */
#undef NDEBUG
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gorgon_testing.h"

static gorgon_result (*body)(uint64_t number);

GORGON_OPERATION(number) {
    return body(number);
}

static bool is(const char *value, const char *expected) {
    return value && strcmp(value, expected) == 0;
}

static gorgon_result json(uint64_t number) {
    (void)number;
    const char *text =
        " { \"a\\\"b\" : 1, \"skip\": [\"]\", {\"x\": \"}\"}, null], \"list\": [10, {\"name\": "
        "\"gr\\u00f6\\u00dfe "
        "\\ud83e\\udd80\\n\"}, -2.5e1], \"yes\": true, \"no\":false, \"empty\": [] , \"\": \"nameless\"} ";
    double value;
    bool flag;
    size_t length;
    assert(is(gorgon_json_text(text, "list.1.name"), "größe 🦀\n"));
    assert(gorgon_json_number(text, "list.0", &value) && value == 10);
    assert(gorgon_json_number(text, "list.2", &value) && value == -25);
    assert(gorgon_json_bool(text, "yes", &flag) && flag);
    assert(gorgon_json_bool(text, "no", &flag) && !flag);
    assert(gorgon_json_length(text, "list", &length) && length == 3);
    assert(gorgon_json_length(text, "empty", &length) && length == 0);
    assert(gorgon_json_number(" 7 ", "", &value) && value == 7);

    static const char *const nothing[] = {
        "", "{", "{\"a\"", "{\"a\":", "{\"a\":\"", "[1,", "{\"a\":\"\\u12\"}", "nothing"};
    for (size_t index = 0; index < sizeof nothing / sizeof *nothing; index++)
        assert(!gorgon_json_text(nothing[index], "a"));
    assert(!gorgon_json_number(text, "list.3", &value));
    assert(!gorgon_json_number(text, "list.name", &value));
    assert(!gorgon_json_number(text, "yes", &value));
    assert(is(gorgon_json_quote("a\"b\\c\n"), "\"a\\\"b\\\\c\\u000a\""));

    assert(!gorgon_json_text(text, "list.0"));
    return gorgon_failure();
}

static gorgon_result parameters(uint64_t number) {
    (void)number;
    uint64_t value;
    assert(gorgon_parameter_u64("size", 1, &value) && value == 4000);
    assert(gorgon_parameter_u64("absent", 7, &value) && value == 7);
    assert(is(gorgon_parameter_or("absent", "x"), "x"));
    assert(is(gorgon_item().data, "an item") && is(gorgon_cell("id").data, "17") &&
           !gorgon_cell("other").data);
    assert(gorgon_parameters().count == 2 && gorgon_row().count == 1);
    static const char *const bad[] = {"-1", " 1", "1x", "99999999999999999999", ""};
    for (size_t index = 0; index < sizeof bad / sizeof *bad; index++) {
        gorgon_test_set("bad", bad[index]);
        assert(!gorgon_parameter_u64("bad", 0, &value));
    }
    return gorgon_failure();
}

static void echo(const gorgon_test_request *request, gorgon_test_answer *answer) {
    static const gorgon_field headers[] = {{{"set-cookie", 10}, {"a=1", 3}},
                                           {{"set-cookie", 10}, {"b=2", 3}}};
    answer->status = is(request->method, "POST") ? 201 : 200;
    answer->body = request->body;
    answer->headers = (gorgon_fields){headers, 2};
    if (is(request->url, "http://nowhere/"))
        answer->error = "dns";
}

static gorgon_result requests(uint64_t number) {
    (void)number;
    gorgon_response *posted =
        gorgon_post("http://host/", .json = "{}", .headers = (gorgon_header[]){{"x-a", "1"}, {0}});
    assert(posted && posted->status == 201 && is(posted->body, "{}") && posted->size == 2);
    gorgon_fields sent = gorgon_test_request_at(0).headers;
    assert(sent.count == 2 && is(sent.items[0].name.data, "x-a") &&
           is(sent.items[1].value.data, "application/json"));
    assert(gorgon_headers_named(posted, "set-cookie").count == 2 && !gorgon_header_of(posted, "location"));
    assert(is(gorgon_header_of(posted, "Set-Cookie"), "a=1"));
    gorgon_response *first =
        gorgon_send(&(gorgon_request){.url = "http://host/", .text = "long", .first_bytes = 2});
    assert(first->size == 2 && first->body_size == 4 && first->status == 201);

    gorgon_response *all =
        gorgon_send_all((gorgon_request[]){{.url = "http://host/"}, {.url = "http://nowhere/"}}, 2);
    assert(all[0].status == 200 && !all[0].error && all[1].status == 0 && is(all[1].error, "dns"));
    assert(gorgon_test_requests() == 4);
    assert(!gorgon_get("http://nowhere/") && is(gorgon_failure_name(), "dns"));
    return gorgon_failure();
}

static gorgon_result memory(uint64_t number) {
    size_t size = number % 7 == 0 ? 1 << 20 : number * 37 % 5000;
    for (int piece = 0; piece < 20; piece++) {
        char *place = gorgon_alloc(size);
        assert((uintptr_t)place % 16 == 0);
        memset(place, piece, size);
    }
    return gorgon_ok(gorgon_format("%d", rand()));
}

int main(void) {
    gorgon_test_begin();
    body = json;
    gorgon_test_call(1);
    assert(gorgon_test_tag_is(false, "json") && gorgon_test_logged("`list.0`"));

    gorgon_test_set("size", "4000");
    gorgon_test_set("bad", "x");
    gorgon_test_item("an item");
    gorgon_test_cell("id", "17");
    body = parameters;
    gorgon_test_call(1);
    assert(gorgon_test_tag_is(false, "bad-parameter:bad"));

    gorgon_test_respond(echo);
    body = requests;
    gorgon_test_call(1);
    assert(gorgon_test_tag_is(false, "dns"));

    body = memory;
    char drawn[2][16];
    for (int round = 0; round < 2; round++) {
        for (uint64_t number = 0; number < 100; number++)
            gorgon_test_call(number);
        strcpy(drawn[round], gorgon_test_call(5).text.data);
    }
    assert(strcmp(drawn[0], drawn[1]) == 0);
    puts("ok");
}
