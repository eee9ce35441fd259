//! A suite file: which runs there are, and what is done around them.

mod values;

use std::path::Path;
use std::time::Duration;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::document::{self, Document, at, in_order};
use super::flags::Flags;
use super::settings::{self, Setting, escaped};
use crate::error::{Error, Result};

/// A command may take so long unless the file says otherwise.
const COMMAND_TIMEOUT: Duration = Duration::from_secs(60);

/// A server may take so long until it accepts a connection, likewise.
const WAIT_TIMEOUT: Duration = Duration::from_secs(30);

/// The keys of a suite beside those of [`AROUND`].
const SUITE: [&str; 7] = [
    "title",
    "order",
    "order_seed",
    "numbers",
    "fail_fast",
    "defaults",
    "run",
];

/// The keys of a run that are no flags, beside those of [`AROUND`].
pub(super) const RUN: [&str; 3] = ["name", "preset", "repeat"];

/// The keys of what is done around a run, or around the whole suite.
pub(super) const AROUND: [&str; 5] = [
    "before",
    "after",
    "wait_for",
    "wait_timeout",
    "command_timeout",
];

/// A suite file as it was read.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct File {
    /// What the suite is about.
    pub title: Option<String>,
    /// Whether the runs are made in random order.
    pub is_shuffled: bool,
    /// What that order follows from; fresh unless given.
    pub order_seed: Option<u64>,
    /// Whether the numbers of a run go on where those of the run before it ended.
    pub numbers_continue: bool,
    /// Whether the suite ends with the first run that fails.
    pub fail_fast: bool,
    /// What is done around the whole suite.
    pub around: Around,
    /// The runs, not empty.
    pub entries: Vec<Entry>,
}

/// One `[[run]]`, with what it has of the defaults.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Entry {
    /// Its name, which no other has.
    pub name: String,
    /// Its line.
    pub line: usize,
    /// What is set, in the order in which it was written.
    pub settings: Vec<Setting>,
    /// Whether it stands for the three rounds: highest rate, fixed rate, low rate.
    pub is_three_rounds: bool,
    /// How often each of its runs is made. At least 1.
    pub repeat: u32,
    /// What is done around each of its runs.
    pub around: Around,
}

/// What is done before and after something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Around {
    /// Commands, one after the other.
    pub before: Vec<CommandLine>,
    /// Where a connection has to be accepted then, as `host:port`.
    pub wait_for: Option<String>,
    /// Commands afterwards, whatever came of it.
    pub after: Vec<CommandLine>,
    /// How long to wait for a connection.
    pub wait_timeout: Duration,
    /// How long each command may take.
    pub command_timeout: Duration,
}

impl Default for Around {
    fn default() -> Around {
        Around {
            before: Vec::new(),
            wait_for: None,
            after: Vec::new(),
            wait_timeout: WAIT_TIMEOUT,
            command_timeout: COMMAND_TIMEOUT,
        }
    }
}

/// A command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CommandLine {
    /// For the shell.
    Shell(String),
    /// A program and its arguments. Not empty.
    Argv(Vec<String>),
}

/// The settings of a table, and the keys that are none.
#[derive(Debug, Default)]
struct Read<'t, 'a> {
    settings: Vec<Setting>,
    own: Vec<Key<'t, 'a>>,
}

