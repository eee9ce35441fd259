//! `gorgon compare a.wasm b.wasm`: operations side by side in one run.

use std::ffi::OsString;
use std::path::Path;
use std::str::FromStr;

use clap::Args;
use clap::parser::ValueSource;

use super::super::operation::OperationArgs;
use super::super::run::{
    Asked, FeedArgs, JobArgs, LoadArgs, Operations, Required, RuleArgs, SaveArgs, Side, SideBySide,
};
use super::super::settings::Settled;
use super::super::views::Present;
use super::super::{Done, misused, values};
use crate::error::Result;
use crate::signals::Leave;

/// Above the flags that have nothing to say of saved runs.
const HEADING: &str = "For operations side by side";

/// What can be said of operations side by side, and not of saved runs.
#[derive(Debug, Args)]
#[command(next_help_heading = HEADING)]
pub(super) struct OperationsArgs {
    /// Run the operation with these parameters, beside itself with others: once for each side
    #[arg(long = "side", value_name = "NAME=VALUE,…")]
    variants: Vec<SideFlag>,

    /// All have to answer each number alike, with the same outcome and tag; if they do not, end with exit code 99
    #[arg(long)]
    check: bool,

    /// Count exactly these tags as success
    #[arg(long, value_name = "TAG,…", value_delimiter = ',')]
    expect: Option<Vec<String>>,

    /// End with exit code 75 where the verdict on the runner itself is worse than this
    #[arg(long, value_name = "VERDICT")]
    require: Option<Required>,

    #[command(flatten)]
    load: LoadArgs,

    #[command(flatten)]
    operation: OperationArgs,

    #[command(flatten)]
    feed: FeedArgs,

    #[command(flatten)]
    save: SaveArgs,

    /// Say nothing but results and errors
    #[arg(short, long)]
    quiet: bool,

    /// Show what the operations log while they run
    #[arg(short, long, conflicts_with = "quiet")]
    verbose: bool,
}

/// The flags of a run as a comparison means them. What it refuses is not shown, but known, so that it can say why.
pub(super) fn explained(command: clap::Command) -> clap::Command {
    command
        .mut_arg("calls", |arg| {
            arg.help("How many numbers to give to each operation")
        })
        .mut_arg("duration", |arg| {
            arg.help("How long to start calls, of all operations together. With `-n` too, whichever is first")
        })
        .mut_arg("workers", |arg| {
            arg.help("How many workers call, each giving one number after another to all operations; 1 unless given")
        })
        .mut_arg("warmup", |arg| {
            arg.help("Make calls for this long, or this many of each operation, before those that count. A twentieth of the run unless given; 0 for none")
        })
        .mut_arg("jitter", |arg| {
            arg.help("By how much `--think` may be moved: a share of it, such as `20%`")
        })
        .mut_arg("rate", |arg| arg.hide(true))
        .mut_arg("arrivals", |arg| arg.hide(true))
        .mut_arg("order", |arg| arg.hide(true))
}

/// A flag that was typed and has nothing to say of saved runs. What a file or a variable sets is meant for whatever has it.
pub(super) fn typed(settled: &Settled) -> Option<String> {
    let command = super::super::program();
    let matches = command.clone().try_get_matches_from(&settled.args).ok()?;
    let (name, of_compare) = matches.subcommand()?;
    let is_given = |arg: &&clap::Arg| {
        let source = of_compare.value_source(arg.get_id().as_str());
        source == Some(ValueSource::CommandLine)
            && arg.get_help_heading() == Some(HEADING)
            && !arg.get_long().is_some_and(|long| settled.only_adds(long))
    };
    let arg = command
        .find_subcommand(name)?
        .get_arguments()
        .find(is_given)?;
    Some(match (arg.get_long(), arg.get_short()) {
        (Some(long), _) => format!("--{long}"),
        (None, Some(short)) => format!("-{short}"),
        (None, None) => arg.get_id().to_string(),
    })
}

/// The parameters of one side: `url=http://127.0.0.1:8081` or `size=10,depth=2`.
#[derive(Debug, Clone, PartialEq, Eq)]
struct SideFlag(Vec<(String, String)>);

