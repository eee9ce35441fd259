/*
 * Fills a cart and pays for it.
 *
 * The shop answers the first request with the id of the cart, which the second one needs; what it answers to
 * that is the tag of the call: 200 for a paid order, 402 for a declined payment.
 */
#include "gorgon.h"

GORGON_OPERATION(number) {
    const char *url = gorgon_required("url");
    if (!url)
        return gorgon_failure();

    gorgon_response *cart =
        gorgon_post(gorgon_format("%s/shop/carts", url), .name = "cart",
                    .json = gorgon_format("{\"item\":\"book\",\"quantity\":%d}", (int)(number % 3 + 1)));
    if (!cart)
        return gorgon_failure();
    if (cart->status >= 400)
        return gorgon_status(cart);

    double total;
    const char *id = gorgon_json_text(cart->body, "id");
    if (!id || !gorgon_json_number(cart->body, "total", &total))
        return gorgon_failure();
    gorgon_check("the cart costs something", total > 0);

    gorgon_response *paid =
        gorgon_post(gorgon_format("%s/shop/carts/%s/checkout", url, id), .name = "checkout");
    return paid ? gorgon_status(paid) : gorgon_failure();
}
