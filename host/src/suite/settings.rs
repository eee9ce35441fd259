//! What is said of a run: operations and flags, each with one value, or with several that are tried one after the other.

mod reader;

use serde::{Deserialize, Serialize};
use toml::Spanned;
use toml::de::DeValue;

use self::reader::Reader;
use super::document::Document;
use super::expand::RateOf;
use super::flags::Flags;
use crate::error::Result;

/// The names of what is set besides flags.
pub(super) const OPERATION: &str = "operation";
pub(super) const MIX: &str = "mix";
const SET: &str = "set";

/// One thing that is set.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Setting {
    /// What is set: the name of a flag, [`OPERATION`], or a parameter as `set NAME`.
    pub key: String,
    /// Where it stands in the file, in bytes. Those of the defaults come before those of the runs.
    pub at: usize,
    /// What it is set to, in turn. Not empty.
    pub alternatives: Vec<Alternative>,
    /// Whether they were written as a list, so that each is told by its value.
    pub is_list: bool,
}

/// What something is set to.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Alternative {
    /// The value, where the runs of a suite differ by it.
    pub with: With,
    /// The operations that it adds to the command line.
    pub operations: Vec<String>,
    /// The flags that it adds.
    pub args: Vec<String>,
    /// The rate, where it is known only when an earlier run has ended.
    pub rate_of: Option<RateOf>,
}

/// A value that tells a run from its neighbours.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct With {
    /// What it is of: the name of a flag or parameter, or `operation`.
    pub name: String,
    /// The value.
    pub value: String,
    /// Both as a person reads them: `-w 8`.
    pub text: String,
}

/// Reads a key that is no key of the suite's own. The key may stand for several settings: those of `set`.
///
/// # Errors
/// There is no such key, or it cannot have this value.
pub(super) fn read(
    document: &Document<'_>,
    flags: &Flags,
    own_keys: &[&str],
    key: (&str, usize),
    value: &Spanned<DeValue<'_>>,
) -> Result<Vec<Setting>> {
    let (name, place) = key;
    let reader = Reader { document, place };
    match name {
        OPERATION => Ok(vec![reader.operation(value)?]),
        MIX => Ok(vec![reader.mix(value)?]),
        SET => reader.set(value),
        _ => match flags.of_key(name) {
            Some(flag) => Ok(vec![reader.flag(flag, value)?]),
            None => {
                let words = [own_keys, &[OPERATION, MIX, SET]].concat();
                let error =
                    document.refuse(place, format!("`{}` is no key of a run", escaped(name)));
                Err(match flags.near(name, &words) {
                    Some(near) => error.hint(format!("did you mean `{near}`?")),
                    None => error.hint("the keys are the long flags of `gorgon run`: `workers`, `calls`, `duration`, …"),
                })
            }
        },
    }
}

/// The settings of a run: those of `over`, and of `under` what these do not say.
pub(super) fn merged(under: &[Setting], over: &[Setting]) -> Vec<Setting> {
    // What runs is said by either, once.
    let is_said = |key: &str| over.iter().any(|setting| setting.key == key);
    let below = under.iter().filter(|setting| !is_said(&setting.key));
    below.chain(over).cloned().collect()
}

/// A name that a person wrote, on one line.
pub(super) fn escaped(name: &str) -> String {
    crate::report::caret::escaped(name)
}
