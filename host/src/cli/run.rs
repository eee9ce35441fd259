//! `gorgon run`.

mod calls;
mod feed;
mod load;
mod logs;
mod mix;
mod part;
mod prepare;
mod rules;
mod saving;
mod several;
mod show;
mod sides;
mod sweep;
mod warm_up;

use std::ffi::OsString;
use std::path::Path;
use std::sync::Arc;

use clap::Args;

use self::prepare::{Prepared, context};
use super::facts::Collected;
use super::live::LiveView;
use super::operation::{self, OperationArgs};
use super::outcomes::Outcomes;
use super::views::ViewArgs;
use super::{Done, completions, output, saved_run};
use crate::clock;
use crate::component::Sandboxes;
use crate::component::log::RunLog;
use crate::engine;
use crate::engine::control::Control;
use crate::error::Exit;
use crate::monitor::{self, LatestLogs};
use crate::report::RunView;
use crate::saved::Line;
use crate::signals::{self, Leave, Manners};
use crate::stats::{Interner, Status, Summary};
use crate::thresholds::{self, Evaluated};
use crate::watch::State;

pub(super) use self::calls::lifecycle_runtime;
pub(super) use self::feed::FeedArgs;
pub(super) use self::load::LoadArgs;
pub(super) use self::prepare::{Asked, Operations};
pub(super) use self::rules::{Required, RuleArgs};
pub(super) use self::saving::SaveArgs;
pub(super) use self::saving::{RUNS_BYTES, RUNS_KEPT, SavedFacts, users_runs};
pub(super) use self::sides::{Side, SideBySide};

#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  gorgon run hash -n 4000 -w 8
  gorgon run op.wasm --rate 400 -d 1m --set url=http://127.0.0.1:8080/
  gorgon run browse.wasm=90 buy.wasm=10 -d 2m -w 50
  gorgon run op.wasm --items urls.txt -w 20 --failed-items again.txt
  gorgon run op.wasm -d 1m -w 50 --fail-if 'p99 > 150ms' --fail-if 'fail > 1%' --json report.json
  gorgon run op.wasm --profile ci")]
pub(super) struct RunArgs {
    /// A path, `*.wasm`, an https:// address (`#sha256=…` pins it), or the name of a stock plugin. Several are a mix,
    /// each with a weight: `browse.wasm=90 buy.wasm=10`
    #[arg(value_name = "OPERATION", required = true, num_args = 1.., add = completions::operations())]
    operations: Vec<String>,

    #[command(flatten)]
    job: JobArgs,

    #[command(flatten)]
    views: ViewArgs,
}

/// What can be said of a run besides what it calls and how it is shown.
#[derive(Debug, Args)]
pub(super) struct JobArgs {
    #[command(flatten)]
    pub(super) load: LoadArgs,

    #[command(flatten)]
    pub(super) operation: OperationArgs,

    #[command(flatten)]
    pub(super) feed: FeedArgs,

    #[command(flatten)]
    pub(super) rules: RuleArgs,

    #[command(flatten)]
    pub(super) save: SaveArgs,

    /// Say nothing but results and errors
    #[arg(short, long)]
    pub(super) quiet: bool,

    /// Show what the operation logs while it runs
    #[arg(short, long, conflicts_with = "quiet")]
    pub(super) verbose: bool,
}

impl RunArgs {
    pub(super) fn main(self, argv: &[OsString], leave: Leave) -> Done {
        if self.job.load.is_several() {
            return sweep::main(argv, leave);
        }
        let operations = Operations::Mix(mix::read(&self.operations)?);
        let file: Vec<&Path> = self.job.save.file().into_iter().collect();
        let views = Box::new(self.views.open(&file)?);
        self.job.run(Asked { operations, views }, argv, leave)
    }
}

