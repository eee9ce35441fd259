#[gorgon_sdk::operation]
async fn run(number: u64) -> bool {
    number == 0
}

fn main() {}
