#[gorgon_sdk::operation(setup = make)]
fn run() {}

fn make() -> u32 {
    7
}

fn main() {}
