//! `gorgon run`.

mod feed;
mod load;
mod logs;
mod mix;
mod prepare;
mod rules;
mod saving;
mod show;
mod warm_up;

use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;

use self::feed::FeedArgs;
use self::load::LoadArgs;
use self::prepare::{Prepared, context};
use self::rules::RuleArgs;
use self::saving::SaveArgs;
use super::facts::Collected;
use super::live::LiveView;
use super::operation::{self, OperationArgs};
use super::outcomes::Outcomes;
use super::sink::Sink;
use super::{Done, output};
use crate::clock;
use crate::component::log::RunLog;
use crate::component::{Sandboxes, Totals};
use crate::engine::control::Control;
use crate::engine::{self, Finished};
use crate::error::{Error, Exit, Result};
use crate::monitor::{self, LatestLogs, Monitor};
use crate::report;
use crate::saved::Line;
use crate::signals::{self, Leave, Manners};
use crate::stats::{Interner, Summary};
use crate::thresholds::{self, Evaluated};
use crate::watch::State;

pub(super) use self::saving::{RUNS_BYTES, RUNS_KEPT, SavedFacts, users_runs};

#[derive(Debug, Args)]
pub(super) struct RunArgs {
    /// A path, `*.wasm`, an https:// address (`#sha256=…` pins it), or the name of a stock plugin. Several are a mix,
    /// each with a weight: `browse.wasm=90 buy.wasm=10`
    #[arg(value_name = "OPERATION", required = true, num_args = 1..)]
    operations: Vec<String>,

    #[command(flatten)]
    load: LoadArgs,

    #[command(flatten)]
    operation: OperationArgs,

    #[command(flatten)]
    feed: FeedArgs,

    #[command(flatten)]
    rules: RuleArgs,

    /// Write the report as JSON to this file; `-` writes it to stdout instead of the text
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,

    #[command(flatten)]
    save: SaveArgs,

    /// Say nothing but results and errors
    #[arg(short, long)]
    quiet: bool,

    /// Show what the operation logs while it runs
    #[arg(short, long, conflicts_with = "quiet")]
    verbose: bool,
}

/// A run that is over, before anybody has looked at it.
struct Over {
    finished: Finished,
    observed: monitor::Observed,
    totals: Totals,
    torn_down: Option<Error>,
}

impl RunArgs {
    pub(super) fn main(self, argv: &[OsString], leave: Leave) -> Done {
        let json_to_stdout = self
            .json
            .as_deref()
            .is_some_and(|path| path.as_os_str() == "-");
        let done = self.run(argv, leave);
        if let (Err(error), true) = (&done, json_to_stdout) {
            // A program that reads stdout finds the error there too.
            output::to_stdout(|out| writeln!(out, "{:#}", report::error::json(error)));
        }
        done
    }

