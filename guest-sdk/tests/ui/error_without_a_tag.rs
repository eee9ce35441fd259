#[gorgon_sdk::operation]
fn run(number: u64) -> Result<bool, std::io::Error> {
    Ok(number == 0)
}

fn main() {}
