//! What the parts of a call cost, each alone: `cargo bench -p gorgon-benches`. The whole call, in instructions, is what
//! `benches/instructions.sh` counts.

mod calls;
mod engine;
mod recording;

fn main() {
    divan::main();
}
