struct Cart;

#[gorgon_sdk::operation]
fn run(number: u64) -> Cart {
    let _ = number;
    Cart
}

fn main() {}
