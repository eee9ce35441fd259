//! The flags that say what a run has to come to.

use clap::{Args, ValueEnum};

use super::super::misused;
use crate::error::Result;
use crate::thresholds::Threshold;
use crate::watch::State;

#[derive(Debug, Args)]
pub(in crate::cli) struct RuleArgs {
    /// Count exactly these tags as success
    #[arg(long, value_name = "TAG,…", value_delimiter = ',')]
    pub(super) expect: Option<Vec<String>>,

    /// Fail the run, with exit code 99, where this is true of it: `p99 > 150ms`, `fail > 1%`, `rate < 390/s`,
    /// `tag(503) > 10`, or of any ten seconds of it: `p99 over 10s > 150ms`; repeat for more
    #[arg(long = "fail-if", value_name = "RULE")]
    pub(super) fail_if: Vec<Threshold>,

    /// The same, and end the run as soon as it is true
    #[arg(long = "abort-if", value_name = "RULE")]
    pub(super) abort_if: Vec<Threshold>,

    /// Let a rule about which there is not enough data count as kept
    #[arg(long)]
    pub(super) allow_no_data: bool,

    /// End with exit code 75 where the verdict on the runner itself is worse than this
    #[arg(long, value_name = "VERDICT")]
    require: Option<Required>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Required {
    /// Nothing speaks against the figures
    Valid,
    /// They may be degraded, but not invalid
    Degraded,
}

impl RuleArgs {
    /// Those of a comparison of operations, which is held to rules of its own.
    pub(in crate::cli) fn of_comparison(
        expect: Option<Vec<String>>,
        require: Option<Required>,
    ) -> RuleArgs {
        RuleArgs {
            expect,
            fail_if: Vec::new(),
            abort_if: Vec::new(),
            allow_no_data: false,
            require,
        }
    }

    pub(super) fn check(&self) -> Result<()> {
        let names_nothing = |tags: &[String]| tags.iter().any(String::is_empty);
        if self.expect.as_deref().is_some_and(names_nothing) {
            return Err(misused("`--expect` names an empty tag")
                .because(
                    "an empty variable in a script is the usual reason, and every call would fail",
                )
                .hint("name the tags that are a success: `--expect SUCCESS,200`"));
        }
        Ok(())
    }

    /// All rules: those that fail the run, then those that end it, too.
    pub(super) fn all(&self) -> Vec<Threshold> {
        [&*self.fail_if, &*self.abort_if].concat()
    }

    /// Whether a verdict is good enough.
    pub(super) fn is_good_enough(&self, state: State) -> bool {
        match self.require {
            None => true,
            Some(Required::Valid) => state == State::Valid,
            Some(Required::Degraded) => state != State::Invalid,
        }
    }
}
