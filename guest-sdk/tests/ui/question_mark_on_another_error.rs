#[gorgon_sdk::operation]
fn run() -> gorgon_sdk::Result<()> {
    std::fs::read("file")?;
    Ok(())
}

fn main() {}
