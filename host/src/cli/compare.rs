//! `gorgon compare`: whether one thing differs from another, and how sure that is.

mod operations;
mod runs;
mod views;

use std::path::Path;

use clap::Args;

use self::operations::OperationsArgs;
use self::views::{SideBySideViews, ViewArgs};
use super::settings::Settled;
use super::views::Present;
use super::{Done, misused, saved_run};
use crate::compare::{Rule, RuleResult, Settings, percentage};
use crate::error::{Exit, Result};
use crate::plugins;
use crate::report::RunView;
use crate::report::comparison::{ComparisonView, RuleOf};
use crate::signals::Leave;

#[derive(Debug, Args)]
pub(super) struct CompareArgs {
    /// Operations, as `gorgon run` has them: they are run side by side. Or saved runs, of which the first is the baseline:
    /// `last`, the name of a run as `gorgon runs` lists it or the beginning of one, or a file
    #[arg(value_name = "OPERATION|RUN", required = true, num_args = 1..)]
    sides: Vec<String>,

    /// The least difference that matters; for the share of calls that fail, a tenth of it in points
    #[arg(long, value_name = "PERCENT", default_value = "2%", value_parser = percentage, allow_hyphen_values = true)]
    min_effect: f64,

    /// End with exit code 99 where the whole interval of a difference from the first lies beyond this: `p50 slower 5%`,
    /// `rate lower 2%`, `fail worse 0.5%`; repeat for more
    #[arg(long = "fail-if", value_name = "RULE")]
    fail_if: Vec<Rule>,

    /// Let a rule about which there is not enough data count as kept
    #[arg(long)]
    allow_no_data: bool,

    /// Compare saved runs that cannot rightly be compared
    #[arg(long)]
    force: bool,

    #[command(flatten)]
    views: ViewArgs,

    #[command(flatten)]
    operations: OperationsArgs,
}

/// The flags of a run as a comparison means them.
pub(super) fn explained(command: clap::Command) -> clap::Command {
    operations::explained(command)
}

impl CompareArgs {
    pub(super) fn main(self, settled: &Settled, leave: Leave) -> Done {
        if Sides::of(&self.sides)? == Sides::Operations {
            if self.force {
                return Err(misused("`--force` is for saved runs")
                    .hint("operations side by side can always be compared"));
            }
            let views = Box::new(self.side_by_side()?);
            return self
                .operations
                .run(&self.sides, views, &settled.args, leave);
        }
        if let Some(flag) = operations::typed(settled) {
            return Err(misused(format!(
                "`{flag}` is for operations that are run side by side"
            ))
            .because("what is named here are saved runs")
            .hint("leave it out, or name operations: `gorgon compare a.wasm b.wasm -n 2000`"));
        }
        match &*self.sides {
            [only] => self.again(&saved_run::named(only)?),
            _ => self.runs(),
        }
    }

    fn settings(&self) -> Settings {
        Settings {
            min_effect: self.min_effect,
        }
    }

    fn side_by_side(&self) -> Result<SideBySideViews> {
        let named = self.sides.iter().map(Path::new);
        let files = named.chain(self.operations.file());
        Ok(SideBySideViews {
            settings: self.settings(),
            rules: self.fail_if.clone(),
            allow_no_data: self.allow_no_data,
            sinks: self.views.open(files)?,
        })
    }

    /// Operations that were run side by side and saved.
    fn again(&self, run: &RunView) -> Done {
        if run.summary.facts.load.side_by_side {
            return Ok(self.side_by_side()?.write(run));
        }
        let only = &self.sides[0];
        Err(
            misused(format!("there is nothing to compare the run `{only}` with"))
                .because("it is not one of operations side by side")
                .hint(format!("name another run: `gorgon compare {only} last`")),
        )
    }

    fn runs(self) -> Done {
        let mut sinks = self.views.open(self.sides.iter().map(Path::new))?;
        let mut view = runs::compare(&self.sides, self.settings(), self.force)?;
        let held = self.hold(&mut view);
        view.exit_code = Some(held.code());
        Ok(Exit::first([sinks.write(&view), held]))
    }

    /// Holds every side to the rules.
    fn hold(&self, view: &mut ComparisonView) -> Exit {
        let against = view.against.iter();
        let judged = against.flat_map(|against| {
            self.fail_if.iter().map(|rule| RuleOf {
                side: against.side,
                judged: rule.judge(&against.comparison, against.is_believed),
            })
        });
        view.rules = judged.collect();
        held(&view.rules, self.allow_no_data)
    }
}

/// How a comparison ends that was held to rules.
fn held(rules: &[RuleOf], allow_no_data: bool) -> Exit {
    let is_broken = rules.iter().any(|of| match of.judged.result {
        RuleResult::Pass => false,
        RuleResult::Fail => true,
        RuleResult::NoData => !allow_no_data,
    });
    if is_broken {
        Exit::Threshold
    } else {
        Exit::Done
    }
}

/// What is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sides {
    /// Saved runs.
    Runs,
    /// Operations, which are run for it.
    Operations,
}

impl Sides {
    /// # Errors
    /// There are both among them.
    fn of(names: &[String]) -> Result<Sides> {
        let (operations, runs): (Vec<_>, Vec<_>) =
            names.iter().partition(|name| is_operation(name));
        match (&*operations, &*runs) {
            ([], _) => Ok(Sides::Runs),
            (_, []) => Ok(Sides::Operations),
            ([operation, ..], [run, ..]) => Err(misused(format!(
                "`{operation}` is an operation, and `{run}` would be a saved run"
            ))
            .hint(format!(
                "name operations only, files that end in `.wasm` or stock plugins; or save a run of it: `gorgon run {operation} -n 10k --save a.jsonl`"
            ))),
        }
    }
}

/// Whether a name is that of an operation. A file of the name of a stock plugin is not.
fn is_operation(name: &str) -> bool {
    let is_plugin = plugins::find(name).is_some() && !Path::new(name).exists();
    name == "-"
        || name.ends_with(".wasm")
        || name.starts_with("https://")
        || name.starts_with("http://")
        || is_plugin
}