impl JobArgs {
    /// A run from beginning to end.
    ///
    /// # Errors
    /// Nothing was called.
    pub(super) fn run(&self, asked: Asked, argv: &[OsString], leave: Leave) -> Done {
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
        let mut prepared = self.prepare(asked)?;
        let control = Arc::new(Control::default());
        let view = LiveView::new(self.quiet);
        let (log, latest) = self.log(&view);
        let log = Arc::new(log);
        let collected = Collected {
            args: argv,
            started: clock::wall(),
            run_id: operation::run_id(),
            artifacts: &prepared.artifacts,
            names: &prepared.names,
            operation: &self.operation,
            load: self
                .load
                .facts(&prepared.load, prepared.seed.value, &prepared.named),
            expect: self.rules.expect.clone(),
            log: &log,
            verbose: self.verbose,
        };
        let mut facts = collected.beforehand();
        let saving = self.save.open(&mut facts, prepared.views.need_series())?;
        let (file, place) = saving.unzip();
        let http = self.operation.http()?;
        let mut sandboxes = Vec::with_capacity(prepared.artifacts.len());
        for (artifact, parameters) in prepared.artifacts.iter().zip(&prepared.parameters) {
            let context = context(&prepared, parameters, &facts, &control, &log, &http);
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
            &over.memory_peaks,
            cause.as_ref(),
        );
        facts.notes = collected.notes(&outcome.notes, &prepared.parameters, &prepared.feed);
        facts.notes.extend(prepared.cut_short(&facts));
        let records = std::mem::take(&mut over.observed.records);
        let mut view = self.view(Summary::of(facts, tables(records, &prepared)), &over);
        let exit = self.exit(&outcome, &view);
        view.exit_code = Some(exit.code());
        let shown = prepared.views.text(&view);
        let failed = self.feed.write_failed(
            prepared.failed_items.take(),
            &prepared.feed,
            &prepared.load,
            &mut over.finished,
        );
        let failed = failed.map_or_else(output::told, |()| Exit::Done);
        let saved = file.zip(place).map(|(mut file, place)| {
            let events = saving::events(&over.finished, cause.as_ref());
            events.for_each(|event| file.append(Line::Event(event)));
            let path = place.finish(file, &view)?;
            if prepared.views.need_series() {
                view.series = saved_run::series(&path)?;
            }
            Ok(())
        });
        let saved = saved.map_or(Exit::Done, |saved| {
            saved.map_or_else(
                |error| {
                    prepared.views.give_up_series();
                    output::told(error)
                },
                |()| Exit::Done,
            )
        });
        let written = prepared.views.write(&view);
        if let Some(error) = outcome.last_word(&view.summary, exit) {
            output::error(&error);
        }
        Ok(Exit::first([shown, written, failed, saved, exit]))
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

    /// The result with what the rules came to.
    fn view(&self, summary: Summary, over: &calls::Over) -> RunView {
        let (windows, ended_by) = (&over.observed.windows, &over.observed.ended_by);
        RunView {
            rules: self.evaluate(&summary, windows.clone(), ended_by.clone()),
            allow_no_data: self.rules.allow_no_data,
            summary,
            ..RunView::default()
        }
    }

    /// What the rules came to. In a run that cannot be trusted they have nothing to be judged by; but one that has ended
    /// it, has.
    fn evaluate(
        &self,
        summary: &Summary,
        windows: Vec<Evaluated>,
        ended_by: Option<Evaluated>,
    ) -> Vec<Evaluated> {
        let mut evaluated = thresholds::evaluate_all(&self.rules.all(), summary, windows);
        let verdict = summary.facts.verdict.as_ref().map(|verdict| verdict.state);
        if verdict == Some(State::Invalid) {
            let why = "the run is invalid: see the verdict on it";
            evaluated = thresholds::without_trust(evaluated, why);
        }
        let ended_by = ended_by.filter(|_| summary.facts.status == Status::Aborted);
        if let Some(broken) = ended_by {
            let its = evaluated
                .iter_mut()
                .filter(|one| one.threshold == broken.threshold);
            its.for_each(|one| *one = broken.clone());
        }
        evaluated
    }

    fn exit(&self, outcome: &Outcomes, run: &RunView) -> Exit {
        let agreement = run.summary.facts.agreement.as_ref();
        let disagrees = agreement.is_some_and(|of| of.differing > 0);
        let broken = disagrees || thresholds::any_failed(&run.rules, self.rules.allow_no_data);
        let verdict = run.summary.facts.verdict.as_ref();
        let doubted = verdict.is_some_and(|of| !self.rules.is_good_enough(of.state));
        outcome.exit(&run.summary, broken, doubted)
    }
}

/// Everything that was recorded as a result.
fn tables(records: engine::Records, prepared: &Prepared) -> crate::stats::Tables {
    let empty = || {
        let interner = Arc::new(Interner::new(None));
        crate::stats::Recorder::new(interner, prepared.load.is_open())
    };
    records.results.unwrap_or_else(empty).into_tables()
}
