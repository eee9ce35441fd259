//! Fills a cart and pays for it.
//!
//! The shop answers the first request with the id of the cart, which the second one needs; what it answers to that is
//! the tag of the call: `200` for a paid order, `402` for a declined payment.

use gorgon_sdk::http::{self, Response};
use gorgon_sdk::{Result, context, json, measure};
use serde::Deserialize;

#[derive(Deserialize)]
struct Cart {
    id: String,
    total: u64,
}

#[gorgon_sdk::operation]
fn run(number: u64) -> Result<Response> {
    let shop = context::required("url")? + "/shop/carts";

    let cart: Cart = http::post(&shop)
        .json(&json!({"item": "book", "quantity": number % 3 + 1}))
        .name("cart")
        .send()?
        .error_for_status()?
        .json()?;
    measure::check("the cart costs something", cart.total > 0);

    Ok(http::post(format!("{shop}/{}/checkout", cart.id))
        .name("checkout")
        .send()?)
}

#[cfg(test)]
mod tests {
    use gorgon_sdk::Tag;
    use gorgon_sdk::testing::{Answer, Call, Host, Request};

    use super::*;

    /// A shop in which the cart `c7` is paid with the status that the test wants.
    fn shop(checkout: u16) -> impl FnMut(&Request) -> Answer {
        move |request| match request.url.as_str() {
            "http://shop/shop/carts" => Answer::new(201).json(&json!({"id": "c7", "total": 24})),
            "http://shop/shop/carts/c7/checkout" => Answer::new(checkout),
            _ => Answer::new(404),
        }
    }

    fn call(number: u64, checkout: u16) -> Call {
        Host::new()
            .number(number)
            .parameter("url", "http://shop")
            .respond(shop(checkout))
            .run(|| run(number))
    }

    #[test]
    fn the_id_of_the_cart_goes_into_the_checkout() {
        let call = call(1, 200);
        assert_eq!(call.requests()[0].text(), r#"{"item":"book","quantity":2}"#);
        assert_eq!(call.requests()[1].url, "http://shop/shop/carts/c7/checkout");
        assert_eq!(call.checks("the cart costs something"), (1, 0));
    }

    #[test]
    fn the_status_of_the_checkout_decides() {
        assert_eq!(call(0, 200).tag(), &Tag::ok("200"));
        assert_eq!(call(0, 402).tag(), &Tag::fail("402"));
        assert_eq!(call(0, 409).tag(), &Tag::fail("409"));
    }

    #[test]
    fn a_shop_that_sells_nothing_fails_at_the_first_request() {
        let call = Host::new()
            .parameter("url", "http://shop")
            .respond(|_| 503)
            .run(|| run(0));
        assert_eq!(call.tag(), &Tag::fail("503"));
        assert_eq!(call.requests().len(), 1);
    }

    #[test]
    fn without_a_url_the_tag_says_so() {
        assert_eq!(
            Host::new().run(|| run(0)).tag(),
            &Tag::fail("missing-parameter:url")
        );
    }
}
