//! The flow of two requests as an operation: the second asks for what the first one named.

use gorgon_sdk::{Result, Tag, context, http};
use serde::Deserialize;

#[derive(Deserialize)]
struct Answer {
    id: String,
    status: String,
}

#[gorgon_sdk::operation]
fn run(_number: u64) -> Result {
    let url = context::required("url")?;
    let order: Answer = http::get(&url).send()?.json()?;
    let done: Answer = http::get(format!("{url}tx/{}", order.id)).send()?.json()?;
    Ok(match done.status == "DONE" {
        true => Tag::ok("DONE"),
        false => Tag::fail("not-done"),
    })
}
