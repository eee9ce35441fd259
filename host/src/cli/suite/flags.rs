//! The flags of `gorgon run` as a suite may set them, from the definition of the command line itself.

use clap::{Arg, ArgAction, Args};

use crate::cli::run::{RunArgs, SaveArgs};
use crate::cli::views::ViewArgs;
use crate::suite::{Flag, FlagKind, Flags};

const NO_VIEW: &str = "the report of the suite has every run: `gorgon suite FILE --json F`; `gorgon report` shows one of its runs in any view";
const NO_SAVE: &str = "the suite saves its runs together: `--save-dir` names another place";
const NO_TALK: &str = "give it to `gorgon suite`";

/// All of them.
pub(super) fn all() -> Flags {
    let command = RunArgs::augment_args(clap::Command::new("run"));
    Flags(command.get_arguments().filter_map(of).collect())
}

/// The flag that an argument of `gorgon run` is; nothing for what is no flag.
pub(in crate::cli) fn of(arg: &Arg) -> Option<Flag> {
    let name = arg.get_long()?.to_owned();
    let kind = match arg.get_action() {
        ArgAction::SetTrue => FlagKind::Switch,
        ArgAction::Set if arg.get_value_delimiter().is_none() => FlagKind::One,
        ArgAction::Set | ArgAction::Append => FlagKind::Many,
        _ => return None,
    };
    Some(Flag {
        short: arg.get_short(),
        kind,
        refused: refused(arg),
        name,
    })
}

fn refused(arg: &Arg) -> Option<&'static str> {
    let is_in = |command: clap::Command| {
        command
            .get_arguments()
            .any(|other| other.get_id() == arg.get_id())
    };
    if is_in(ViewArgs::augment_args(clap::Command::new("views"))) {
        Some(NO_VIEW)
    } else if is_in(SaveArgs::augment_args(clap::Command::new("save"))) {
        Some(NO_SAVE)
    } else {
        let is_talk = matches!(arg.get_id().as_str(), "quiet" | "verbose");
        is_talk.then_some(NO_TALK)
    }
}
