#[gorgon_sdk::operation]
fn run(number: u64, worker: u32) -> bool {
    number == u64::from(worker)
}

fn main() {}
