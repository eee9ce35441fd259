//! The flags of a run, as keys of a suite file.

use crate::near::near;

/// What a flag takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FlagKind {
    /// Nothing: it is there or not.
    Switch,
    /// One value.
    One,
    /// A value each time it is given.
    Many,
}

/// A flag of `gorgon run`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flag {
    /// Its long name, without dashes before it.
    pub name: String,
    /// Its short name, where it has one.
    pub short: Option<char>,
    /// What it takes.
    pub kind: FlagKind,
    /// Why no run of a suite may have it, and what to do instead.
    pub refused: Option<&'static str>,
}

/// All flags of `gorgon run`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Flags(pub Vec<Flag>);

impl Flag {
    /// How it is written for a person, with a value: `-w 8`, `--rate 400/s`.
    pub fn with(&self, value: &str) -> String {
        format!("{} {value}", self.dashed())
    }

    /// Its arguments for each of some values.
    pub fn args(&self, values: &[String]) -> Vec<String> {
        if self.kind == FlagKind::Switch {
            return vec![self.dashed()];
        }
        let mut args = Vec::with_capacity(2 * values.len());
        for value in values {
            // A value of its own that begins with a dash would be taken for a flag.
            if value.starts_with('-') || value.is_empty() {
                args.push(format!("--{}={value}", self.name));
            } else {
                args.extend([self.dashed(), value.clone()]);
            }
        }
        args
    }

    /// The flag as it is written, short where it can be.
    pub fn dashed(&self) -> String {
        match self.short {
            Some(short) => format!("-{short}"),
            None => format!("--{}", self.name),
        }
    }

    /// The flag as a key of a suite file.
    pub fn key(&self) -> String {
        self.name.replace('-', "_")
    }
}

impl Flags {
    /// The flag that a key of a suite file stands for.
    pub fn of_key(&self, key: &str) -> Option<&Flag> {
        let name = key.replace('_', "-");
        self.0.iter().find(|flag| flag.name == name)
    }

    /// The key that was perhaps meant, of the flags and of `others`.
    pub fn near(&self, key: &str, others: &[&str]) -> Option<String> {
        let mut letters = key.trim_start_matches('-').chars();
        if let (Some(letter), None) = (letters.next(), letters.next())
            && let Some(flag) = self.0.iter().find(|flag| flag.short == Some(letter))
        {
            return Some(flag.key());
        }
        let keys: Vec<String> = self.0.iter().map(Flag::key).collect();
        let names = keys
            .iter()
            .map(String::as_str)
            .chain(others.iter().copied());
        near(key, names).map(str::to_owned)
    }
}