/// A key, where it stands, and its value.
type Key<'t, 'a> = (&'t str, usize, &'t Spanned<DeValue<'a>>);

impl File {
    /// Reads the file at `path`.
    ///
    /// # Errors
    /// It cannot be read ([`NoInput`](crate::error::Exit::NoInput)), or is no suite ([`Usage`](crate::error::Exit::Usage)); the error names the line and what to do.
    pub fn read(path: &Path, flags: &Flags) -> Result<File> {
        let bytes = document::read(path)?;
        File::parse(&path.display().to_string(), &bytes, flags)
    }

    /// Reads the bytes of a file that is called `name`.
    ///
    /// # Errors
    /// As [`File::read`].
    pub fn parse(name: &str, bytes: &[u8], flags: &Flags) -> Result<File> {
        let document = Document::new(name, bytes)?;
        Reader {
            document: &document,
            flags,
        }
        .file(&document.table()?)
    }
}

struct Reader<'d, 'a> {
    document: &'d Document<'a>,
    flags: &'d Flags,
}

impl<'a> Reader<'_, 'a> {
    fn file(&self, table: &DeTable<'a>) -> Result<File> {
        let mut file = File::default();
        let mut defaults = Read::default();
        let mut runs = None;
        for (key, place, value) in in_order(table) {
            match key {
                "title" => file.title = Some(self.text("title", value)?),
                "order" => file.is_shuffled = self.one_of("order", value, ["file", "random"])? == 1,
                "order_seed" => file.order_seed = Some(self.number("order_seed", value)?),
                "numbers" => {
                    file.numbers_continue =
                        self.one_of("numbers", value, ["same", "continue"])? == 1;
                }
                "fail_fast" => file.fail_fast = self.truth("fail_fast", value)?,
                "defaults" => {
                    let DeValue::Table(table) = value.get_ref() else {
                        return Err(self.wrong("`defaults`", "a table: `[defaults]`", value));
                    };
                    defaults = self.settings(table)?;
                }
                "run" => runs = Some(value),
                key if AROUND.contains(&key) => self.around(&mut file.around, key, value)?,
                key => return Err(self.no_key_of_suite(key, place)),
            }
        }
        let Some(runs) = runs else {
            let error = self.document.refuse(0, "the suite has no run");
            return Err(error.hint(
                "write one: `[[run]]` on a line, and what it runs below: `operation = \"hash\"`",
            ));
        };
        let DeValue::Array(tables) = runs.get_ref() else {
            return Err(self.wrong(
                "`run`",
                "a list of tables: `[[run]]`, with two brackets",
                runs,
            ));
        };
        for table in tables.iter() {
            let entry = self.entry(table, &defaults, file.entries.len())?;
            if let Some(other) = file.entries.iter().find(|other| other.name == entry.name) {
                let problem = format!(
                    "the run of line {} is called `{}` too",
                    other.line,
                    escaped(&entry.name)
                );
                return Err(self
                    .document
                    .refuse(at(table), problem)
                    .hint("give each run a `name` of its own"));
            }
            file.entries.push(entry);
        }
        if file.entries.is_empty() {
            return Err(self.document.refuse(at(runs), "the suite has no run"));
        }
        Ok(file)
    }

    fn entry(
        &self,
        run: &Spanned<DeValue<'a>>,
        defaults: &Read<'_, 'a>,
        index: usize,
    ) -> Result<Entry> {
        let DeValue::Table(table) = run.get_ref() else {
            return Err(self.wrong("a run", "a table: `[[run]]`", run));
        };
        let own = self.settings(table)?;
        let mut entry = Entry {
            name: format!("run {}", index + 1),
            line: self.document.line(at(run)),
            settings: settings::merged(&defaults.settings, &own.settings),
            repeat: 1,
            ..Entry::default()
        };
        for (key, place, value) in &defaults.own {
            if *key == "name" {
                return Err(self
                    .document
                    .refuse(*place, "each run has a name of its own"));
            }
            self.own_key(&mut entry, key, value)?;
        }
        for (key, _, value) in &own.own {
            self.own_key(&mut entry, key, value)?;
        }
        let is_said = |key: &str| entry.settings.iter().any(|setting| setting.key == key);
        if !is_said(settings::OPERATION) {
            let problem = format!("the run `{}` has no operation", escaped(&entry.name));
            let error = self.document.refuse(at(run), problem);
            return Err(error.hint("say which, here or in `[defaults]`: `operation = \"hash\"`"));
        }
        if entry.is_three_rounds && is_said("rate") {
            let problem = "the rounds of a preset have rates of their own";
            return Err(self
                .document
                .refuse(at(run), problem)
                .hint("leave out `rate` or `preset`"));
        }
        Ok(entry)
    }

    fn own_key(&self, entry: &mut Entry, key: &str, value: &Spanned<DeValue<'a>>) -> Result<()> {
        match key {
            "name" => entry.name = self.text("name", value)?,
            "preset" => {
                self.one_of("preset", value, ["three-rounds"])?;
                entry.is_three_rounds = true;
            }
            "repeat" => entry.repeat = self.repetitions(value)?,
            key => self.around(&mut entry.around, key, value)?,
        }
        Ok(())
    }

    fn settings<'t>(&self, table: &'t DeTable<'a>) -> Result<Read<'t, 'a>> {
        let own = [&RUN[..], &AROUND[..]].concat();
        let mut read = Read::default();
        for (key, place, value) in in_order(table) {
            if own.contains(&key) {
                read.own.push((key, place, value));
                continue;
            }
            let settings = settings::read(self.document, self.flags, &own, (key, place), value)?;
            for setting in settings {
                if let Some(other) = read.settings.iter().find(|other| other.key == setting.key) {
                    let line = self.document.line(other.at);
                    let problem = format!("line {line} says already what this says");
                    return Err(self
                        .document
                        .refuse(place, problem)
                        .hint("leave out one of them"));
                }
                read.settings.push(setting);
            }
        }
        Ok(read)
    }

    fn no_key_of_suite(&self, key: &str, place: usize) -> Error {
        let problem = format!("`{}` is no key of a suite", escaped(key));
        let error = self.document.refuse(place, problem);
        let own = [&SUITE[..], &AROUND[..]].concat();
        if let Some(near) = crate::near::near(key, own.iter().copied()) {
            return error.hint(format!("did you mean `{near}`?"));
        }
        let is_of_run = RUN.contains(&key) || key == "operation" || key == "set" || key == "mix";
        if is_of_run || self.flags.of_key(key).is_some() {
            return error.hint(
                "what every run has stands below `[defaults]`, what one has below its `[[run]]`",
            );
        }
        error.hint(format!("the keys are {}", own.join(", ")))
    }
}