    fn run(self, argv: &[OsString], leave: Leave) -> Done {
        if self.quiet {
            output::be_quiet();
        }
        let manners = Manners {
            notice: output::notice,
            tell: super::live::tell,
            tidy_up: super::live::clear_in_passing,
            tidy_while: super::live::clear_while,
            leave,
        };
        signals::watch_requests(manners)?;
        let mut prepared = self.prepare()?;
        let control = Arc::new(Control::default());
        let view = LiveView::new(self.quiet);
        let (log, latest) = self.log(&view);
        let log = Arc::new(log);
        let collected = Collected {
            args: argv,
            started: clock::wall(),
            run_id: operation::run_id(),
            artifacts: &prepared.artifacts,
            operation: &self.operation,
            load: self
                .load
                .facts(&prepared.load, prepared.seed.value, &prepared.named),
            log: &log,
            verbose: self.verbose,
        };
        let mut facts = collected.beforehand();
        let file = self.save.open(&mut facts)?;
        let http = self.operation.http()?;
        let mut sandboxes = Vec::with_capacity(prepared.artifacts.len());
        for artifact in &prepared.artifacts {
            let context = context(&prepared, &facts, &control, &log, &http);
            sandboxes.push(Sandboxes::new(artifact, context, self.operation.bounds())?);
        }
        signals::watch(Arc::clone(&control), manners)?;

        let screen = show::screen(view);
        let plan = monitor::Plan {
            facts: facts.clone(),
            progress: show::progress(&facts, &prepared.load),
            fail_if: self.rules.fail_if.clone(),
            abort_if: self.rules.abort_if.clone(),
            control: Arc::clone(&control),
            items: prepared.feed.items.clone(),
            file,
            screen,
            remember: super::live::remember,
            logs: latest,
        };
        let mut over = self.make_calls(&prepared, sandboxes, plan, &control)?;

        let cause = control.cause();
        let outcome = Outcomes::of(
            &over.finished,
            cause.as_ref(),
            over.torn_down.take(),
            FeedArgs::broke_off(&prepared.feed, &prepared.load, &over.finished),
        );
        let file = over.observed.file.take();
        collected.afterwards(
            &mut facts,
            &mut over.finished,
            &over.observed,
            &over.totals,
            cause.as_ref(),
        );
        facts.notes = collected.notes(&outcome.notes, &prepared.parameters, &prepared.feed);
        facts.notes.extend(prepared.cut_short(&facts));
        let records = std::mem::take(&mut over.observed.records);
        let summary = Summary::of(facts, tables(records, &prepared));
        let evaluated = self.evaluate(&summary, over.observed.windows);
        let exit = self.exit(&outcome, &summary, &evaluated);
        let written = self
            .report(&summary, &evaluated, exit, prepared.json.as_mut())
            .unwrap_or_else(told);
        let failed = self.feed.write_failed(
            prepared.failed_items.take(),
            &prepared.feed,
            &prepared.load,
            &mut over.finished,
        );
        let failed = failed.map_or_else(told, |()| Exit::Done);
        let saved = file.map(|mut file| {
            let events = saving::events(&over.finished, cause.as_ref());
            events.for_each(|event| file.append(Line::Event(event)));
            let saved = SavedFacts {
                facts: summary.facts.clone(),
                exit_code: Some(exit.code()),
                rules: evaluated,
            };
            self.save.finish(file, &saved)
        });
        let saved = saved.map_or(Exit::Done, |saved| saved.map_or_else(told, |()| Exit::Done));
        if let Some(error) = outcome.last_word(&summary, exit) {
            output::error(&error);
        }
        Ok(Exit::first([written, failed, saved, exit]))
    }

    fn log(&self, view: &LiveView) -> (RunLog, Option<LatestLogs>) {
        match (self.verbose, view.is_block()) {
            (false, _) => (logs::unwatched(), None),
            (true, false) => (logs::line_by_line(), None),
            (true, true) => {
                let (log, latest) = logs::latest();
                (log, Some(latest))
            }
        }
    }

