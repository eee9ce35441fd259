#[gorgon_sdk::operation(start = log_in, start = log_in)]
fn run() {}

fn log_in() {}

fn main() {}
