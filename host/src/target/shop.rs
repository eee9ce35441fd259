//! A shop with carts and a checkout: the flow in which every request depends on the answer before it.
//!
//! The shop stores no cart: an id holds the cart's number, quantity and item, so that memory stays the same after any
//! number of them. A number that was never given out is unknown.

use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use http::header::LOCATION;
use http::{HeaderValue, StatusCode};
use serde::Deserialize;
use serde_json::json;

use super::answer::{Answer, json as json_answer, with_status};

/// Every so many carts one is declined at the checkout: those whose number is a multiple.
const DECLINED_EVERY: u64 = 10;
/// What one of anything costs, in cents.
const PRICE: u64 = 1_250;
const MOST_QUANTITY: u64 = 1_000;
const LONGEST_ITEM: usize = 200;

/// What has happened in the shop.
#[derive(Debug, Default)]
pub(super) struct Shop {
    /// Carts made, which is also the highest number given out.
    pub(super) carts: AtomicU64,
    pub(super) paid: AtomicU64,
    pub(super) declined: AtomicU64,
}

/// What a client sends to make a cart.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wish {
    item: String,
    #[serde(default = "one")]
    quantity: u64,
}

fn one() -> u64 {
    1
}

/// A cart as its id tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Cart {
    number: u64,
    quantity: u64,
    item: String,
}

impl Cart {
    /// Number, quantity and item with a `-` between. Of the item, bytes other than letters and digits are `~` and two
    /// hexadecimal digits: an id needs no escaping in a URL.
    fn id(&self) -> String {
        let mut id = format!("{}-{}-", self.number, self.quantity);
        for byte in self.item.bytes() {
            if byte.is_ascii_alphanumeric() {
                id.push(char::from(byte));
            } else {
                id.push_str(&format!("~{byte:02x}"));
            }
        }
        id
    }

    /// Reads an id. Nothing where it is not exactly as [`Cart::id`] writes it.
    fn of(id: &str) -> Option<Cart> {
        let mut parts = id.splitn(3, '-');
        let number = parts.next()?.parse().ok()?;
        let quantity = parts.next()?.parse().ok()?;
        let cart = Cart {
            number,
            quantity,
            item: decode(parts.next()?)?,
        };
        let sound = (1..=MOST_QUANTITY).contains(&quantity) && cart.item.len() <= LONGEST_ITEM;
        (sound && cart.id() == id).then_some(cart)
    }

    fn answer(&self) -> Answer {
        json_answer(&json!({
            "id": self.id(),
            "item": self.item,
            "quantity": self.quantity,
            "total": self.quantity * PRICE,
        }))
    }
}

fn decode(item: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(item.len());
    let mut rest = item.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        if byte != b'~' {
            bytes.push(byte);
            continue;
        }
        let (code, after) = rest.split_at_checked(2)?;
        bytes.push(u8::from_str_radix(std::str::from_utf8(code).ok()?, 16).ok()?);
        rest = after;
    }
    String::from_utf8(bytes).ok()
}

impl Shop {
    /// Makes a cart of what the body asks for.
    pub(super) fn create(&self, body: &Bytes) -> Answer {
        let wish: Wish = match serde_json::from_slice(body) {
            Ok(wish) => wish,
            Err(error) => return problem(StatusCode::BAD_REQUEST, &error.to_string()),
        };
        if wish.item.is_empty() || wish.item.len() > LONGEST_ITEM {
            return problem(
                StatusCode::BAD_REQUEST,
                "an item has a name of 1 to 200 bytes",
            );
        }
        if !(1..=MOST_QUANTITY).contains(&wish.quantity) {
            return problem(StatusCode::BAD_REQUEST, "a quantity is from 1 to 1000");
        }
        let number = self.carts.fetch_add(1, Ordering::Relaxed) + 1;
        let cart = Cart {
            number,
            quantity: wish.quantity,
            item: wish.item,
        };
        let mut answer = with_status(StatusCode::CREATED, cart.answer());
        if let Ok(location) = HeaderValue::from_str(&format!("/shop/carts/{}", cart.id())) {
            answer.headers_mut().insert(LOCATION, location);
        }
        answer
    }

    /// Shows a cart.
    pub(super) fn show(&self, id: &str) -> Answer {
        self.find(id).map_or_else(unknown, |cart| cart.answer())
    }

    /// Pays for a cart, or declines to.
    pub(super) fn checkout(&self, id: &str) -> Answer {
        let Some(cart) = self.find(id) else {
            return unknown();
        };
        if cart.number.is_multiple_of(DECLINED_EVERY) {
            self.declined.fetch_add(1, Ordering::Relaxed);
            return problem(StatusCode::PAYMENT_REQUIRED, "payment declined");
        }
        self.paid.fetch_add(1, Ordering::Relaxed);
        json_answer(&json!({ "order": format!("order-{}", cart.number), "status": "paid" }))
    }

    fn find(&self, id: &str) -> Option<Cart> {
        let given_out = 1..=self.carts.load(Ordering::Relaxed);
        Cart::of(id).filter(|cart| given_out.contains(&cart.number))
    }
}

/// What the shop says when it will not do something. It speaks JSON then too.
fn problem(status: StatusCode, what: &str) -> Answer {
    with_status(status, json_answer(&json!({ "error": what })))
}

fn unknown() -> Answer {
    problem(StatusCode::NOT_FOUND, "no such cart")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn an_id_tells_its_cart(number in 1_u64.., quantity in 1..=MOST_QUANTITY, item in "\\PC{1,40}") {
            let cart = Cart { number, quantity, item };
            let id = cart.id();
            prop_assert!(id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'~'));
            prop_assert_eq!(Cart::of(&id), Some(cart));
        }

        #[test]
        fn no_text_is_taken_for_two_carts(id in "[0-9]{1,3}-[0-9]{1,3}-[a-f0-9~]{0,6}") {
            if let Some(cart) = Cart::of(&id) {
                prop_assert_eq!(cart.id(), id);
            }
        }
    }

    #[test]
    fn what_is_no_id_is_no_cart() {
        for id in [
            "",
            "1",
            "1-1",
            "-1-1-book",
            "01-1-book",
            "1-0-book",
            "1-1001-book",
            "1-1-~",
            "1-1-~2",
            "1-1-~zz",
        ] {
            assert_eq!(Cart::of(id), None, "{id}");
        }
    }
}
