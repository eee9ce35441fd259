//! The program `gorgon`: parses the command line, does what it says, and turns the outcome into an exit code.

use std::process::ExitCode;

use gorgon::error::Exit;

fn main() -> ExitCode {
    let exit = gorgon::cli::main(std::env::args_os(), leave);
    ExitCode::from(exit.code())
}

/// Ends the process at once: the third Ctrl-C of somebody who will not wait for a report.
#[expect(clippy::disallowed_methods, reason = "the one place that may")]
fn leave(exit: Exit) -> ! {
    std::process::exit(i32::from(exit.code()))
}
