struct Shop;

impl Shop {
    #[gorgon_sdk::operation]
    fn run(&self) -> bool {
        true
    }
}

fn main() {}
