//! Settings by variables of the environment: `GORGON_FAIL_IF` for `--fail-if`.

use std::ffi::{OsStr, OsString};

use super::flag::{Command, Flag};
use super::setting::{Given, Origin, Setting};
use crate::error::{Error, Exit, Result};
use crate::near::near;

/// What the names of all begin with.
const PREFIX: &str = "GORGON_";

/// Variables that mean something else to gorgon.
const OWN: [&str; 4] = [
    "GORGON_CACHE_DIR",
    "GORGON_COMPLETE",
    "GORGON_CONFIG_DIR",
    "GORGON_STATE_DIR",
];

/// The variables of the environment.
#[derive(Debug, Clone, Default)]
pub struct Variables {
    all: Vec<(OsString, OsString)>,
}

impl Variables {
    /// These variables, by name.
    pub fn new(all: impl IntoIterator<Item = (OsString, OsString)>) -> Variables {
        let is_set = |(name, value): &(OsString, OsString)| {
            name.as_encoded_bytes().starts_with(PREFIX.as_bytes()) && !value.is_empty()
        };
        Variables {
            all: all.into_iter().filter(is_set).collect(),
        }
    }

    /// The name of the variable that sets a flag.
    pub fn name(flag: &Flag) -> String {
        format!(
            "{PREFIX}{}",
            flag.name.to_ascii_uppercase().replace('-', "_")
        )
    }

    /// What is set of the flags of a command. `known` is the command whose flags have variables: a flag of another one has
    /// the variable where it is the same flag. `is_programs` tells the variables by which operations are told something.
    ///
    /// # Errors
    /// One has a value that its flag cannot take.
    pub fn layer(
        &self,
        command: &Command,
        known: &Command,
        is_programs: impl Fn(&str) -> bool,
    ) -> Result<Vec<Setting>> {
        let has_one = |flag: &&Flag| {
            let same = known
                .flag(&flag.name)
                .is_some_and(|other| other.takes == flag.takes);
            same && !is_programs(&Variables::name(flag))
        };
        let settings = command.flags.iter().filter(has_one).filter_map(|flag| {
            let name = Variables::name(flag);
            let value = self.value(&name)?;
            Some(setting(flag, name, value))
        });
        settings.collect()
    }

    /// Those that are set and nothing is named by, each with the variable that was perhaps meant.
    pub fn misspelt(
        &self,
        known: &Command,
        is_programs: impl Fn(&str) -> bool,
    ) -> Vec<(String, String)> {
        let mut names: Vec<String> = known.flags.iter().map(Variables::name).collect();
        names.extend(OWN.iter().map(|name| (*name).to_owned()));
        let set = self.all.iter().filter_map(|(name, _)| name.to_str());
        let unknown =
            set.filter(|name| !is_programs(name) && !names.iter().any(|known| known == name));
        let near = |name: &str| {
            let bare = |name: &'_ str| name.trim_start_matches(PREFIX).to_owned();
            let bares: Vec<String> = names.iter().map(|name| bare(name)).collect();
            near(&bare(name), bares.iter().map(String::as_str))
                .map(|near| format!("{PREFIX}{near}"))
        };
        unknown
            .filter_map(|name| Some((name.to_owned(), near(name)?)))
            .collect()
    }

    fn value(&self, name: &str) -> Option<&OsStr> {
        let found = self.all.iter().find(|(of, _)| of == name);
        found.map(|(_, value)| value.as_os_str())
    }
}

fn setting(flag: &Flag, name: String, value: &OsStr) -> Result<Setting> {
    let value = value.to_owned();
    let Some(given) = Given::of_text(&value, flag.takes) else {
        let what = format!(
            "`{name}={}` is neither yes nor no",
            value.to_string_lossy().escape_debug()
        );
        return Err(Error::new(Exit::Usage, what).hint(format!(
            "`{name}=true` or `{name}=false`; empty or unset, the variable says nothing"
        )));
    };
    Ok(Setting {
        flag: flag.name.clone(),
        given,
        origin: Origin::Variable(name),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::testing::{command, values};

    fn variables(set: &[(&str, &str)]) -> Variables {
        Variables::new(set.iter().map(|(name, value)| (name.into(), value.into())))
    }

    fn layer(set: &[(&str, &str)]) -> Result<Vec<(String, Given)>> {
        let command = command();
        let layer = variables(set).layer(&command, &command, |name| name == "GORGON_ITEM")?;
        Ok(layer
            .into_iter()
            .map(|setting| (setting.flag, setting.given))
            .collect())
    }

    #[test]
    fn each_flag_has_a_variable_and_each_kind_a_way_to_be_written() {
        #[track_caller]
        fn check(name: &str, value: &str, flag: &str, given: Given) {
            assert_eq!(
                layer(&[(name, value)]).unwrap(),
                [(flag.to_owned(), given)],
                "{value}"
            );
        }
        check("GORGON_WORKERS", "8", "workers", values(&["8"]));
        check(
            "GORGON_FAIL_IF",
            "p99 > 1s",
            "fail-if",
            values(&["p99 > 1s"]),
        );
        check(
            "GORGON_FAIL_IF",
            "p99 > 1s\nfail > 1%\n",
            "fail-if",
            values(&["p99 > 1s", "fail > 1%"]),
        );
        check("GORGON_SET", "a=1\nb=x y", "set", values(&["a=1", "b=x y"]));
        for yes in ["true", "1", "yes", "ON"] {
            check("GORGON_QUIET", yes, "quiet", Given::On);
        }
        for no in ["false", "0", "No", "off"] {
            check("GORGON_QUIET", no, "quiet", Given::Off);
        }
    }

    #[test]
    fn what_is_empty_or_a_programs_says_nothing() {
        assert_eq!(
            layer(&[
                ("GORGON_WORKERS", ""),
                ("GORGON_ITEM", "x"),
                ("WORKERS", "3")
            ]),
            Ok(Vec::new())
        );
    }

    #[test]
    fn an_error_names_the_variable() {
        let error = layer(&[("GORGON_QUIET", "maybe")]).unwrap_err();
        assert_eq!(error.exit(), Exit::Usage);
        assert!(error.what().contains("`GORGON_QUIET=maybe`"), "{error}");
    }

    #[test]
    fn a_flag_that_takes_something_else_in_another_command_is_another_flag() {
        let known = command();
        let mut other = command();
        other.flags.retain(|flag| flag.name == "quiet");
        other.flags[0].takes = crate::settings::Takes::Value;
        let layer = variables(&[("GORGON_QUIET", "maybe")]).layer(&other, &known, |_| false);
        assert_eq!(layer, Ok(Vec::new()));
    }

    #[test]
    fn a_variable_that_is_nearly_one_is_put_right() {
        #[track_caller]
        fn check(name: &str, expected: Option<&str>) {
            let misspelt =
                variables(&[(name, "1")]).misspelt(&command(), |name| name == "GORGON_NUMBER");
            let expected = expected.map(|near| (name.to_owned(), near.to_owned()));
            assert_eq!(misspelt, Vec::from_iter(expected));
        }
        check("GORGON_WORKRES", Some("GORGON_WORKERS"));
        check("GORGON_WORKERS", None);
        check("GORGON_NUMBER", None);
        check("GORGON_STATE_DIR", None);
        check("GORGON_SOMETHING_ELSE", None);
        check("OTHER_WORKRES", None);
    }
}
