#[gorgon_sdk::operation]
fn run(number: u32) -> bool {
    number == 0
}

fn main() {}
