//! A suite for programs: one JSON document, `gorgon.suite/0`. Its schema is generated from here.
//!
//! The rules are those of a run's summary, which is part of it for each run.

use std::io;

use schemars::JsonSchema;
use serde::Serialize;

use super::in_order;
use crate::report::json as run;
use crate::report::view::RunView;
use crate::stats::Quantile;
use crate::suite::growth::{self, growth};
use crate::suite::index::SuiteState;
use crate::suite::{SavedRun, SuiteView, index};

/// Name and version of the format. The version counts what breaks readers; additions do not.
pub const SCHEMA: &str = "gorgon.suite/0";

/// The result of a suite of runs of gorgon.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[schemars(title = "gorgon.suite/0")]
pub struct Document {
    /// Name and version of this format: `gorgon.suite/0`. To be checked first.
    pub schema: String,
    /// How the suite ended.
    pub status: Status,
    /// What the process exits with, where that is known.
    pub exit_code: Option<u8>,
    /// What was run, where and when.
    pub suite: Suite,
    /// The runs, in the order of the suite file.
    pub runs: Vec<Run>,
    /// How runs compare: those of a list with the first of it, or all of them where there is no list.
    pub growth: Vec<Growth>,
    /// What went wrong around all runs.
    pub problems: Vec<Problem>,
}

/// How a suite ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Every run was made.
    Completed,
    /// Somebody stopped it.
    Interrupted,
    /// It ended early by itself.
    Aborted,
    /// It goes on, or was broken off.
    Incomplete,
}

/// What was run, where and when.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Suite {
    /// The name of the suite.
    pub id: String,
    /// What it is about, where that was said.
    pub title: Option<String>,
    /// When it started, as RFC 3339 has it.
    pub started: String,
    /// The command line.
    pub command: Vec<String>,
    /// The suite file, where there is one.
    pub file: Option<String>,
    /// The version of gorgon.
    pub gorgon: String,
    /// What the order of the runs follows from, where it is random.
    pub order_seed: Option<String>,
}

/// A run of the suite.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Run {
    /// What it is called; runs of one list share it.
    pub name: String,
    /// What tells it from the others of its name.
    pub with: Vec<With>,
    /// Which repetition of it this is, from 1 on; null where there is one.
    pub repetition: Option<u32>,
    /// Its place among the runs as they were made, from 1 on.
    pub made: usize,
    /// Its command line.
    pub command: Vec<String>,
    /// Whether there is a result.
    pub state: State,
    /// What its process exited with; null where there was none.
    pub exit_code: Option<u8>,
    /// The file with the saved run, in the directory of the suite.
    pub file: Option<String>,
    /// What went wrong.
    pub problems: Vec<Problem>,
    /// Its result, as `gorgon.summary/0`; null where there is none.
    pub summary: Option<run::Document>,
}

/// A value that tells a run from its neighbours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct With {
    /// The flag or parameter, or `operation`.
    pub name: String,
    /// The value.
    pub value: String,
}

/// Whether a run has a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It was not made.
    NotRun,
    /// It was made, and there is a result.
    Done,
    /// It was to be made, and there is no result.
    Failed,
}

/// Something that went wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Problem {
    /// What.
    pub message: String,
    /// Why, outermost first.
    pub cause: Vec<String>,
    /// What to do next.
    pub hint: Vec<String>,
}

/// Runs that are compared with each other.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Growth {
    /// The name of the list; null for all runs of the suite.
    pub name: Option<String>,
    /// The different runs of it.
    pub points: Vec<Point>,
}

/// All repetitions of one run.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Point {
    /// What tells it from the others.
    pub label: String,
    /// Repetitions with a result.
    pub runs: usize,
    /// Workers; in open load the bound on calls in flight, 0 for none.
    pub workers: u64,
    /// The rate asked for, where it is one rate throughout.
    pub asked_per_s: Option<f64>,
    /// The median rate of the repetitions.
    pub throughput_per_s: Option<f64>,
    /// The rate divided by that of the first point.
    pub speed_up: Option<f64>,
    /// The speed-up divided by the growth of workers or threads, where they alone tell the points from each other.
    pub efficiency: Option<f64>,
    /// The part of the rate asked for that was kept, in open load.
    pub kept: Option<f64>,
    /// The median of what callers waited; null where it is not known.
    pub p50_ns: Option<u64>,
    /// The 99th percentile of it.
    pub p99_ns: Option<u64>,
}

/// Writes the document of a suite.
///
/// # Errors
/// When the writer fails.
pub fn write(out: &mut dyn io::Write, suite: &SuiteView) -> io::Result<()> {
    crate::report::document::write(out, &document(suite))
}

/// The JSON Schema of [`Document`].
pub fn schema() -> serde_json::Value {
    crate::report::document::schema::<Document>()
}

/// The document of a suite.
pub fn document(suite: &SuiteView) -> Document {
    let index = &suite.index;
    let made = |of: &SavedRun| {
        index
            .runs
            .iter()
            .position(|run| std::ptr::eq(run, of))
            .map_or(0, |index| index + 1)
    };
    let runs = in_order(suite).into_iter();
    Document {
        schema: SCHEMA.to_owned(),
        status: match index.state {
            SuiteState::Completed => Status::Completed,
            SuiteState::Interrupted => Status::Interrupted,
            SuiteState::Aborted => Status::Aborted,
            SuiteState::Incomplete => Status::Incomplete,
        },
        exit_code: index.exit_code,
        suite: Suite {
            id: index.id.clone(),
            title: index.title.clone(),
            started: index.started.clone(),
            command: index.command.clone(),
            file: index.file.clone(),
            gorgon: index.gorgon.clone(),
            order_seed: index.order_seed.map(|seed| seed.to_string()),
        },
        runs: runs
            .map(|(run, view)| of_run(run, view, made(run)))
            .collect(),
        growth: growth(suite).into_iter().map(of_growth).collect(),
        problems: index.problems.iter().map(of_problem).collect(),
    }
}

fn of_run(run: &SavedRun, view: Option<&RunView>, made: usize) -> Run {
    let with = run.with.iter().map(|with| With {
        name: with.name.clone(),
        value: with.value.clone(),
    });
    Run {
        name: run.name.clone(),
        with: with.collect(),
        repetition: run.repetition,
        made,
        command: run.command.clone(),
        state: match run.state {
            index::State::NotRun => State::NotRun,
            index::State::Done => State::Done,
            index::State::Failed => State::Failed,
        },
        exit_code: run.exit_code,
        file: run.file.clone(),
        problems: run.problems.iter().map(of_problem).collect(),
        summary: view.map(crate::report::json::whole_document),
    }
}

fn of_problem(of: &index::Problem) -> Problem {
    Problem {
        message: of.message.clone(),
        cause: of.cause.clone(),
        hint: of.hint.clone(),
    }
}

fn of_growth(of: growth::Growth) -> Growth {
    Growth {
        name: of.name,
        points: of.points.into_iter().map(of_point).collect(),
    }
}

fn of_point(of: growth::Point) -> Point {
    let exact = |p: f64| match of.felt.percentile(p).value {
        Some(Quantile::Exact(ns)) => Some(ns),
        _ => None,
    };
    Point {
        runs: of.runs,
        workers: of.workers,
        asked_per_s: of.asked_per_s,
        throughput_per_s: of.per_s,
        speed_up: of.speed_up,
        efficiency: of.efficiency,
        kept: of.kept,
        p50_ns: exact(50.0),
        p99_ns: exact(99.0),
        label: of.label,
    }
}
