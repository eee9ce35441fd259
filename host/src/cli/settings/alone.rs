//! A process of this same program whose command line is all that is said.

use std::process::Command;

use super::globals::{self, NO_CONFIG};
use super::model::{MAIN, program};
use super::settle::built;
use crate::component::is_variable_of_programs;
use crate::settings::Variables;

/// Adds to the arguments of a process, and takes from its environment, so that no file and no variable sets a flag of `gorgon
/// run` for it.
pub(in crate::cli) fn alone(process: &mut Command) {
    let built = built(&super::super::program());
    let program = program(&built);
    let of_run = program.child(MAIN).map(|run| &*run.flags);
    let of_all = globals::flags(&built).flags;
    let flags = of_run.unwrap_or_default().iter().chain(&of_all);
    let names = flags.map(Variables::name);
    for name in names.filter(|name| !is_variable_of_programs(name)) {
        process.env_remove(name);
    }
    process.arg(format!("--{NO_CONFIG}"));
}
