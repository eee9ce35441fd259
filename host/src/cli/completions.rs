//! `gorgon completions`: what a shell needs to complete command lines of gorgon.
//!
//! The script asks gorgon itself, at each press of the key, what may stand there. So it knows the flags of the version that is
//! installed, and the files, runs and profiles that there are at the time.

use std::ffi::{OsStr, OsString};
use std::io;
use std::path::Path;

use clap::{Args, ValueEnum};
use clap_complete::engine::{
    ArgValueCompleter, CompletionCandidate, PathCompleter, ValueCompleter,
};
use clap_complete::env::{Bash, Elvish, EnvCompleter, Fish, Powershell, Zsh};

use super::run::users_runs;
use super::settings::{self, Files};
use super::{Done, output, program};
use crate::error::{Error, Exit};
use crate::plugins;

/// The variable by which a script asks; its value is the name of the shell.
const VARIABLE: &str = "GORGON_COMPLETE";

/// Runs that are offered: more than a screen of them helps nobody.
const RUNS_OFFERED: usize = 20;

#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  source <(gorgon completions bash)                    # in ~/.bashrc
  source <(gorgon completions zsh)                     # in ~/.zshrc, after compinit
  gorgon completions fish | source                     # in ~/.config/fish/config.fish
  eval (gorgon completions elvish | slurp)             # in ~/.config/elvish/rc.elv
  gorgon completions powershell | Out-String | Invoke-Expression    # in $PROFILE")]
pub(super) struct CompletionsArgs {
    /// The shell
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Shell {
    /// Bash 3.2 or later
    Bash,
    /// Zsh
    Zsh,
    /// Fish
    Fish,
    /// PowerShell
    Powershell,
    /// Elvish
    Elvish,
}

impl Shell {
    fn completer(self) -> &'static dyn EnvCompleter {
        match self {
            Shell::Bash => &Bash,
            Shell::Zsh => &Zsh,
            Shell::Fish => &Fish,
            Shell::Powershell => &Powershell,
            Shell::Elvish => &Elvish,
        }
    }
}

impl CompletionsArgs {
    /// `called` is what gorgon was called as, which the script will call.
    pub(super) fn main(self, called: Option<&OsString>) -> Done {
        let called = in_full(called.map_or(OsStr::new("gorgon"), OsString::as_os_str));
        Ok(output::to_stdout(|out| {
            let shell = self.shell.completer();
            shell.write_registration(VARIABLE, "gorgon", "gorgon", &called, out)
        }))
    }
}

/// What can be called from any directory.
fn in_full(called: &OsStr) -> String {
    let path = Path::new(called);
    let here = std::env::current_dir().unwrap_or_default();
    match path.components().count() > 1 {
        true => here.join(path).to_string_lossy().into_owned(),
        false => path.to_string_lossy().into_owned(),
    }
}

/// Answers a script that asks; nothing if nobody does.
pub(super) fn answer(args: &[OsString]) -> Option<Exit> {
    let shell = std::env::var_os(VARIABLE).filter(|shell| !shell.is_empty())?;
    let shell = shell
        .to_str()
        .and_then(|shell| Shell::from_str(shell, false).ok())?;
    let begin = args.iter().position(|arg| arg == "--")? + 1;
    let words = args[begin..].to_vec();
    let here = std::env::current_dir().ok();
    let mut command = settings::built(&program());
    let mut answer = Vec::new();
    let written =
        shell
            .completer()
            .write_complete(&mut command, words, here.as_deref(), &mut answer);
    Some(match written {
        Ok(()) => output::to_stdout(|out| out.write_all(&answer)),
        Err(cause) => output::told(cannot_complete(&cause)),
    })
}

fn cannot_complete(cause: &io::Error) -> Error {
    Error::new(Exit::Usage, "the command line cannot be completed").caused_by(cause)
}

/// Completes an operation: stock plugins, and `.wasm` files.
pub(super) fn operations() -> ArgValueCompleter {
    ArgValueCompleter::new(|typed: &OsStr| {
        let plugins = plugins::ALL
            .iter()
            .filter(|plugin| begins(plugin.name, typed));
        let plugins = plugins.map(|plugin| {
            CompletionCandidate::new(plugin.name).help(Some(plugin.description.into()))
        });
        plugins.chain(files("wasm", typed)).collect()
    })
}

/// Completes a saved run: `last`, those of the user, and files.
pub(super) fn runs() -> ArgValueCompleter {
    ArgValueCompleter::new(|typed: &OsStr| {
        let saved = users_runs().map(|runs| runs.list()).unwrap_or_default();
        let saved = saved.into_iter().take(RUNS_OFFERED).map(|run| run.id);
        let names = std::iter::once("last".to_owned()).chain(saved);
        let names = names.filter(|name| begins(name, typed));
        let names = names.map(CompletionCandidate::new);
        names.chain(files("gorgon", typed)).collect()
    })
}

/// The profiles of the files of settings.
pub(super) fn profiles() -> Vec<CompletionCandidate> {
    let flags = settings::program(&settings::built(&program()));
    let files = Files::read(&[], &flags).unwrap_or_default();
    let profiles = files
        .files
        .iter()
        .flat_map(|file| file.document().profiles());
    profiles.map(CompletionCandidate::new).collect()
}

fn begins(name: &str, typed: &OsStr) -> bool {
    typed.to_str().is_some_and(|typed| name.starts_with(typed))
}

/// Files with an extension, and folders on the way to them.
fn files(extension: &'static str, typed: &OsStr) -> Vec<CompletionCandidate> {
    let is_one = move |path: &Path| path.extension().is_some_and(|other| other == extension);
    PathCompleter::any().filter(is_one).complete(typed)
}
