//! What a person is told about settings that were not typed.

use super::super::output;
use super::model::MAIN;
use super::{Files, Settled, globals};
use crate::component::is_variable_of_programs;
use crate::redact;
use crate::report::printable::{clip, printable};
use crate::settings::{Command, Setting, State, Variables, Whose};

/// The columns that one setting is shown in.
const COLUMNS: usize = 60;

/// Tells what files set that may have come with a project, and what looks like a mistake. `built` is the program as clap
/// has it.
pub(super) fn announce(
    settled: &Settled,
    files: &Files,
    variables: &Variables,
    program: &Command,
    built: &clap::Command,
) {
    for place in &files.places {
        if let State::Unsafe(why) = place.state {
            let path = place.path.display();
            say(&format!(
                "`{path}` is not used: {why}; `--config {path}` uses it all the same"
            ));
        }
    }
    for file in &files.files {
        let path = file.path().display();
        if let Some((line, name)) = file.exposed() {
            say(&format!(
                "`{path}`, line {line}: `{name}` looks like a secret, and everybody can read it: `chmod 600 {path}`"
            ));
        }
        let arguments = arguments_of(settled, file.path());
        if file.whose() == Whose::Project && !arguments.is_empty() {
            say(&format!("`{path}` sets {}", arguments.join(" ")));
        }
    }
    let mut known = program.child(MAIN).cloned().unwrap_or_default();
    known.flags.extend(globals::flags(built).flags);
    for (name, near) in variables.misspelt(&known, is_variable_of_programs) {
        say(&format!(
            "`{name}` says nothing to gorgon: did you mean `{near}`?"
        ));
    }
}

/// What a file adds to the command line, without secrets.
fn arguments_of(settled: &Settled, path: &std::path::Path) -> Vec<String> {
    let of_file = settled
        .added()
        .filter(|setting| setting.origin.file().is_some_and(|file| file == path));
    let arguments = of_file.flat_map(Setting::arguments).map(|argument| {
        let argument = redact::argument(&argument.to_string_lossy());
        clip(&argument, COLUMNS, output::stderr_style()).into_owned()
    });
    arguments.collect()
}

fn say(text: &str) {
    output::notice(&printable(text, output::stderr_style()));
}
