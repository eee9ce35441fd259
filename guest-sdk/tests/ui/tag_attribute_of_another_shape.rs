#[derive(gorgon_sdk::Tag)]
enum Outcome {
    #[tag(failure)]
    SoldOut,
}

fn main() {}
