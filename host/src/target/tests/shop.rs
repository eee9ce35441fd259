//! The shop, from the cart to the payment.

use serde_json::json;

use super::client::Target;

#[tokio::test]
async fn a_cart_is_made_shown_and_paid_for() {
    let target = Target::start();
    let made = target
        .post("/shop/carts", r#"{"item":"a book/é","quantity":2}"#)
        .await;
    assert_eq!(made.status, 201);
    let cart = made.json();
    let id = cart["id"].as_str().expect("an id is text");
    assert_eq!(
        cart,
        json!({ "id": id, "item": "a book/é", "quantity": 2, "total": 2_500 })
    );
    assert_eq!(
        made.header("location"),
        Some(format!("/shop/carts/{id}").as_str())
    );
    assert_eq!(target.get(&format!("/shop/carts/{id}")).await.json(), cart);
    let paid = target.post(&format!("/shop/carts/{id}/checkout"), "").await;
    assert_eq!(
        (paid.status, paid.json()),
        (200, json!({ "order": "order-1", "status": "paid" }))
    );
}

#[tokio::test]
async fn every_tenth_cart_is_declined() {
    let target = Target::start();
    let mut client = target.connect().await;
    let mut declined = Vec::new();
    for number in 1..=30 {
        let cart = client
            .ask("POST", "/shop/carts", "", r#"{"item":"book"}"#)
            .await
            .json();
        let id = cart["id"].as_str().expect("an id").to_owned();
        let reply = client
            .ask("POST", &format!("/shop/carts/{id}/checkout"), "", "")
            .await;
        if reply.status == 402 {
            assert_eq!(reply.json(), json!({ "error": "payment declined" }));
            declined.push(number);
        }
    }
    assert_eq!(declined, [10, 20, 30]);
    let stats = target.get("/stats").await.json();
    assert_eq!(
        stats,
        json!({ "requests": 60, "connections": 2, "open": 2, "carts": 30, "paid": 27, "declined": 3 })
    );
}

#[tokio::test]
async fn the_shop_refuses_what_it_does_not_know() {
    let target = Target::start();
    for body in [
        "",
        "{",
        "[]",
        r#"{"item":""}"#,
        r#"{"item":"x","quantity":0}"#,
        r#"{"item":"x","quantity":1001}"#,
    ] {
        let reply = target.post("/shop/carts", body).await;
        assert_eq!(reply.status, 400, "{body}");
        assert!(reply.json()["error"].is_string(), "{body}");
    }
    for (id, made) in [("1-1-book", 0), ("x", 0), ("0-1-book", 0), ("2-1-book", 1)] {
        if made == 1 {
            target.post("/shop/carts", r#"{"item":"book"}"#).await;
        }
        let reply = target.get(&format!("/shop/carts/{id}")).await;
        assert_eq!(
            (reply.status, reply.json()),
            (404, json!({ "error": "no such cart" })),
            "{id}"
        );
        assert_eq!(
            target
                .post(&format!("/shop/carts/{id}/checkout"), "")
                .await
                .status,
            404
        );
    }
}
