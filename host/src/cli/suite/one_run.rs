//! One run of a suite: a process of this same program.

use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};

use serde_json::Value;

use super::events::{Events, set_running};
use super::plan;
use super::process::{Event, Group};
use crate::cli::{saved_run, settings};
use crate::error::{Error, Exit, Result};
use crate::report::{RunView, Series};
use crate::suite::{PlannedRun, Problem};

/// The most bytes of its JSON that are read: it is only looked at for an error.
const MOST_BYTES: usize = 1 << 20;

/// What came of a run.
#[derive(Debug, Default)]
pub(super) struct Over {
    /// What it is for the suite.
    pub(super) exit: Option<Exit>,
    /// What its process exited with.
    pub(super) code: Option<u8>,
    /// Its result, where there is one.
    pub(super) view: Option<RunView>,
    /// Why it failed.
    pub(super) problem: Option<Problem>,
}

/// What a run is given besides what is planned of it.
#[derive(Debug)]
pub(super) struct Given<'a> {
    /// Where it runs.
    pub(super) folder: Option<&'a Path>,
    /// The file it is saved to.
    pub(super) file: &'a Path,
    /// Its rate, where that was not known before.
    pub(super) rate_per_s: Option<f64>,
    /// Its first number, where it goes on from another run.
    pub(super) start: Option<u64>,
    /// Whether it says nothing but errors.
    pub(super) quiet: bool,
}

/// Makes a run.
///
/// # Errors
/// Its process cannot be started.
pub(super) fn make(run: &PlannedRun, given: &Given<'_>, events: &mut Events) -> Result<Over> {
    let cannot = |cause: &std::io::Error| {
        let what = format!("the run `{}` cannot be started", run.label());
        Error::new(Exit::Environment, what).caused_by(cause)
    };
    let mut group = Group::start_talking(command(run, given)?, MOST_BYTES, events.sender())
        .map_err(|cause| cannot(&cause))?;
    set_running(Some(group.id()));
    // Signals are passed on to it by whoever receives them.
    while let Some(event) = events.next() {
        if event == Event::Ended(group.id()) {
            break;
        }
    }
    set_running(None);
    let status = group.status().map_err(|cause| cannot(&cause))?;
    let said = group.output();
    group.end();
    Ok(over(status, &said, given.file))
}

fn command(run: &PlannedRun, given: &Given<'_>) -> Result<Command> {
    let mut command = Command::new(program()?);
    command.arg0("gorgon").arg("run");
    // A run is what the suite says, and nothing that is set besides changes it.
    settings::alone(&mut command);
    command.args(&run.args);
    if let Some(per_s) = given.rate_per_s {
        command.args(plan::rate(per_s));
    }
    if let Some(start) = given.start {
        command.args(["--start", &start.to_string()]);
    }
    if given.quiet {
        command.arg("--quiet");
    }
    command.arg("--save").arg(given.file);
    command.args(["--in-suite", "--json", "-"]);
    if let Some(folder) = given.folder {
        command.current_dir(folder);
    }
    Ok(command)
}

/// This program, as it was when it started: it may be replaced while a suite goes on, and all runs are to be of the same. As
/// long as it is where it was, that is what it goes by in lists of processes.
fn program() -> Result<PathBuf> {
    use std::os::unix::fs::MetadataExt;
    let file = |path: &Path| {
        let metadata = path.metadata().ok()?;
        Some((metadata.dev(), metadata.ino()))
    };
    let running = Path::new("/proc/self/exe");
    let path = std::env::current_exe();
    match (file(running), path) {
        (Some(this), Ok(path)) if file(&path) == Some(this) => Ok(path),
        (Some(_), _) => Ok(running.to_owned()),
        (None, Ok(path)) => Ok(path),
        (None, Err(cause)) => {
            Err(Error::new(Exit::Environment, "the program cannot find itself").caused_by(&cause))
        }
    }
}

fn over(status: ExitStatus, said: &[u8], file: &Path) -> Over {
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    let exit = code.and_then(Exit::of_code);
    let mut problem = serde_json::from_slice(said).ok().as_ref().and_then(told);
    let view = saved(file);
    if exit.is_none() {
        problem = Some(Problem {
            message: format!("its process ended with {status}"),
            cause: vec![
                "that is no way for a run to end: something ended it, or it is a bug".to_owned(),
            ],
            hint: Vec::new(),
        });
    } else if let (None, None, Some(Exit::Done | Exit::Threshold)) = (&problem, &view, exit) {
        problem = Some(Problem {
            message: format!("it left no result in `{}`", file.display()),
            ..Problem::default()
        });
    }
    Over {
        exit: Some(exit.unwrap_or(Exit::Environment)),
        code,
        view,
        problem,
    }
}

/// The result in a file, or what there is of it.
pub(super) fn saved(file: &Path) -> Option<RunView> {
    let partial = {
        let mut name = file.as_os_str().to_owned();
        name.push(".partial");
        PathBuf::from(name)
    };
    let there = [file, &partial].into_iter().find(|path| path.is_file())?;
    let mut view = saved_run::named(&there.to_string_lossy()).ok()?;
    // How each run went from stretch to stretch is in its own report.
    view.series = Series::default();
    Some(view)
}

/// The error that a run wrote instead of a report.
fn told(said: &Value) -> Option<Problem> {
    let error = said.get("error")?;
    let list = |name: &str| {
        let items = error
            .get(name)
            .and_then(Value::as_array)
            .into_iter()
            .flatten();
        items.filter_map(Value::as_str).map(str::to_owned).collect()
    };
    Some(Problem {
        message: error.get("message")?.as_str()?.to_owned(),
        cause: list("cause"),
        hint: list("hint"),
    })
}
