#[gorgon_sdk::operation(start)]
fn run() {}

fn main() {}
