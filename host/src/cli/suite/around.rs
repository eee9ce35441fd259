//! What is done around a run: commands before it and after it, and waiting for a server.

use std::net::{TcpStream, ToSocketAddrs};
use std::path::Path;
use std::process::{Command, ExitStatus};
use std::sync::mpsc::RecvTimeoutError;
use std::time::Duration;

use tokio::time::Instant;

use super::events::Events;
use super::process::{Event, Group};
use crate::clock;
use crate::error::{Error, Exit, Result};
use crate::report::format;
use crate::suite::file::{Around, CommandLine};

/// Lines of a command's output that are told.
const LINES: usize = 20;

/// How often a connection is tried.
const RETRY: Duration = Duration::from_millis(50);

/// How long one attempt may take.
const ATTEMPT: Duration = Duration::from_secs(1);

/// The commands before something, of which some may have left processes behind: they go on until it is over.
#[derive(Debug, Default)]
pub(super) struct Started {
    groups: Vec<Group>,
}

impl Started {
    /// Does what is done before a run.
    ///
    /// # Errors
    /// A command failed, or nobody accepts a connection, or the suite is to end.
    pub(super) fn begin(
        &mut self,
        around: &Around,
        folder: Option<&Path>,
        events: &mut Events,
    ) -> Result<()> {
        for command in &around.before {
            let group = carried_out(command, "before", around, folder, events)?;
            self.groups.push(group);
        }
        match &around.wait_for {
            Some(address) => wait_for(address, around.wait_timeout, events),
            None => Ok(()),
        }
    }

    /// Does what is done after it, whatever came of it, and ends what was left behind. Tells what went wrong.
    pub(super) fn finish(
        self,
        around: &Around,
        folder: Option<&Path>,
        events: &mut Events,
    ) -> Vec<Error> {
        let mut errors = Vec::new();
        events.forget_patience();
        for command in &around.after {
            match carried_out(command, "after", around, folder, events) {
                // What it has left behind goes at once.
                Ok(group) => group.end(),
                Err(error) => errors.push(error),
            }
        }
        for group in self.groups {
            group.end();
        }
        errors
    }
}

/// Carries out a command, to its end.
fn carried_out(
    line: &CommandLine,
    when: &str,
    around: &Around,
    folder: Option<&Path>,
    events: &mut Events,
) -> Result<Group> {
    let failed = |why: &str| {
        Error::new(
            Exit::Environment,
            format!("the `{when}` command `{}` {why}", shown(line)),
        )
    };
    let mut group = Group::start(command(line, folder), events.sender())
        .map_err(|cause| failed("cannot be started").caused_by(&cause))?;
    let deadline = clock::later(clock::now(), around.command_timeout);
    let is_cut_off = match ended(&group, deadline, events) {
        Ended::ByItself => None,
        Ended::TooLate => {
            let limit = format::duration(
                around
                    .command_timeout
                    .as_nanos()
                    .try_into()
                    .unwrap_or(u64::MAX),
            );
            let error = failed(&format!("did not end in {limit}"))
                .hint("what goes on is put into the background, `./server &`: it is ended after the run")
                .hint("or give it more time: `command_timeout = \"5m\"`");
            Some(error)
        }
        Ended::Interrupted => Some(failed("was interrupted")),
    };
    if let Some(error) = is_cut_off {
        let error = with_output(error, &group);
        group.end();
        return Err(error);
    }
    let error = match group.status() {
        Ok(status) if status.success() => return Ok(group),
        Ok(status) => failed(&told(status)),
        Err(cause) => failed("has an end that is not known").caused_by(&cause),
    };
    let error = with_output(error, &group);
    group.end();
    Err(error)
}

/// How the wait for a command ended.
enum Ended {
    ByItself,
    TooLate,
    Interrupted,
}

fn ended(group: &Group, deadline: Instant, events: &mut Events) -> Ended {
    loop {
        match events.next_until(deadline) {
            Ok(Event::Ended(id)) if id == group.id() => return Ended::ByItself,
            Ok(Event::Ended(_)) => {}
            Ok(Event::Signal(_)) if events.is_out_of_patience() => return Ended::Interrupted,
            Ok(Event::Signal(_)) => {}
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
                return Ended::TooLate;
            }
        }
    }
}

fn command(line: &CommandLine, folder: Option<&Path>) -> Command {
    let mut command = match line {
        CommandLine::Shell(line) => {
            let mut command = Command::new("sh");
            command.args(["-c", line]);
            command
        }
        CommandLine::Argv(args) => {
            let mut args = args.iter();
            // There is one: the suite was read.
            let mut command = Command::new(args.next().map(String::as_str).unwrap_or_default());
            command.args(args);
            command
        }
    };
    if let Some(folder) = folder {
        command.current_dir(folder);
    }
    command
}

fn shown(line: &CommandLine) -> String {
    match line {
        CommandLine::Shell(line) => line.trim().to_owned(),
        CommandLine::Argv(args) => super::shell::line(args),
    }
}

fn told(status: ExitStatus) -> String {
    use std::os::unix::process::ExitStatusExt;
    match (status.code(), status.signal()) {
        (Some(code), _) => format!("failed with exit code {code}"),
        (None, Some(signal)) => format!("was ended by signal {signal}"),
        (None, None) => format!("failed: {status}"),
    }
}

/// The error with the last lines of what the command said.
fn with_output(error: Error, group: &Group) -> Error {
    let output = group.output();
    let output = String::from_utf8_lossy(&output);
    let lines: Vec<&str> = output.trim_end().lines().collect();
    if lines.is_empty() {
        return error.because("it said nothing");
    }
    let skipped = lines.len().saturating_sub(LINES);
    let mut text = match skipped {
        0 => "it said:".to_owned(),
        _ => "it said in the end:".to_owned(),
    };
    for line in &lines[skipped..] {
        text.push('\n');
        text.push_str(line);
    }
    error.because(text)
}

/// Waits until a connection is accepted at an address.
fn wait_for(address: &str, limit: Duration, events: &mut Events) -> Result<()> {
    let deadline = clock::later(clock::now(), limit);
    loop {
        let cause = match connects(address) {
            Ok(()) => return Ok(()),
            Err(cause) => cause,
        };
        let failed = |why: String| {
            Error::new(Exit::Environment, why)
                .caused_by(&cause)
                .hint("look whether the `before` command starts the server, and at this port")
                .hint("or give it more time: `wait_timeout = \"2m\"`")
        };
        if clock::now() >= deadline {
            let limit = format::duration(limit.as_nanos().try_into().unwrap_or(u64::MAX));
            return Err(failed(format!(
                "nobody accepts a connection at `{address}` in {limit}"
            )));
        }
        let again = clock::later(clock::now(), RETRY).min(deadline);
        if let Ok(Event::Signal(_)) = events.next_until(again)
            && events.is_out_of_patience()
        {
            return Err(failed(format!("waiting for `{address}` was interrupted")));
        }
    }
}

fn connects(address: &str) -> std::io::Result<()> {
    let mut last = std::io::Error::from(std::io::ErrorKind::NotFound);
    for address in address.to_socket_addrs()? {
        match TcpStream::connect_timeout(&address, ATTEMPT) {
            Ok(_) => return Ok(()),
            Err(cause) => last = cause,
        }
    }
    Err(last)
}
