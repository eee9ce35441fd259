#[gorgon_sdk::operation]
struct Operation;

fn main() {}
