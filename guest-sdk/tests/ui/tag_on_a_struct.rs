#[derive(gorgon_sdk::Tag)]
struct Outcome;

fn main() {}
