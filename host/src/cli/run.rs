//! `gorgon run`.

use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::{Args, ValueEnum};

use super::operation::{OperationArgs, Seed};
use super::outcomes::{self, Outcomes};
use super::sink::Sink;
use super::{Done, misused, output, values};
use crate::clock;
use crate::component::log::RunLog;
use crate::component::{Artifact, RunContext, Sandboxes};
use crate::engine::control::Control;
use crate::engine::{self, Load};
use crate::environment::{self, Allowed, Needs};
use crate::error::{Error, Exit, Result};
use crate::report;
use crate::signals::{self, Leave};
use crate::stats::{Interner, Summary};
use crate::thresholds::{self, Evaluated, Threshold};

#[derive(Debug, Args)]
pub(super) struct RunArgs {
    #[command(flatten)]
    operation: OperationArgs,

    /// How many calls to make
    #[arg(short = 'n', long, value_name = "COUNT", value_parser = values::count, allow_hyphen_values = true)]
    calls: Option<u64>,

    /// How long to start calls. With `-n` too, whichever is first
    #[arg(short, long, value_name = "TIME", value_parser = values::duration, allow_hyphen_values = true)]
    duration: Option<Duration>,

    /// How many workers call, each one call after another
    #[arg(short, long, value_name = "COUNT", default_value = "1", value_parser = values::positive, allow_hyphen_values = true)]
    workers: u64,

    /// How many threads drive the workers; the processors unless given
    #[arg(long, value_name = "COUNT", value_parser = values::positive, allow_hyphen_values = true)]
    threads: Option<u64>,

    /// The number of the first call
    #[arg(long, value_name = "NUMBER", default_value = "0", value_parser = values::count, allow_hyphen_values = true)]
    start: u64,

    /// How long calls in flight may go on when the run ends
    #[arg(long, value_name = "TIME", default_value = "5s", value_parser = values::duration, allow_hyphen_values = true)]
    grace: Duration,

    /// How long a worker waits between two of its calls
    #[arg(long, value_name = "TIME", default_value = "0s", value_parser = values::duration, allow_hyphen_values = true)]
    think: Duration,

    /// Give every call a fresh instance
    #[arg(long, value_name = "WHAT")]
    isolate: Option<Isolate>,

    /// Count exactly these tags as success
    #[arg(long, value_name = "TAG,…", value_delimiter = ',')]
    expect: Option<Vec<String>>,

    /// Fail the run, with exit code 99, where this is true of it: `p99 > 150ms`, `fail > 1%`, `rate < 390/s`,
    /// `tag(503) > 10`; repeat for more
    #[arg(long = "fail-if", value_name = "RULE")]
    thresholds: Vec<Threshold>,

    /// Let a rule about which there is not enough data count as kept
    #[arg(long)]
    allow_no_data: bool,

    /// Write the report as JSON to this file; `-` writes it to stdout instead of the text
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,

    /// Say nothing but results and errors
    #[arg(short, long)]
    quiet: bool,

    /// Show what the operation logs while it runs
    #[arg(short, long, conflicts_with = "quiet")]
    verbose: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Isolate {
    /// A fresh sandbox for every call
    Call,
}

/// More workers than this do not fit into any machine's address space.
const WORKERS_MAX: u64 = 1_000_000;
const THREADS_MAX: u64 = 4_096;

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
        let load = self.load()?;
        let mut sink = self.json.as_deref().map(Sink::open).transpose()?;
        self.operation.check()?;
        let instances = load.busy_workers() + 1;
        let artifact = self.operation.artifact(instances, 0)?;
        self.check_environment(&artifact, &load)?;

        let control = Arc::new(Control::default());
        let log = Arc::new(self.log());
        let seed = self.operation.seed();
        let started = clock::wall();
        let context = self.context(&load, seed, &control, &log)?;
        let run_id = context.run_id.clone();
        let mut sandboxes = Sandboxes::new(&artifact, context, self.operation.bounds())?;
        signals::watch(Arc::clone(&control), output::notice, leave)?;

        let runtime = lifecycle_runtime()?;
        runtime.block_on(sandboxes.setup())?;
        let sandboxes = Arc::new(sandboxes);
        let interner = Arc::new(Interner::new(self.expect.clone()));
        let finished = engine::execute(&load, &sandboxes, &interner, &control);
        // How the run ended is decided here: who interrupts the clean-up does not interrupt the run.
        let cause = control.cause();
        let clock = finished.as_ref().ok().map(|finished| finished.clock);
        let limit = if cause.is_some() {
            self.operation.timeout.min(self.grace)
        } else {
            self.operation.timeout
        };
        // What `setup` made is taken down whatever came of the run.
        let torn_down = runtime.block_on(sandboxes.teardown(clock, limit));
        let finished = finished?;

