/* The operation that every language has; what it does is in ../README.md. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gorgon.h"
#include "sha256.h"

static gorgon_result hash(uint64_t number) {
    uint64_t rounds;
    if (!gorgon_parameter_u64("rounds", 20, &rounds))
        return gorgon_failure();
    uint8_t digest[32];
    const char *text = gorgon_format("TEXT %" PRIu64, number);
    sha256(text, strlen(text), digest);
    while (rounds-- > 1)
        sha256(digest, sizeof digest, digest);
    const char *tag = gorgon_format("%02x%02x%02x%02x", digest[0], digest[1], digest[2], digest[3]);
    return number % 5 == 0 ? gorgon_fail(tag) : gorgon_ok(tag);
}

static gorgon_result shop(uint64_t number) {
    const char *url = gorgon_required("url");
    if (!url)
        return gorgon_failure();
    const char *carts = gorgon_format("%s/shop/carts", url);
    const char *order = gorgon_format("{\"item\":\"book\",\"quantity\":%d}", (int)(number % 3 + 1));

    gorgon_response *cart = gorgon_post(carts, .json = order, .name = "cart");
    if (!cart)
        return gorgon_failure();
    if (cart->status >= 400)
        return gorgon_status(cart);
    double total;
    const char *id = gorgon_json_text(cart->body, "id");
    if (!id || !gorgon_json_number(cart->body, "total", &total))
        return gorgon_failure();
    gorgon_check("the cart costs something", total > 0);

    gorgon_response *paid = gorgon_post(gorgon_format("%s/%s/checkout", carts, id), .name = "checkout");
    return paid ? gorgon_status(paid) : gorgon_failure();
}

static gorgon_result parameter(uint64_t number) {
    (void)number;
    const char *value = gorgon_required("name");
    return value ? gorgon_ok(value) : gorgon_failure();
}

static gorgon_result item(uint64_t number) {
    (void)number;
    gorgon_bytes item = gorgon_item();
    return item.data ? gorgon_ok(item.data) : gorgon_fail("no item");
}

static gorgon_result cell(uint64_t number) {
    (void)number;
    gorgon_bytes cell = gorgon_cell("id");
    return cell.data ? gorgon_ok(cell.data) : gorgon_fail("no cell");
}

static gorgon_result fail(uint64_t number) {
    return number % 3 == 0 ? gorgon_fail("FAIL") : gorgon_ok("SUCCESS");
}

static gorgon_result measure(uint64_t number) {
    gorgon_span outer = gorgon_begin("outer");
    for (int i = 0; i < 2; i++)
        gorgon_end(gorgon_begin("inner"));
    gorgon_end(outer);
    gorgon_record("sample", number);
    gorgon_count("calls", 1);
    return gorgon_ok(gorgon_check("even", number % 2 == 0) ? "even" : "odd");
}

static gorgon_result slow(uint64_t number) {
    (void)number;
    gorgon_sleep(GORGON_SECONDS(60));
    return gorgon_ok("SUCCESS");
}

static gorgon_result spin(uint64_t number) {
    for (volatile uint64_t state = number;; state = state * 3 + 1)
        ;
}

static gorgon_result trap(uint64_t number) {
    if (number % 4 == 3)
        abort();
    return gorgon_ok("SUCCESS");
}

static gorgon_result unicode(uint64_t number) {
    (void)number;
    return gorgon_ok("größe→☃ 日本 🦀");
}

static gorgon_result draw(uint64_t number) {
    (void)number;
    return gorgon_ok(gorgon_format("%x", (unsigned)rand() % 16));
}

static gorgon_result write_log(uint64_t number) {
    (void)number;
    gorgon_log(GORGON_WARN, "one line");
    puts("printed");
    return gorgon_ok("SUCCESS");
}

/* How often `start` ran in this instance, if it was handed what it should. */
static int starts;

static gorgon_result lifecycle(uint64_t number) {
    (void)number;
    return starts == 1 ? gorgon_ok("started") : gorgon_fail("not started");
}

GORGON_OPERATION(number) {
    static const struct {
        const char *name;
        gorgon_result (*call)(uint64_t number);
    } calls[] = {
        {"hash", hash},   {"shop", shop},           {"parameter", parameter}, {"item", item},
        {"cell", cell},   {"fail", fail},           {"spin", spin},           {"measure", measure},
        {"slow", slow},   {"trap", trap},           {"unicode", unicode},     {"log", write_log},
        {"random", draw}, {"lifecycle", lifecycle},
    };
    const char *name = gorgon_required("do");
    if (!name)
        return gorgon_failure();
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
        if (strcmp(name, calls[i].name) == 0)
            return calls[i].call(number);
    return gorgon_fail("bad-parameter:do");
}

/* Counts the hook; false if it was told to fail. */
static bool hook(const char *name) {
    gorgon_count(name, 1);
    return strcmp(gorgon_parameter_or("fail", ""), name) != 0;
}

static gorgon_result set_up(void) {
    return hook("setup") ? gorgon_ok("shared by setup") : gorgon_fail("setup was told to fail");
}

static gorgon_result start(gorgon_bytes shared) {
    starts += strcmp(shared.data, "shared by setup") == 0;
    return hook("start") ? gorgon_ok("") : gorgon_fail("start was told to fail");
}

static void stop(void) {
    hook("stop");
}

static void tear_down(gorgon_bytes shared) {
    (void)shared;
    hook("teardown");
}

GORGON_LIFECYCLE(.setup = set_up, .start = start, .stop = stop, .teardown = tear_down);
