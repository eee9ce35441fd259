//! `gorgon try`: one call, and everything about it.

use std::ffi::OsString;
use std::io::{self, Write};
use std::sync::Arc;

use clap::Args;

use super::operation::OperationArgs;
use super::run::lifecycle_runtime;
use super::{Done, completions, output, values};
use crate::clock::{self, RunClock};
use crate::component::log::{LogLine, RunLog};
use crate::component::{Exchange, ExchangeResponse, RunContext, Sandbox, Sandboxes};
use crate::engine;
use crate::engine::bounded::{Ended, Halt, bounded};
use crate::engine::control::Control;
use crate::engine::operation::{Answer, Call, Findings, Instance, Operation};
use crate::error::{Error, Exit, Result};
use crate::report::format;
use crate::stats::Fault;
use crate::stats::tags::normalise;

/// Frames of the guest's stack that are shown with a trap.
const BACKTRACE_FRAMES: usize = 10;

#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  gorgon try op.wasm --number 17 --set url=http://127.0.0.1:8080/json
  gorgon try op.wasm --item 'a line of a file'")]
pub(super) struct TryArgs {
    /// A path, `*.wasm`, an https:// address (`#sha256=…` pins it), or the name of a stock plugin
    #[arg(value_name = "OPERATION", add = completions::operations())]
    name: String,

    #[command(flatten)]
    operation: OperationArgs,

    /// The number of the call
    #[arg(long, value_name = "NUMBER", default_value = "0", value_parser = values::count, allow_hyphen_values = true)]
    number: u64,

    /// The item of the call
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    item: Option<OsString>,
}

/// What one call came to.
struct Trial {
    answer: Answer,
    call_ns: u64,
    instance_ns: u64,
    memory_bytes: u64,
    findings: Findings,
    exchanges: Vec<Exchange>,
    log: Vec<LogLine>,
}

impl TryArgs {
    pub(super) fn main(self) -> Done {
        self.operation.check()?;
        let shape = self.operation.shape(2, 1, BACKTRACE_FRAMES);
        let artifact = self.operation.artifact(&self.name, shape)?;
        self.operation
            .check_names(std::slice::from_ref(&artifact))?;
        let log = Arc::new(RunLog::default());
        let control = Arc::new(Control::default());
        let seed = self.operation.seed();
        let context = RunContext {
            run_id: super::operation::run_id(),
            workers: 1,
            seed: seed.value,
            seed_given: seed.given,
            parameters: self.operation.parameters(&[]),
            data: self.operation.data(seed)?,
            log: Arc::clone(&log),
            http: self.operation.http()?,
            control: Arc::clone(&control),
            trace: true,
        };
        let mut sandboxes = Sandboxes::new(&artifact, context, self.operation.bounds())?;
        let runtime = lifecycle_runtime()?;
        let trial = runtime.block_on(async {
            sandboxes.setup().await?;
            let mut trial = self.call(&sandboxes).await?;
            let torn_down = sandboxes.teardown(None, self.operation.timeout).await;
            trial.log = log.lines();
            Ok::<_, Error>((trial, torn_down))
        });
        let (trial, torn_down) = trial.inspect_err(|_| {
            // Why it failed is often in what it wrote.
            for line in log.lines() {
                output::to_stderr(&format!("{}\n", log_line(&line)));
            }
        })?;
        let name = artifact.short_name();
        let shown = output::to_stdout(|out| self.write(out, &name, &trial));
        let torn_down = torn_down.map_or_else(
            |error| {
                output::error(&error);
                error.exit()
            },
            |()| Exit::Done,
        );
        Ok(Exit::first([shown, trial.exit(), torn_down]))
    }

    async fn call(&self, sandboxes: &Sandboxes) -> Result<Trial> {
        let clock = RunClock::start();
        let halt = Halt::default();
        let deadline = || clock::later(clock::now(), self.operation.timeout);
        let mut none = None;
        let making = sandboxes.instantiate(0, &mut none);
        let mut sandbox = match bounded(making, deadline(), &halt).await {
            Ended::Done(made) => made?,
            Ended::TimedOut | Ended::Stopped => return Err(engine::too_slow()),
        };
        let instance_ns = clock.now_ns();
        let start_ns = clock.now_ns();
        let mut call = Call {
            // As in a run that begins at 0, where a number is the index of its row.
            index: self.number,
            number: self.number,
            operation: 0,
            is_warm_up: false,
            due_ns: start_ns,
            start_ns,
            clock,
            deadline: deadline(),
            item: self
                .item
                .as_ref()
                .map(|item| item.clone().into_encoded_bytes().into()),
        };
        let started = bounded(sandbox.start(&call), call.deadline, &halt).await;
        if let Some(why) = start_failure(started) {
            let answer = Answer::Fault(Fault::Start, why);
            return Ok(trial(&mut sandbox, answer, 0, instance_ns));
        }
        call.start_ns = clock.now_ns();
        call.due_ns = call.start_ns;
        call.deadline = deadline();
        let ended = bounded(sandbox.call(&call), call.deadline, &halt).await;
        let call_ns = clock.now_ns() - call.start_ns;
        let answer = match ended {
            Ended::Done(answer) => answer,
            Ended::TimedOut | Ended::Stopped => {
                let waiting = "still waiting when its timeout came";
                Answer::Fault(Fault::Timeout, waiting.to_owned())
            }
        };
        let healthy = matches!(answer, Answer::Tag(_));
        let trial = trial(&mut sandbox, answer, call_ns, instance_ns);
        if healthy {
            let deadline = deadline();
            bounded(sandbox.stop(deadline), deadline, &halt).await;
        }
        Ok(trial)
    }

