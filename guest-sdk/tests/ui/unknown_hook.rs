#[gorgon_sdk::operation(begin = log_in)]
fn run() {}

fn log_in() {}

fn main() {}
