//! `gorgon config`: which files there are, and where the flags of a command get their values from.

use std::ffi::OsString;

use clap::{ArgAction, Args};

use super::settings::{self, Settled, gather};
use super::{Done, output, program};
use crate::error::Exit;
use crate::redact;
use crate::report::settings::{self as report, Explained, Flag, LeftOut, LookedFor, Source};
use crate::settings::{File, Given, Origin, Setting, State, Variables, Whose};

/// What is explained unless something else is asked for.
const MAIN: &str = "run";

#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  gorgon config
  gorgon config --explain run op.wasm -n 4000
  gorgon config --explain --profile ci run")]
pub(super) struct ConfigArgs {
    /// Show each flag of a command, `run` unless another is named, with its value and where that comes from
    #[arg(long)]
    explain: bool,

    /// Write it as JSON
    #[arg(long)]
    json: bool,

    /// A command and its arguments, as they would be typed
    #[arg(
        value_name = "COMMAND",
        requires = "explain",
        trailing_var_arg = true,
        allow_hyphen_values = true,
        action = ArgAction::Append
    )]
    command: Vec<OsString>,
}

impl ConfigArgs {
    /// `args` is the whole command line, of which flags of the whole program hold for the command that is explained, too.
    pub(super) fn main(self, args: &[OsString]) -> Done {
        let before = &args[1..args.len() - self.command.len()];
        let mut line: Vec<OsString> = args.iter().take(1).cloned().collect();
        line.extend(settings::only_globals(before));
        match self.command.is_empty() {
            true => line.push(MAIN.into()),
            false => line.extend(self.command.iter().cloned()),
        }
        if self.explain {
            self.explain(&line)
        } else {
            self.files(&line)
        }
    }

    fn explain(&self, line: &[OsString]) -> Done {
        let command = program();
        let built = settings::built(&command);
        let flags = settings::program(&built);
        let gathered = gather(&command, line, &flags, &Variables::new(std::env::vars_os()))?;
        let Some((settled, _)) = gathered else {
            return not_explained(&command, line);
        };
        let explained = explained(&settled, &built);
        Ok(output::to_stdout(|out| {
            if self.json {
                return write_json(out, &explained);
            }
            report::write(out, &explained, output::stdout_style())
        }))
    }

    fn files(&self, line: &[OsString]) -> Done {
        let command = program();
        let flags = settings::program(&settings::built(&command));
        let places = settings::places(&command, line)?;
        let (mut files, mut exit) = (Vec::new(), Exit::Done);
        for place in &places {
            let read = match place.state {
                State::There => Some(File::read(&place.path, place.whose, &flags)),
                State::Missing | State::Unsafe(_) => None,
            };
            let mut file = LookedFor {
                path: place.path.display().to_string(),
                of: match place.whose {
                    Whose::Project => "project",
                    Whose::Named => "named",
                    Whose::Users => "user",
                },
                state: "missing",
                ..LookedFor::default()
            };
            match (&place.state, read) {
                (State::Unsafe(why), _) => {
                    (file.state, file.about) = ("unsafe", (*why).to_owned());
                }
                (_, Some(Ok(read))) => {
                    let profiles = read.document().profiles();
                    file.state = "used";
                    file.profiles = profiles.iter().map(|name| (*name).to_owned()).collect();
                    if !profiles.is_empty() {
                        file.about = format!("profiles: {}", profiles.join(", "));
                    }
                }
                (_, Some(Err(error))) => {
                    file.state = "broken";
                    exit = Exit::first([exit, output::told(error)]);
                }
                (_, None) => {}
            }
            files.push(file);
        }
        let shown = output::to_stdout(|out| {
            if self.json {
                return write_json(out, &serde_json::json!({ "files": files }));
            }
            report::write_files(out, &files, output::stdout_style())
        });
        Ok(Exit::first([exit, shown]))
    }
}

fn write_json(out: &mut dyn std::io::Write, value: &impl serde::Serialize) -> std::io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, value).map_err(std::io::Error::from)?;
    writeln!(out)
}

/// Why a command line cannot be explained: clap knows what is wrong with it, or there is nothing to explain.
fn not_explained(command: &clap::Command, line: &[OsString]) -> Done {
    match command.clone().try_get_matches_from(line) {
        Err(error) if error.use_stderr() => Err(super::misuse::error(
            &error,
            command,
            line,
            &Settled::default(),
        )),
        _ => Err(super::misused(
            "there is nothing to explain: the command has no flags that can be set",
        )),
    }
}

fn explained(settled: &Settled, built: &clap::Command) -> Explained {
    let mut explained = Explained {
        command: settled.path.clone(),
        arguments: settled
            .args
            .iter()
            .map(|arg| redact::argument(&arg.to_string_lossy()))
            .collect(),
        ..Explained::default()
    };
    let mut command = built;
    for name in &settled.path {
        let Some(below) = command.find_subcommand(name) else {
            break;
        };
        command = below;
    }
    let can_be_set = |arg: &&clap::Arg| !arg.is_global_set() && settings::can_be_set(arg);
    for arg in command.get_arguments().filter(can_be_set) {
        let Some(name) = arg.get_long() else { continue };
        let said = settled
            .resolved
            .effective
            .iter()
            .filter(|setting| setting.flag == name);
        let mut rows: Vec<Flag> = said.map(flag).collect();
        if rows.is_empty() {
            let default = arg
                .get_default_values()
                .iter()
                .map(|value| value.to_string_lossy().into_owned());
            let values: Vec<String> = default.collect();
            let from = if values.is_empty() {
                Source::Nowhere
            } else {
                Source::Default
            };
            rows.push(Flag {
                flag: name.to_owned(),
                values,
                from,
            });
        }
        explained.flags.append(&mut rows);
    }
    for left in &settled.resolved.left_out {
        let Flag { flag, values, from } = flag(&left.setting);
        let why = match &left.origin {
            Some(Origin::CommandLine) => {
                format!("`--{}` of the command line counts in its stead", left.flag)
            }
            Some(origin) => format!("`--{}` of {origin} counts in its stead", left.flag),
            None => format!("it needs `{}`", left.flag),
        };
        explained.left_out.push(LeftOut {
            flag,
            values,
            from,
            why,
        });
    }
    explained
}

fn flag(setting: &Setting) -> Flag {
    let text = |value: &OsString| {
        let argument = redact::argument(&format!("--{}={}", setting.flag, value.to_string_lossy()));
        argument[setting.flag.len() + 3..].to_owned()
    };
    Flag {
        flag: setting.flag.clone(),
        values: match &setting.given {
            Given::On => vec!["true".to_owned()],
            Given::Off => vec!["false".to_owned()],
            Given::Values(values) => values.iter().map(text).collect(),
        },
        from: match &setting.origin {
            Origin::CommandLine => Source::CommandLine,
            Origin::Variable(name) => Source::Variable { name: name.clone() },
            Origin::File {
                path,
                line,
                section,
            } => Source::File {
                path: path.display().to_string(),
                line: *line,
                section: section.clone(),
            },
        },
    }
}
