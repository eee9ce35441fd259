//! The operation of `tests/conformance/README.md`, in Rust.

use std::hint::black_box;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use gorgon_sdk::http::{self, Response};
use gorgon_sdk::{Failure, Result, Tag, clock, context, json, log, measure, random};
use serde::Deserialize;
use sha2::{Digest, Sha256};

/// What `setup` hands to the others.
const SHARED: &str = "shared by setup";

/// The starts of this instance that were handed it.
static STARTS: AtomicU64 = AtomicU64::new(0);

#[derive(Deserialize)]
struct Cart {
    id: String,
    total: u64,
}

#[gorgon_sdk::operation(setup = setup, start = start, stop = stop, teardown = teardown)]
fn run(number: u64) -> Result {
    Ok(match context::required("do")?.as_str() {
        "hash" => hash(number)?,
        "shop" => Tag::status(shop(number)?.status()),
        "parameter" => Tag::ok(context::required("name")?),
        "item" => context::item_str().map_or(Tag::fail("no item"), Tag::ok),
        "cell" => context::cell_str("id").map_or(Tag::fail("no cell"), Tag::ok),
        "fail" if number.is_multiple_of(3) => Tag::fail("FAIL"),
        "fail" => Tag::ok("SUCCESS"),
        "measure" => measures(number),
        "slow" => {
            clock::sleep(Duration::from_secs(60));
            Tag::ok("SUCCESS")
        }
        "spin" => loop {
            black_box(number);
        },
        "trap" => {
            assert!(number % 4 != 3, "number {number} is one of those");
            Tag::ok("SUCCESS")
        }
        "unicode" => Tag::ok("größe→☃ 日本 🦀"),
        "random" => Tag::ok(format!("{:x}", random::range(0..16_u32))),
        "log" => {
            log::warn!("one line");
            println!("printed");
            Tag::ok("SUCCESS")
        }
        "lifecycle" if STARTS.load(Ordering::Relaxed) == 1 => Tag::ok("started"),
        "lifecycle" => Tag::fail("not started"),
        _ => Tag::fail("bad-parameter:do"),
    })
}

fn hash(number: u64) -> Result<Tag> {
    let rounds: u64 = context::parameter_or("rounds", 20)?;
    let mut digest = Sha256::digest(format!("TEXT {number}"));
    for _ in 1..rounds {
        digest = Sha256::digest(digest);
    }
    let tag: String = digest[..4]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    Ok(if number.is_multiple_of(5) {
        Tag::fail(tag)
    } else {
        Tag::ok(tag)
    })
}

fn shop(number: u64) -> Result<Response> {
    let carts = context::required("url")? + "/shop/carts";
    let cart: Cart = http::post(&carts)
        .json(&json!({"item": "book", "quantity": number % 3 + 1}))
        .name("cart")
        .send()?
        .error_for_status()?
        .json()?;
    measure::check("the cart costs something", cart.total > 0);
    Ok(http::post(format!("{carts}/{}/checkout", cart.id))
        .name("checkout")
        .send()?)
}

fn measures(number: u64) -> Tag {
    measure::time("outer", || {
        measure::time("inner", || {});
        measure::time("inner", || {});
    });
    measure::record("sample", Duration::from_nanos(number));
    measure::count("calls", 1);
    let even = measure::check("even", number.is_multiple_of(2));
    Tag::ok(if even { "even" } else { "odd" })
}

fn setup() -> Result<String> {
    measure::count("setup", 1);
    refuse_in("setup")?;
    Ok(SHARED.to_owned())
}

fn start(shared: &str) -> Result<()> {
    measure::count("start", 1);
    refuse_in("start")?;
    STARTS.fetch_add(u64::from(shared == SHARED), Ordering::Relaxed);
    Ok(())
}

fn stop() {
    measure::count("stop", 1);
}

fn teardown(_shared: &str) {
    measure::count("teardown", 1);
}

fn refuse_in(hook: &str) -> Result<()> {
    match context::parameter("fail") {
        Some(fail) if fail == hook => Err(Failure::new(format!("{hook} was told to fail"))),
        _ => Ok(()),
    }
}
