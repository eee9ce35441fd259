#[gorgon_sdk::operation(start = log_in)]
fn run() {}

fn log_in(user: u32) {
    let _ = user;
}

fn main() {}
