//! A suite from beginning to end.

use std::ffi::OsString;
use std::path::PathBuf;

use super::around::Started;
use super::events::Events;
use super::one_run::{self, Given, Over};
use super::place::{Place, file_name};
use super::views::{SuiteViewArgs, SuiteViews};
use super::{plan, shell};
use crate::cli::{Done, operation, output};
use crate::clock;
use crate::error::{Error, Exit, Result};
use crate::redact;
use crate::report;
use crate::signals::Leave;
use crate::stats::RunFacts;
use crate::suite::index::{FORMAT, SuiteState};
use crate::suite::{Index, Plan, Problem, SavedRun, State, SuiteView};

/// What is to be done.
#[derive(Debug)]
pub(in crate::cli) struct Session {
    /// The runs.
    pub(in crate::cli) plan: Plan,
    /// The command line.
    pub(in crate::cli) argv: Vec<OsString>,
    /// The suite file, where there is one.
    pub(in crate::cli) file: Option<PathBuf>,
    /// Where runs and commands run, where that is not here.
    pub(in crate::cli) folder: Option<PathBuf>,
    /// Where it is saved, where that was said.
    pub(in crate::cli) save_dir: Option<PathBuf>,
    /// Whether nothing is kept.
    pub(in crate::cli) no_save: bool,
    /// Whether the runs say nothing.
    pub(in crate::cli) quiet: bool,
    /// The views that are written in the end.
    pub(in crate::cli) views: SuiteViewArgs,
    /// Ends the process.
    pub(in crate::cli) leave: Leave,
}

impl Session {
    /// Makes all runs and writes the report.
    ///
    /// # Errors
    /// It cannot begin. What goes wrong later is in the report.
    pub(in crate::cli) fn run(self) -> Done {
        let views = self.views.open()?;
        let id = operation::run_id();
        let place = Place::make(self.save_dir.as_deref(), self.no_save, &id)?;
        let suite = SuiteView {
            runs: vec![None; self.plan.runs.len()],
            index: self.index(id),
            directory: place.path().to_owned(),
        };
        suite.index.write(&suite.directory)?;
        let events = Events::watch(self.leave)?;
        Going {
            session: &self,
            views,
            place,
            suite,
            events,
            reasons: Vec::new(),
            next_number: 0,
        }
        .go()
    }

    fn index(&self, id: String) -> Index {
        let runs = self.plan.runs.iter();
        let args = self
            .argv
            .iter()
            .map(|arg| redact::argument(&arg.to_string_lossy()));
        Index {
            format: FORMAT.to_owned(),
            id,
            title: self.plan.title.clone(),
            started: clock::rfc3339(clock::wall()),
            gorgon: env!("CARGO_PKG_VERSION").to_owned(),
            command: args.collect(),
            file: self.file.as_ref().map(|file| file.display().to_string()),
            order_seed: self.plan.order_seed,
            runs: runs
                .map(|run| SavedRun::planned(run, plan::command(run)))
                .collect(),
            ..Index::default()
        }
    }
}

/// A suite that goes on.
#[derive(Debug)]
struct Going<'a> {
    session: &'a Session,
    views: SuiteViews,
    place: Place,
    suite: SuiteView,
    events: Events,
    /// What speaks for one exit code or another.
    reasons: Vec<Exit>,
    /// The number that no run has had yet.
    next_number: u64,
}

