//! A command to try the rules of settings with.

use super::{Command, Flag, Given, Takes};

/// A command with a flag of each kind.
pub(super) fn command() -> Command {
    let flag = |name: &str, takes: Takes| Flag {
        name: name.to_owned(),
        takes,
        ..Flag::default()
    };
    let list = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    Command {
        name: "run".to_owned(),
        flags: vec![
            Flag {
                alternatives: list(&["duration"]),
                ..flag("calls", Takes::Value)
            },
            flag("duration", Takes::Value),
            flag("workers", Takes::Value),
            Flag {
                alternatives: list(&["workers"]),
                ..flag("rate", Takes::Value)
            },
            Flag {
                needs: list(&["rate", "duration"]),
                ..flag("jitter", Takes::Value)
            },
            flag("fail-if", Takes::Values),
            flag("set", Takes::Pairs),
            flag("live", Takes::MaybeValue),
            flag("quiet", Takes::Nothing),
            Flag {
                conflicts: list(&["quiet"]),
                ..flag("verbose", Takes::Nothing)
            },
            Flag {
                is_path: true,
                ..flag("json", Takes::Value)
            },
            Flag {
                opens: true,
                ..flag("allow-host", Takes::Values)
            },
        ],
        commands: Vec::new(),
    }
}

/// The program above it, with another command.
pub(super) fn program() -> Command {
    let switch = Flag {
        name: "json".to_owned(),
        takes: Takes::Nothing,
        ..Flag::default()
    };
    let keep = Flag {
        name: "keep".to_owned(),
        ..Flag::default()
    };
    let prune = Command {
        name: "prune".to_owned(),
        flags: vec![keep],
        ..Command::default()
    };
    let runs = Command {
        name: "runs".to_owned(),
        commands: vec![prune],
        ..Command::default()
    };
    let doctor = Command {
        name: "doctor".to_owned(),
        flags: vec![switch],
        ..Command::default()
    };
    Command {
        commands: vec![command(), doctor, runs],
        ..Command::default()
    }
}

/// These values.
pub(super) fn values(values: &[&str]) -> Given {
    Given::Values(values.iter().map(Into::into).collect())
}