    fn write(&self, out: &mut dyn Write, name: &str, trial: &Trial) -> io::Result<()> {
        writeln!(out, "{}  number {}\n", output::escaped(name), self.number)?;
        writeln!(out, "  tag       {}", trial.tag())?;
        if let Answer::Fault(_, message) = &trial.answer {
            for line in message.lines() {
                writeln!(out, "            {}", output::escaped(line))?;
            }
        }
        writeln!(out, "  time      {}", output::duration(trial.call_ns))?;
        writeln!(
            out,
            "  instance  made in {}",
            output::duration(trial.instance_ns)
        )?;
        writeln!(out, "  memory    {}", format::bytes(trial.memory_bytes))?;
        if self.operation.is_insecure() {
            writeln!(out, "  insecure  certificates were not checked")?;
        }
        write_exchanges(out, &trial.exchanges)?;
        write_findings(out, &trial.findings)?;
        if !trial.log.is_empty() {
            writeln!(out, "\nLog")?;
        }
        for line in &trial.log {
            writeln!(out, "  {}", log_line(line))?;
        }
        Ok(())
    }
}

impl Trial {
    fn tag(&self) -> String {
        match &self.answer {
            Answer::Tag(Ok(tag)) => format!("{} (ok)", output::tag(&normalise(tag))),
            Answer::Tag(Err(tag)) => format!("{} (fail)", output::tag(&normalise(tag))),
            Answer::Fault(fault, _) => format!("{} (fault)", fault.tag()),
        }
    }

    fn exit(&self) -> Exit {
        match &self.answer {
            Answer::Tag(Ok(_)) => Exit::Done,
            _ if !self.findings.denied.is_empty() => Exit::Denied,
            _ => Exit::NothingSucceeded,
        }
    }
}

fn start_failure(ended: Ended<std::result::Result<(), String>>) -> Option<String> {
    match ended {
        Ended::Done(Ok(())) => None,
        Ended::Done(Err(why)) => Some(why),
        Ended::TimedOut | Ended::Stopped => {
            Some("`start` took longer than the call's timeout".to_owned())
        }
    }
}

fn trial(sandbox: &mut Sandbox, answer: Answer, call_ns: u64, instance_ns: u64) -> Trial {
    Trial {
        answer,
        call_ns,
        instance_ns,
        memory_bytes: sandbox.memory_peak_bytes(),
        findings: std::mem::take(sandbox.findings()),
        exchanges: sandbox.exchanges(),
        log: Vec::new(),
    }
}

fn write_exchanges(out: &mut dyn Write, exchanges: &[Exchange]) -> io::Result<()> {
    if !exchanges.is_empty() {
        writeln!(out, "\nRequests")?;
    }
    for exchange in exchanges {
        writeln!(
            out,
            "  {} {}",
            output::escaped(&exchange.method),
            output::escaped(&exchange.url)
        )?;
        match &exchange.outcome {
            Ok(response) => write_response(out, response)?,
            Err(why) => writeln!(out, "    no response: {}", output::escaped(why))?,
        }
    }
    Ok(())
}

fn write_response(out: &mut dyn Write, response: &ExchangeResponse) -> io::Result<()> {
    let connection = if response.reused {
        "kept connection"
    } else {
        "new connection"
    };
    let size = format::bytes(response.body_size);
    writeln!(
        out,
        "    {} {:?}  {size}  {connection}",
        response.status, response.version
    )?;
    let timings = &response.timings;
    let phases = [
        ("blocked", timings.blocked),
        ("dns", timings.dns),
        ("connect", timings.connect),
        ("tls", timings.tls),
        ("send", timings.send),
        ("wait", timings.wait),
        ("receive", timings.receive),
    ];
    let spent: Vec<String> = phases
        .into_iter()
        .filter(|(_, ns)| *ns > 0)
        .map(|(phase, ns)| format!("{phase} {}", output::duration(ns)))
        .collect();
    writeln!(
        out,
        "    {}: {}",
        output::duration(timings.total),
        spent.join(", ")
    )?;
    for (name, value) in &response.headers {
        writeln!(
            out,
            "    {}: {}",
            output::escaped(name),
            output::escaped(value)
        )?;
    }
    if !response.beginning.is_empty() {
        let text = String::from_utf8_lossy(&response.beginning);
        let more = if response.body_size > response.beginning.len() as u64 {
            " …"
        } else {
            ""
        };
        writeln!(out, "    | {}{more}", output::escaped(&text))?;
    }
    Ok(())
}

fn write_findings(out: &mut dyn Write, findings: &Findings) -> io::Result<()> {
    if !findings.samples.is_empty() {
        writeln!(out, "\nMeasurements")?;
    }
    for (name, ns) in &findings.samples {
        writeln!(
            out,
            "  {}  {}",
            output::escaped(name),
            output::duration(*ns)
        )?;
    }
    if !findings.counters.is_empty() {
        writeln!(out, "\nCounters")?;
    }
    for (name, delta) in &findings.counters {
        writeln!(out, "  {}  +{delta}", output::escaped(name))?;
    }
    if !findings.checks.is_empty() {
        writeln!(out, "\nChecks")?;
    }
    for (name, passed) in &findings.checks {
        writeln!(
            out,
            "  {}  {}",
            output::escaped(name),
            if *passed { "passed" } else { "failed" }
        )?;
    }
    Ok(())
}

fn log_line(line: &LogLine) -> String {
    format!("{:6}  {}", line.origin, output::escaped(&line.text))
}
