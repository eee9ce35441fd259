//! What a person is told when something goes wrong, and the exit code that goes with it.
//!
//! Modules with errors of their own (a value that does not parse, an address that is not allowed) have small typed
//! errors; they become an [`Error`] where a person's action is at fault or can help, which is mostly in `cli`.

use std::fmt;

/// How the process ends. The numbers follow `sysexits.h` where it has a fitting one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Done, and every threshold kept.
    Done,
    /// A bug in gorgon.
    Bug,
    /// The command line is wrong.
    Usage,
    /// The component, or a saved run, cannot be used.
    Unusable,
    /// An input is missing or cannot be read.
    NoInput,
    /// Not one call succeeded.
    NothingSucceeded,
    /// An output cannot be written.
    CannotWrite,
    /// The environment falls short: file descriptors, memory, ports, memory maps.
    Environment,
    /// Every call was denied by the network policy.
    Denied,
    /// A threshold failed.
    Threshold,
    /// Interrupted by SIGINT; the report was written all the same.
    Interrupted,
    /// Ended by SIGTERM; the report was written all the same.
    Terminated,
}

impl Exit {
    /// All of them, in the order of their numbers.
    pub const ALL: [Exit; 12] = [
        Exit::Done,
        Exit::Bug,
        Exit::Usage,
        Exit::Unusable,
        Exit::NoInput,
        Exit::NothingSucceeded,
        Exit::CannotWrite,
        Exit::Environment,
        Exit::Denied,
        Exit::Threshold,
        Exit::Interrupted,
        Exit::Terminated,
    ];

    /// When a process ends so, in a sentence of a manual.
    pub fn meaning(self) -> &'static str {
        match self {
            Exit::Done => "done; failed calls alone change nothing",
            Exit::Bug => "a bug in gorgon",
            Exit::Usage => "the command line, a variable or a file of settings is wrong",
            Exit::Unusable => "an operation, a saved run or other input cannot be used",
            Exit::NoInput => "an input is missing or cannot be read or fetched",
            Exit::NothingSucceeded => "calls were asked for and not one succeeded",
            Exit::CannotWrite => "an output cannot be written",
            Exit::Environment => "the machine falls short, or the verdict is worse than --require",
            Exit::Denied => "every call was refused something by the network policy, and failed",
            Exit::Threshold => "a rule of --fail-if or --abort-if is broken",
            Exit::Interrupted => "ended by SIGINT; the report is written all the same",
            Exit::Terminated => "ended by SIGTERM or SIGHUP; the report is written all the same",
        }
    }

    /// The number handed to the operating system.
    pub fn code(self) -> u8 {
        match self {
            Exit::Done => 0,
            Exit::Bug => 1,
            Exit::Usage => 64,
            Exit::Unusable => 65,
            Exit::NoInput => 66,
            Exit::NothingSucceeded => 69,
            Exit::CannotWrite => 73,
            Exit::Environment => 75,
            Exit::Denied => 77,
            Exit::Threshold => 99,
            Exit::Interrupted => 130,
            Exit::Terminated => 143,
        }
    }

    /// The exit that a number stands for.
    pub fn of_code(code: u8) -> Option<Exit> {
        let mut all = Exit::ALL.into_iter();
        all.find(|exit| exit.code() == code)
    }

    /// Of several reasons the one that decides: a bug first, then an interruption, then what kept results from being
    /// had at all, then what they say.
    pub fn first(reasons: impl IntoIterator<Item = Exit>) -> Exit {
        reasons
            .into_iter()
            .min_by_key(|exit| exit.rank())
            .unwrap_or(Exit::Done)
    }

    fn rank(self) -> u8 {
        match self {
            Exit::Bug => 0,
            Exit::Interrupted | Exit::Terminated => 1,
            Exit::Usage | Exit::NoInput | Exit::Unusable => 2,
            Exit::CannotWrite => 3,
            Exit::Denied => 4,
            Exit::NothingSucceeded => 5,
            Exit::Threshold => 6,
            Exit::Environment => 7,
            Exit::Done => 8,
        }
    }
}

/// An error as a person reads it: what happened, why, and what to do next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    exit: Exit,
    what: String,
    causes: Vec<String>,
    hints: Vec<String>,
}

/// The result of anything a person can make fail.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// An error that ends the process with `exit`. `what` names the thing in backticks, starts in lower case and has
    /// no full stop.
    pub fn new(exit: Exit, what: impl Into<String>) -> Error {
        Error {
            exit,
            what: what.into(),
            causes: Vec::new(),
            hints: Vec::new(),
        }
    }

    /// Adds a cause, and what caused that in turn.
    #[must_use]
    pub fn caused_by(mut self, cause: &(dyn std::error::Error + 'static)) -> Error {
        let mut next = Some(cause);
        while let Some(cause) = next {
            self.causes.push(cause.to_string());
            next = cause.source();
        }
        self
    }

    /// Adds a cause in words.
    #[must_use]
    pub fn because(mut self, cause: impl Into<String>) -> Error {
        self.causes.push(cause.into());
        self
    }

    /// Adds what to do next.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Error {
        self.hints.push(hint.into());
        self
    }

    /// How the process ends.
    pub fn exit(&self) -> Exit {
        self.exit
    }

    /// What happened.
    pub fn what(&self) -> &str {
        &self.what
    }

    /// Why, outermost first.
    pub fn causes(&self) -> &[String] {
        &self.causes
    }

    /// What to do next.
    pub fn hints(&self) -> &[String] {
        &self.hints
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

impl std::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_exit_has_its_documented_code() {
        let documented = [
            (Exit::Done, 0),
            (Exit::Bug, 1),
            (Exit::Usage, 64),
            (Exit::Unusable, 65),
            (Exit::NoInput, 66),
            (Exit::NothingSucceeded, 69),
            (Exit::CannotWrite, 73),
            (Exit::Environment, 75),
            (Exit::Denied, 77),
            (Exit::Threshold, 99),
            (Exit::Interrupted, 130),
            (Exit::Terminated, 143),
        ];
        assert_eq!(documented.map(|(exit, _)| exit), Exit::ALL);
        for (exit, code) in documented {
            assert_eq!(exit.code(), code, "{exit:?}");
            assert_eq!(Exit::of_code(code), Some(exit));
        }
    }

    #[test]
    fn no_other_number_is_an_exit() {
        let known = (0..=u8::MAX).filter_map(Exit::of_code);
        assert_eq!(known.count(), Exit::ALL.len());
    }

    #[test]
    fn of_several_reasons_the_gravest_decides() {
        use Exit::*;
        #[track_caller]
        fn check(reasons: &[Exit], expected: Exit) {
            assert_eq!(Exit::first(reasons.iter().copied()), expected);
        }
        check(&[], Done);
        check(&[Done, Environment], Environment);
        check(&[Environment, Threshold], Threshold);
        check(&[Threshold, NothingSucceeded], NothingSucceeded);
        check(&[NothingSucceeded, Denied], Denied);
        check(&[Denied, CannotWrite], CannotWrite);
        check(&[CannotWrite, Interrupted], Interrupted);
        check(&[Terminated, Bug], Bug);
    }
}
