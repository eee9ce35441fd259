#[gorgon_sdk::operation]
fn run<T: Default>(number: u64) -> T {
    T::default()
}

fn main() {}