impl FromStr for SideFlag {
    type Err = String;

    /// A comma ends a value only where the name of another parameter follows, so that values may have commas.
    fn from_str(text: &str) -> std::result::Result<SideFlag, String> {
        let mut pairs: Vec<String> = Vec::new();
        for piece in text.split(',') {
            match pairs.last_mut() {
                Some(last) if !begins_with_a_name(piece) => {
                    last.push(',');
                    last.push_str(piece);
                }
                _ => pairs.push(piece.to_owned()),
            }
        }
        let pairs = pairs.iter().map(|pair| values::pair(pair));
        let pairs: std::result::Result<Vec<_>, _> = pairs.collect();
        pairs.map(SideFlag).map_err(|error| error.to_string())
    }
}

fn begins_with_a_name(piece: &str) -> bool {
    piece.split_once('=').is_some_and(|(name, _)| {
        !name.is_empty()
            && name
                .chars()
                .all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'))
    })
}

impl OperationsArgs {
    /// The file that the run is to be saved to.
    pub(super) fn file(&self) -> Option<&Path> {
        self.save.file()
    }

    /// Runs the operations and shows how they compare.
    ///
    /// # Errors
    /// Nothing was called.
    pub(super) fn run(
        self,
        operations: &[String],
        views: Box<dyn Present>,
        argv: &[OsString],
        leave: Leave,
    ) -> Done {
        if self.load.is_several() {
            return Err(misused("operations side by side are one run")
                .because("a list stands for several")
                .hint(
                    "give one number of workers; `gorgon run OPERATION -w 1,2` makes several runs",
                ));
        }
        let compared = SideBySide {
            sides: self.sides(operations)?,
            check: self.check,
        };
        let job = JobArgs {
            load: self.load,
            operation: self.operation,
            feed: self.feed,
            rules: RuleArgs::of_comparison(self.expect, self.require),
            save: self.save,
            quiet: self.quiet,
            verbose: self.verbose,
        };
        let operations = Operations::SideBySide(compared);
        job.run(Asked { operations, views }, argv, leave)
    }

    fn sides(&self, operations: &[String]) -> Result<Vec<Side>> {
        let side = |operation: &String, parameters: Vec<(String, String)>| Side {
            operation: operation.clone(),
            parameters,
        };
        match (operations, &*self.variants) {
            ([_], []) => Err(misused("there is nothing to compare the operation with")
                .hint("name another one, or the same again; or give it two sets of parameters: `--side size=1 --side size=2`")),
            ([_], [_]) => Err(misused("there is only one side")
                .hint("say what to compare it with: `--side size=1 --side size=2`")),
            ([operation], flags) => {
                let sides = flags.iter().map(|flag| side(operation, flag.0.clone()));
                Ok(sides.collect())
            }
            (several, []) => {
                let sides = several.iter().map(|operation| side(operation, Vec::new()));
                Ok(sides.collect())
            }
            (_, _) => Err(misused("`--side` is for one operation")
                .because("it compares an operation with itself, with other parameters")
                .hint("leave out `--side`, or all operations but one")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_side_has_parameters_whose_values_may_have_commas() {
        #[track_caller]
        fn check(text: &str, expected: &[(&str, &str)]) {
            let expected = expected.iter();
            let expected = expected.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
            assert_eq!(text.parse(), Ok(SideFlag(expected.collect())), "{text}");
        }
        check("a=1", &[("a", "1")]);
        check("a=1,b=2", &[("a", "1"), ("b", "2")]);
        check("list=1,2,3,b=2", &[("list", "1,2,3"), ("b", "2")]);
        check("a=", &[("a", "")]);
        check("a=x,,y", &[("a", "x,,y")]);
        check(
            "url=http://h/?q=a,b,header.x-y=1",
            &[("url", "http://h/?q=a,b"), ("header.x-y", "1")],
        );
        for text in ["", "a", "=1", ",a=1"] {
            assert!(text.parse::<SideFlag>().is_err(), "{text}");
        }
    }
}
