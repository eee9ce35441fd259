//! How the command line comes together with variables and files.
//!
//! Before clap reads it, the command line is completed: what a variable or a file sets is put into it as arguments. So clap
//! sees one command line, every rule of it holds whatever place a flag comes from, and what is saved with a run is what
//! repeats it.

mod alone;
mod announce;
mod files;
mod globals;
mod model;
mod settle;
mod typed;

use std::ffi::OsString;

use crate::settings::{Origin, Resolved, Setting};

pub(super) use self::alone::alone;
pub(super) use self::files::Files;
pub(super) use self::globals::{only as only_globals, with_globals};
pub(super) use self::model::{InsteadOf, Needs, Opens, can_be_set, program};
pub(super) use self::settle::{built, command_of, gather, places, settle};
pub(super) use self::typed::not_utf8;

/// A command line with everything that settings add to it.
#[derive(Debug, Default)]
pub(super) struct Settled {
    /// What says the same without variables and files.
    pub(super) args: Vec<OsString>,
    /// The command, by the names that lead to it.
    pub(super) path: Vec<String>,
    /// What counts, and what does not.
    pub(super) resolved: Resolved,
}

impl Settled {
    /// The command line as it was typed.
    fn as_typed(args: &[OsString]) -> Settled {
        Settled {
            args: args.to_vec(),
            ..Settled::default()
        }
    }

    /// Whether a flag was set elsewhere, and not typed.
    pub(super) fn only_adds(&self, flag: &str) -> bool {
        let mut all = self.resolved.effective.iter();
        let was_typed = all.any(|one| one.flag == flag && one.origin == Origin::CommandLine);
        !was_typed && self.added().any(|setting| setting.flag == flag)
    }

    /// What was said elsewhere than on the command line, and counts.
    pub(super) fn added(&self) -> impl Iterator<Item = &Setting> {
        let effective = self.resolved.effective.iter();
        effective.filter(|setting| setting.origin != Origin::CommandLine)
    }
}