    /// Everything between `setup` and `teardown`, and those two.
    fn make_calls(
        &self,
        prepared: &Prepared,
        mut sandboxes: Vec<Sandboxes>,
        plan: monitor::Plan,
        control: &Arc<Control>,
    ) -> Result<Over> {
        let runtime = lifecycle_runtime()?;
        for index in 0..sandboxes.len() {
            if let Err(error) = runtime.block_on(sandboxes[index].setup()) {
                // What was set up before it is taken down; why this one failed is what is to be told.
                for earlier in &sandboxes[..index] {
                    let _ = runtime.block_on(earlier.teardown(None, self.operation.timeout));
                }
                return Err(error);
            }
        }
        let operations: Vec<_> = sandboxes.into_iter().map(Arc::new).collect();
        let (monitor, listener) = Monitor::start(plan)?;
        let finished = engine::execute(engine::Run {
            load: prepared.load.clone(),
            feed: prepared.feed.clone(),
            operations: operations.clone(),
            interner: Arc::new(Interner::new(self.rules.expect.clone())),
            control: Arc::clone(control),
            listener: Some(listener),
        });
        // How the run ended is decided here: who interrupts the clean-up does not interrupt the run.
        let limit = if control.cause().is_some() {
            self.operation.timeout.min(self.load.grace())
        } else {
            self.operation.timeout
        };
        let clock = finished.as_ref().ok().map(|finished| finished.clock);
        // What `setup` made is taken down whatever came of the run.
        let mut torn_down = None;
        let mut totals = Totals::default();
        for sandboxes in &operations {
            let result = runtime.block_on(sandboxes.teardown(clock, limit));
            torn_down = torn_down.or(result.err());
            totals.merge(sandboxes.totals());
        }
        let mut finished = match finished {
            Ok(finished) => finished,
            Err(error) => {
                monitor.abandon();
                return Err(error);
            }
        };
        let mut rest = std::mem::take(&mut finished.records);
        if let Some(results) = &mut rest.results {
            let (counters, checks) = (&totals.counters, &totals.checks);
            counters
                .iter()
                .for_each(|(name, delta)| results.counter(name, *delta));
            checks
                .iter()
                .for_each(|(name, passed)| results.check(name, *passed));
        }
        let observed = monitor.finish(
            rest,
            finished.results_from_ns,
            finished.clock,
            finished.counts.last_end_ns,
        )?;
        Ok(Over {
            finished,
            observed,
            totals,
            torn_down,
        })
    }

    /// What the rules came to. In a run that cannot be trusted they have nothing to be judged by.
    fn evaluate(&self, summary: &Summary, windows: Vec<Evaluated>) -> Vec<Evaluated> {
        let evaluated = thresholds::evaluate_all(&self.rules.all(), summary, windows);
        match &summary.facts.verdict {
            Some(verdict) if verdict.state == State::Invalid => {
                thresholds::without_trust(evaluated, "the run is invalid: see the verdict on it")
            }
            _ => evaluated,
        }
    }

    fn exit(&self, outcome: &Outcomes, summary: &Summary, evaluated: &[Evaluated]) -> Exit {
        let broken = thresholds::any_failed(evaluated, self.rules.allow_no_data);
        let verdict = summary.facts.verdict.as_ref().map(|verdict| verdict.state);
        let doubted = verdict.is_some_and(|state| !self.rules.is_good_enough(state));
        outcome.exit(summary, broken, doubted)
    }

    /// Writes what was asked for: text to stdout, JSON to its file or to stdout.
    fn report(
        &self,
        summary: &Summary,
        evaluated: &[Evaluated],
        exit: Exit,
        sink: Option<&mut Sink>,
    ) -> Result<Exit> {
        let text = || {
            output::to_stdout(|out| {
                report::text::write_with(out, summary, evaluated, output::stdout_style())
            })
        };
        let Some(sink) = sink else {
            return Ok(text());
        };
        let write = super::report::json(summary, evaluated, Some(exit.code()));
        if sink.is_stdout() {
            return Ok(output::to_stdout(write));
        }
        let shown = text();
        sink.write(write)?;
        Ok(shown)
    }
}

/// Tells an error that does not keep the rest from being done.
fn told(error: Error) -> Exit {
    output::error(&error);
    error.exit()
}

/// Everything that was recorded as a result.
fn tables(records: engine::Records, prepared: &Prepared) -> crate::stats::Tables {
    let empty = || {
        let interner = Arc::new(Interner::new(None));
        crate::stats::Recorder::new(interner, prepared.load.is_open())
    };
    records.results.unwrap_or_else(empty).into_tables()
}

/// The event loop of `setup` and `teardown`.
pub(super) fn lifecycle_runtime() -> Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|cause| {
            Error::new(Exit::Environment, "cannot start an event loop").caused_by(&cause)
        })
}