impl Going<'_> {
    fn go(mut self) -> Done {
        let plan = &self.session.plan;
        let mut around_all = Started::default();
        let folder = self.session.folder.as_deref();
        let begun = around_all
            .begin(&plan.around, folder, &mut self.events)
            .and_then(|()| plan::check_operations(plan, folder));
        let is_whole = match begun {
            Ok(()) => self.all_runs(),
            Err(error) => {
                self.went_wrong(error, None);
                false
            }
        };
        let errors = around_all.finish(&plan.around, folder, &mut self.events);
        for error in errors {
            self.went_wrong(error, None);
        }
        self.report(is_whole)
    }

    /// Makes the runs, and tells whether it came to the last.
    fn all_runs(&mut self) -> bool {
        let plan = &self.session.plan;
        for index in 0..plan.runs.len() {
            if self.events.ended_by().is_some() {
                return false;
            }
            let exit = self.one_run(index);
            self.reasons.push(exit);
            self.save();
            let is_over = matches!(exit, Exit::Interrupted | Exit::Terminated);
            if is_over || (plan.fail_fast && exit != Exit::Done && index + 1 < plan.runs.len()) {
                return false;
            }
        }
        true
    }

    fn one_run(&mut self, index: usize) -> Exit {
        let plan = &self.session.plan;
        let (run, count) = (&plan.runs[index], plan.runs.len());
        let folder = self.session.folder.as_deref();
        output::notice(&format!(
            "run {} of {count}: {}",
            index + 1,
            output::escaped(&run.label())
        ));
        self.events.lose_patience();
        let mut started = Started::default();
        let over = started
            .begin(&run.around, folder, &mut self.events)
            .and_then(|()| self.child(index));
        let mut exit = match over {
            Ok(over) => self.take(index, over),
            Err(error) => {
                self.suite.index.runs[index].state = State::Failed;
                self.went_wrong(error, Some(index))
            }
        };
        for error in started.finish(&run.around, folder, &mut self.events) {
            exit = Exit::first([exit, self.went_wrong(error, Some(index))]);
        }
        exit
    }

    /// Has the run made by a process of its own.
    fn child(&mut self, index: usize) -> Result<Over> {
        let plan = &self.session.plan;
        let run = &plan.runs[index];
        let rate_per_s = match (&run.rate_of, run.base) {
            (Some(rate_of), Some(base)) => Some(self.rate(base)? * rate_of.share),
            _ => None,
        };
        let name = file_name(index, &run.label());
        let file = self.place.path().join(&name);
        let saved = &mut self.suite.index.runs[index];
        saved.file = Some(name);
        if let (Some(per_s), Some(last)) = (rate_per_s, saved.command.last_mut()) {
            // In the place of `70% of highest`.
            *last = plan::rate(per_s)[1].clone();
        }
        let given = Given {
            folder: self.session.folder.as_deref(),
            file: &file,
            rate_per_s,
            start: plan.numbers_continue.then_some(self.next_number),
            quiet: self.session.quiet,
        };
        one_run::make(run, &given, &mut self.events)
    }

    /// The rate at which the calls of a run succeeded.
    fn rate(&self, base: usize) -> Result<f64> {
        let view = self.suite.runs[base].as_ref();
        let rate = view.and_then(|view| view.summary.ok_per_s());
        rate.filter(|per_s| *per_s > 0.0).ok_or_else(|| {
            let of = self.suite.index.runs[base].label();
            Error::new(
                Exit::NothingSucceeded,
                format!("its rate is a part of that of `{of}`, which had none"),
            )
            .hint("look why not one of its calls succeeded, or give a rate")
        })
    }

    /// Notes what came of a run.
    fn take(&mut self, index: usize, over: Over) -> Exit {
        let saved = &mut self.suite.index.runs[index];
        saved.exit_code = over.code;
        saved.state = match over.view {
            Some(_) => State::Done,
            None => State::Failed,
        };
        saved.problems.extend(over.problem);
        if let Some(view) = &over.view {
            self.next_number += numbers(&view.summary.facts);
            let line = report::suite::line(&view.summary, output::stderr_style());
            output::notice(&format!("  {line}"));
        }
        self.suite.runs[index] = over.view;
        over.exit.unwrap_or(Exit::Bug)
    }

    /// Tells what went wrong, of a run or of all, and what it makes of the suite.
    fn went_wrong(&mut self, error: Error, run: Option<usize>) -> Exit {
        let problems = match run {
            Some(index) => &mut self.suite.index.runs[index].problems,
            None => &mut self.suite.index.problems,
        };
        problems.push(Problem::of(&error));
        self.reasons.push(error.exit());
        output::told(error)
    }

    /// Writes what is known so far, so that a suite that is broken off can be shown.
    fn save(&mut self) {
        if let Err(error) = self.suite.index.write(&self.suite.directory) {
            self.reasons.push(output::told(error));
        }
    }

    fn report(mut self, is_whole: bool) -> Done {
        let ended_by = self.events.ended_by();
        self.reasons.extend(ended_by);
        let exit = Exit::first(self.reasons.iter().copied());
        self.suite.index.state = match (exit, is_whole) {
            (Exit::Interrupted | Exit::Terminated, _) => SuiteState::Interrupted,
            (_, true) => SuiteState::Completed,
            (_, false) => SuiteState::Aborted,
        };
        self.suite.index.exit_code = Some(exit.code());
        self.save();
        let exit = Exit::first(self.reasons.iter().copied().chain([exit]));
        let written = self.views.write(&self.suite);
        match &self.place {
            Place::Users(_, suites) => {
                suites.prune();
                let id = &self.suite.index.id;
                output::notice(&format!("saved; `gorgon suite --show {id}` shows it again"));
            }
            Place::Asked(_) => {
                let path = self
                    .session
                    .save_dir
                    .as_ref()
                    .map(|path| path.to_string_lossy());
                let path = shell::line(path.as_slice());
                output::notice(&format!(
                    "saved; `gorgon suite --show {path}` shows it again"
                ));
            }
            Place::Temporary(_) => {}
        }
        Ok(Exit::first([exit, written]))
    }
}

/// How many numbers a run has taken.
fn numbers(facts: &RunFacts) -> u64 {
    facts.accounting.asked + facts.accounting.warmup_done
}
