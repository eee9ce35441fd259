//! The flags that say how much load there is, and when.

use std::sync::Arc;
use std::time::Duration;

use clap::{Args, ValueEnum};

use super::super::settings::{InsteadOf, Needs};
use super::super::{misused, values};
use super::mix::Named;
use super::several::{self, Several};
use super::sides::{self, SideBySide};
use super::warm_up::{self, WarmUpFlag};
use crate::component::config::WIDE_INSTANCES_MAX;
use crate::engine::Load;
use crate::environment::{self, Allowed};
use crate::error::{Error, Result};
use crate::schedule::{self, Curve, Mix, Schedule, Think, WarmUp};
use crate::stats;

/// More workers than this do not fit into any machine's address space.
const WORKERS_MAX: u64 = 1_000_000;
const THREADS_MAX: u64 = 4_096;

#[derive(Debug, Args)]
pub(in crate::cli) struct LoadArgs {
    /// How many calls to make
    #[arg(short = 'n', long, value_name = "COUNT", value_parser = values::count, allow_hyphen_values = true, add = InsteadOf(&["duration"]))]
    calls: Option<u64>,

    /// How long to start calls. With `-n` too, whichever is first
    #[arg(short, long, value_name = "TIME", value_parser = values::duration, allow_hyphen_values = true)]
    duration: Option<Duration>,

    /// How many workers call, each one call after another; 1 unless given. With `--rate`: how many calls may be in flight;
    /// as many as the machine bears unless given. `1,2,4,8` are several runs and one report
    #[arg(short, long, value_name = "COUNT", value_parser = several::workers, allow_hyphen_values = true, add = InsteadOf(&["rate"]))]
    workers: Option<Several<u64>>,

    /// Open load: how often calls are due, whatever becomes of those before; `400/s`, `24k/min`, or stages such as
    /// `0..500/30s, 500/2m, 500..0/10s`. `100,200,400` are several runs and one report
    #[arg(long, value_name = "RATE", allow_hyphen_values = true)]
    rate: Option<Several<Curve>>,

    /// How calls arrive in open load
    #[arg(long, value_name = "HOW", default_value = "uniform", requires = "rate")]
    arrivals: Arrivals,

    /// By how much a call, or `--think`, may be moved: a share of the time between two of them, such as `20%`
    #[arg(long, value_name = "SHARE", value_parser = values::share, allow_hyphen_values = true, add = Needs(&["rate", "think"]))]
    jitter: Option<f64>,

    /// Make calls for this long, or this many, before those that count
    #[arg(long, value_name = "TIME|COUNT", allow_hyphen_values = true)]
    warmup: Option<WarmUpFlag>,

    /// How many threads drive the workers; the processors unless given
    #[arg(long, value_name = "COUNT", value_parser = values::positive, allow_hyphen_values = true)]
    threads: Option<u64>,

    /// The number of the first call
    #[arg(long, value_name = "NUMBER", default_value = "0", value_parser = values::count, allow_hyphen_values = true)]
    start: u64,

    /// How long calls in flight may go on when the run ends
    #[arg(long, value_name = "TIME", default_value = "5s", value_parser = values::duration, allow_hyphen_values = true)]
    grace: Duration,

    /// How long a worker waits between two of its calls, in closed load
    #[arg(long, value_name = "TIME", default_value = "0s", value_parser = values::duration, allow_hyphen_values = true, add = InsteadOf(&["rate"]))]
    think: Duration,

    /// How the operations of a mix follow each other
    #[arg(long, value_name = "HOW", default_value = "random")]
    order: Order,

