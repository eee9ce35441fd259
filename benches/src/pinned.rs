//! Server and clients on processors of their own.

use std::process::Command;

/// The processor that servers get.
const SERVER: &str = "0";

/// The processor that clients get.
const CLIENT: &str = "1";

/// A server, on its processor.
pub(crate) fn server(program: &str) -> Command {
    on(SERVER, program)
}

/// A client, on its processor.
pub(crate) fn client(program: &str) -> Command {
    on(CLIENT, program)
}

fn on(processor: &str, program: &str) -> Command {
    let mut command = Command::new("taskset");
    command.args(["-c", processor, program]);
    command
}
