//! The checkout example: each request depends on the answer before it.

use crate::support::{Target, gorgon};

#[test]
fn every_tenth_checkout_is_declined() {
    let target = Target::start();
    let summary = gorgon("run")
        .args([gorgon_fixtures::CHECKOUT, "-n", "200", "-w", "8"])
        .set("url", target.url(""))
        .json();
    summary.has_tags([("200", 180), ("402", 20)]);
    assert_eq!(
        target.stop().requests,
        400,
        "a cart and a checkout for each call"
    );
}