        let outcome = Outcomes::of(&finished, cause.as_ref(), torn_down.err());
        let facts = super::facts::Collected {
            args: argv,
            artifact: &artifact,
            operation: &self.operation,
            load: &load,
            seed,
            run_id,
            started,
            log: &log,
            verbose: self.verbose,
            totals: sandboxes.totals(),
            unused_parameters: sandboxes.unused_parameters(),
            cause: cause.as_ref(),
            drained_ns: control.drained_at().map(|at| finished.clock.ns_at(at)),
        };
        let (facts, recorder) = facts.about(finished, &outcome.notes);
        let summary = Summary::new(facts, recorder);
        let evaluated = thresholds::evaluate_all(&self.thresholds, &summary);
        let broken = thresholds::any_failed(&evaluated, self.allow_no_data);
        let exit = outcome.exit(&summary, broken);
        let written = self
            .report(&summary, &evaluated, exit, sink.as_mut())
            .unwrap_or_else(|error| {
                output::error(&error);
                error.exit()
            });
        if let Some(error) = outcomes::in_vain(&summary, exit) {
            output::error(&error);
        }
        Ok(Exit::first([written, exit]))
    }

    /// The load, with everything decided that the flags leave open.
    fn load(&self) -> Result<Load> {
        if self.calls.is_none() && self.duration.is_none() {
            return Err(misused("the run has no end")
                .because("neither `-n` nor `-d` was given")
                .hint("say how many calls, `-n 4000`, or how long, `-d 30s`"));
        }
        if self.duration.is_some_and(|duration| duration.is_zero()) {
            return Err(
                misused("`-d 0s` leaves no time for any call").hint("say how long: `-d 30s`")
            );
        }
        if self
            .expect
            .as_deref()
            .is_some_and(|tags| tags.iter().any(String::is_empty))
        {
            return Err(misused("`--expect` names an empty tag")
                .because(
                    "an empty variable in a script is the usual reason, and every call would fail",
                )
                .hint("name the tags that are a success: `--expect SUCCESS,200`"));
        }
        if self.workers > WORKERS_MAX {
            return Err(misused(format!(
                "`-w {}` is more than a machine can hold",
                self.workers
            ))
            .because(format!(
                "each worker is an instance of its own; the most is {WORKERS_MAX}"
            ))
            .hint("in closed load, that many calls at once are rarely what a service sees"));
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
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let threads = self
            .threads
            .map_or(cores, |threads| threads.min(THREADS_MAX) as usize);
        Ok(Load {
            workers: self.workers as u32,
            threads: threads.min(self.workers as usize),
            first_number: self.start,
            calls: self.calls,
            duration: self.duration,
            timeout: self.operation.timeout,
            grace: self.grace,
            think: self.think,
            isolate_calls: self.isolate == Some(Isolate::Call),
        })
    }

    fn check_environment(&self, artifact: &Artifact, load: &Load) -> Result<()> {
        let workers = u64::from(load.busy_workers());
        let needs = Needs {
            instances: workers,
            connections: if artifact.uses_http() { workers } else { 0 },
            threads: load.threads as u64,
        };
        environment::check(needs, Allowed::here())
    }

    fn log(&self) -> RunLog {
        if self.verbose {
            RunLog::with_listener(|line| {
                let text = output::escaped(&line.text);
                output::to_stderr(&format!(
                    "worker {} call {} {}: {text}\n",
                    line.worker, line.number, line.origin
                ));
            })
        } else {
            RunLog::default()
        }
    }

    fn context(
        &self,
        load: &Load,
        seed: Seed,
        control: &Arc<Control>,
        log: &Arc<RunLog>,
    ) -> Result<RunContext> {
        Ok(RunContext {
            run_id: super::operation::run_id(),
            workers: load.workers,
            seed: seed.value,
            seed_given: seed.given,
            parameters: self.operation.parameters(),
            log: Arc::clone(log),
            http: self.operation.http()?,
            control: Arc::clone(control),
            trace: false,
        })
    }

    /// Writes what was asked for: text to stdout, JSON to its file or to stdout.
    fn report(
        &self,
        summary: &Summary,
        evaluated: &[Evaluated],
        exit: Exit,
        sink: Option<&mut Sink>,
    ) -> Result<Exit> {
        let Some(sink) = sink else {
            return Ok(output::to_stdout(|out| {
                report::text::write_with(out, summary, evaluated, output::stdout_style())
            }));
        };
        let mut document = report::json::document(summary);
        document.exit_code = Some(exit.code());
        document.thresholds = report::json::thresholds(evaluated);
        let write = |out: &mut dyn std::io::Write| {
            serde_json::to_writer_pretty(&mut *out, &document).map_err(std::io::Error::from)?;
            writeln!(out)
        };
        if sink.is_stdout() {
            return Ok(output::to_stdout(write));
        }
        let shown = output::to_stdout(|out| {
            report::text::write_with(out, summary, evaluated, output::stdout_style())
        });
        sink.write(write)?;
        Ok(shown)
    }
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