    /// Give every call a fresh instance
    #[arg(long, value_name = "WHAT")]
    isolate: Option<Isolate>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Arrivals {
    /// Evenly
    Uniform,
    /// At random and independent of each other, as many users do
    Poisson,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Order {
    /// At random, which follows from the seed; each operation has exactly its weight
    Random,
    /// One after the other, each worker at another place
    Repeat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Isolate {
    /// A fresh sandbox for every call
    Call,
}

/// What the load depends on besides its flags.
pub(super) struct Given<'a> {
    pub(super) timeout: Duration,
    pub(super) seed: u64,
    pub(super) operations: &'a [Named],
    /// Whether every number is given to each of them, and how.
    pub(super) side_by_side: Option<&'a SideBySide>,
    /// Whether items end the run.
    pub(super) has_items: bool,
    /// How many calls the rows of data are enough for.
    pub(super) rows: Option<u64>,
    pub(super) allowed: Allowed,
}

impl LoadArgs {
    /// The load, with everything decided that the flags leave open.
    pub(super) fn load(&self, given: &Given<'_>) -> Result<Load> {
        if given.side_by_side.is_some() {
            sides::check_load(self.rate.is_some(), self.order == Order::Repeat)?;
        }
        let ends_by_feed = given.has_items || given.rows.is_some();
        let schedule = self.checked(given.seed, ends_by_feed)?;
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let threads = self.threads.map_or(cores, |threads| threads as usize);
        let workers = match (self.workers(), &schedule) {
            (Some(workers), _) => workers,
            (None, None) => 1,
            (None, Some(_)) => in_flight(given, threads),
        };
        Ok(Load {
            workers: workers as u32,
            threads: threads.min(workers as usize),
            first_number: self.start,
            calls: self.calls,
            duration: self.duration,
            warm_up: match (self.warmup, given.side_by_side) {
                (None, Some(_)) => self.usual_warm_up(given, workers),
                _ => self.warm_up(),
            },
            schedule,
            mix: Arc::new(self.mix(given)?),
            rows: given.rows,
            timeout: given.timeout,
            grace: self.grace,
            think: Think::new(self.think, self.jitter.unwrap_or(0.0), given.seed),
            isolate_calls: self.isolate == Some(Isolate::Call),
            check_answers: given.side_by_side.is_some_and(|compared| compared.check),
        })
    }

    /// Checks what the flags say about each other. `ends_by_feed` tells that the run ends with what its calls are fed with.
    ///
    /// # Errors
    /// No run can be made of them.
    pub(super) fn check(&self, ends_by_feed: bool) -> Result<()> {
        self.checked(0, ends_by_feed).map(drop)
    }

    fn checked(&self, seed: u64, ends_by_feed: bool) -> Result<Option<Schedule>> {
        self.check_numbers()?;
        self.check_combinations()?;
        let schedule = self.schedule(seed)?;
        let ends_by_itself = match &schedule {
            Some(schedule) => schedule.has_end(),
            None => self.calls.is_some() || self.duration.is_some(),
        };
        match ends_by_itself || ends_by_feed {
            true => Ok(schedule),
            false => Err(self.endless()),
        }
    }

    /// The load as it was asked for, for reports.
    pub(super) fn facts(&self, load: &Load, seed: u64, operations: &[Named]) -> stats::Load {
        let is_mix = operations.len() > 1;
        stats::Load {
            model: if load.is_open() {
                stats::Model::Open
            } else {
                stats::Model::Closed
            },
            workers: match (load.is_open(), self.workers()) {
                (true, None) => 0,
                _ => u64::from(load.workers),
            },
            threads: load.busy_threads() as u64,
            calls: load.calls_in_all(),
            duration_ns: load.duration.map(|duration| duration.as_nanos() as u64),
            rate: self.rate().map(ToString::to_string),
            arrivals: self.rate().map(|_| {
                match self.arrivals {
                    Arrivals::Uniform => "uniform",
                    Arrivals::Poisson => "poisson",
                }
                .to_owned()
            }),
            warm_up: WarmUpFlag::of(load.warm_up).map(|warm_up| warm_up.to_string()),
            think_ns: self.think.as_nanos() as u64,
            weights: operations
                .iter()
                .filter(|_| is_mix)
                .map(|operation| operation.weight)
                .collect(),
            side_by_side: load.mix.calls_of_an_index() > 1,
            seed,
        }
    }

    /// Whether this is about several runs.
    pub(in crate::cli) fn is_several(&self) -> bool {
        let rates = self.rate.as_ref().is_some_and(Several::is_list);
        rates || self.workers.as_ref().is_some_and(Several::is_list)
    }

    fn workers(&self) -> Option<u64> {
        self.workers.as_ref().map(|workers| *workers.first())
    }

    fn rate(&self) -> Option<&Curve> {
        self.rate.as_ref().map(Several::first)
    }

    /// How long calls in flight may go on when the run ends.
    pub(super) fn grace(&self) -> Duration {
        self.grace
    }

    fn check_numbers(&self) -> Result<()> {
        if self.duration.is_some_and(|duration| duration.is_zero()) {
            return Err(
                misused("`-d 0s` leaves no time for any call").hint("say how long: `-d 30s`")
            );
        }
        if let Some(workers) = self.workers().filter(|workers| *workers > WORKERS_MAX) {
            return Err(
                misused(format!("`-w {workers}` is more than a machine can hold"))
                    .because(format!(
                        "each worker is an instance of its own; the most is {WORKERS_MAX}"
                    ))
                    .hint("that many calls at once are rarely what a service sees"),
            );
        }
        if let Some(calls) = self.calls
            && calls > 0
            && self.start.checked_add(calls - 1).is_none()
        {
            return Err(misused(format!(
                "there are no {calls} numbers from {} on",
                self.start
            ))
            .because("the numbers of calls end at 18446744073709551615, which is 2^64 - 1")
            .hint("give a smaller `--start` or `-n`"));
        }
        if let Some(threads) = self.threads.filter(|threads| *threads > THREADS_MAX) {
            return Err(misused(format!(
                "`--threads {threads}` is more than a machine can use"
            ))
            .because(format!("the most is {THREADS_MAX}"))
            .hint("leave it out: the processors are the right number"));
        }
        Ok(())
    }

    fn check_combinations(&self) -> Result<()> {
        let thinks = !self.think.is_zero();
        if self.rate.is_some() && thinks {
            return Err(misused("`--think` and `--rate` do not go together")
                .because("with `--rate` calls are due by the clock, and nobody thinks between two of them")
                .hint("leave out one of them"));
        }
        if self.jitter.is_some() && self.rate.is_none() && !thinks {
            return Err(misused("`--jitter` has nothing to move")
                .hint("it moves the calls of `--rate`, or the pauses of `--think`"));
        }
        Ok(())
    }

    fn endless(&self) -> Error {
        let error = misused("the run has no end");
        if self.rate.is_some() {
            return error
                .because("the rate is for ever, and neither `-n` nor `-d` was given")
                .hint("say how long, `-d 30s`, or how many calls, `-n 4000`");
        }
        error
            .because("neither `-n` nor `-d` was given")
            .hint("say how many calls, `-n 4000`, or how long, `-d 30s`")
    }

    fn warm_up(&self) -> WarmUp {
        self.warmup.map_or(WarmUp::None, WarmUpFlag::warm_up)
    }

    fn usual_warm_up(&self, given: &Given<'_>, workers: u64) -> WarmUp {
        // What is there once is for the results.
        let is_scarce = given.has_items || given.rows.is_some();
        let usual = (!is_scarce).then(|| warm_up::usual(self.calls, self.duration, workers));
        usual.unwrap_or(WarmUp::None)
    }

    fn schedule(&self, seed: u64) -> Result<Option<Schedule>> {
        let Some(curve) = self.rate() else {
            return Ok(None);
        };
        let options = schedule::Options {
            arrivals: match self.arrivals {
                Arrivals::Uniform => schedule::Arrivals::Uniform,
                Arrivals::Poisson => schedule::Arrivals::Poisson,
            },
            jitter: self.jitter.unwrap_or(0.0),
            seed,
            warm_up: self.warm_up(),
            calls: self.calls,
            duration_ns: self
                .duration
                .map(|duration| u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)),
        };
        Schedule::new(curve, options)
            .map(Some)
            .map_err(|cause| misused("the schedule is not possible").caused_by(&cause))
    }

    fn mix(&self, given: &Given<'_>) -> Result<Mix> {
        if given.side_by_side.is_some() {
            return Mix::each(given.operations.len(), given.seed)
                .map_err(|cause| misused("the comparison is not possible").caused_by(&cause));
        }
        let weights: Vec<u64> = given.operations.iter().map(|one| one.weight).collect();
        let order = match self.order {
            Order::Random => schedule::Order::Random,
            Order::Repeat => schedule::Order::Repeat,
        };
        Mix::new(&weights, order, given.seed)
            .map_err(|cause| misused("the mix is not possible").caused_by(&cause))
    }
}

/// How many calls may be in flight in open load unless the person says: what the machine bears, and what needs no bounds
/// checks in the guest's code.
fn in_flight(given: &Given<'_>, threads: usize) -> u64 {
    let operations = given.operations.len().max(1) as u64;
    let fast = u64::from(WIDE_INSTANCES_MAX) / operations - 1;
    // Whether an operation makes connections is not known yet; that it does is the rule.
    let borne = environment::most_instances(given.allowed, threads as u64, true);
    (borne / operations).clamp(1, fast.max(1))
}
