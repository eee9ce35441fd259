#![deny(unused_must_use)]

#[gorgon_sdk::operation]
fn run() {
    gorgon_sdk::http::get("http://shop");
}

fn main() {}
