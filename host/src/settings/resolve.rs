//! The rule by which settings come together.
//!
//! - Of one flag the most explicit layer counts, whole: a list replaces a list. Pairs are told apart by their names, so that
//!   one of many can be changed.
//! - What a flag of a more explicit layer conflicts with is left out.
//! - So is an alternative to one, unless its layer says both: there they are meant together. `-n` on the command line thus
//!   replaces a `duration` of a file, but not one that the file has beside a `calls` of its own.
//! - What is of no use without another flag is left out where that is not there, unless it was typed.

use super::flag::{Command, Flag, Takes};
use super::setting::{Given, Origin, Setting, name_of};

/// What counts in the end.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Resolved {
    /// The settings that count, the most explicit first.
    pub effective: Vec<Setting>,
    /// Those that do not, and why.
    pub left_out: Vec<LeftOut>,
}

/// A setting that does not count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// The setting.
    pub setting: Setting,
    /// The flag that counts in its stead, by its name; or the one that it would need, as it is written.
    pub flag: String,
    /// Where that one is set; nothing where it is needed and set nowhere.
    pub origin: Option<Origin>,
}

/// Puts layers together, of which the first is the most explicit.
pub fn resolve(command: &Command, layers: Vec<Vec<Setting>>) -> Resolved {
    let mut resolved = Resolved::default();
    for layer in layers {
        let above = resolved.effective.len();
        for setting in &layer {
            let Some(flag) = command.flag(&setting.flag) else {
                continue;
            };
            let beaten_by = resolved.effective[..above]
                .iter()
                .find(|other| beats(command, other, flag, &layer))
                .cloned();
            match beaten_by {
                None => resolved.effective.push(setting.clone()),
                Some(other) => resolved.add_beaten(flag, setting, &other, above),
            }
        }
    }
    resolved.leave_out_the_useless(command);
    resolved
}

/// Whether a setting of a more explicit layer speaks against one of `flag` in `layer`.
fn beats(command: &Command, above: &Setting, flag: &Flag, layer: &[Setting]) -> bool {
    let Some(other) = command.flag(&above.flag) else {
        return false;
    };
    if other.name == flag.name {
        return true;
    }
    let is_beside = |name: &str| {
        layer
            .iter()
            .any(|one| one.flag == name && one.given.is_on())
    };
    above.given.is_on()
        && (other.excludes(flag) || other.is_alternative_to(flag) && !is_beside(&other.name))
}

impl Resolved {
    /// Leaves out what nobody typed and needs a flag that is not there.
    fn leave_out_the_useless(&mut self, command: &Command) {
        let is_on = |name: &String| {
            let mut settings = self.effective.iter();
            settings.any(|other| other.flag == *name && other.given.is_on())
        };
        let needed = |setting: &Setting| {
            let flag = command.flag(&setting.flag)?;
            let is_useless = setting.given.is_on() && !flag.needs.iter().any(is_on);
            let was_typed = setting.origin == Origin::CommandLine;
            flag.needs
                .first()
                .filter(|_| is_useless && !was_typed)
                .cloned()
        };
        let useless: Vec<Option<String>> = self.effective.iter().map(needed).collect();
        let all = std::mem::take(&mut self.effective);
        for (setting, needed) in all.into_iter().zip(useless) {
            match needed {
                None => self.effective.push(setting),
                Some(flag) => self.left_out.push(LeftOut {
                    setting,
                    flag: format!("--{flag}"),
                    origin: None,
                }),
            }
        }
    }

    /// Leaves out a setting, but for the pairs that nothing above it names.
    fn add_beaten(&mut self, flag: &Flag, setting: &Setting, by: &Setting, above: usize) {
        let mut rest = Vec::new();
        if let (Given::Values(pairs), Takes::Pairs, true) =
            (&setting.given, flag.takes, by.flag == flag.name)
        {
            let named: Vec<String> = self.effective[..above]
                .iter()
                .filter(|other| other.flag == flag.name)
                .flat_map(|other| other.names(flag))
                .collect();
            rest = pairs.clone();
            rest.retain(|pair| !named.contains(&name_of(pair)));
        }
        let (kept, lost) = match &setting.given {
            Given::Values(values) => {
                let lost: Vec<_> = values
                    .iter()
                    .filter(|value| !rest.contains(value))
                    .cloned()
                    .collect();
                let is_whole = rest.is_empty();
                (
                    rest,
                    (is_whole || !lost.is_empty()).then_some(Given::Values(lost)),
                )
            }
            whole => (Vec::new(), Some(whole.clone())),
        };
        if !kept.is_empty() {
            let given = Given::Values(kept);
            self.effective.push(Setting {
                given,
                ..setting.clone()
            });
        }
        if let Some(given) = lost {
            self.left_out.push(LeftOut {
                setting: Setting {
                    given,
                    ..setting.clone()
                },
                flag: by.flag.clone(),
                origin: Some(by.origin.clone()),
            });
        }
    }
}

#[cfg(test)]
mod tests;
