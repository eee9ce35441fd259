//! The program under test: runs of it and what they used, and its target.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

use crate::system::{self, Usage};
use crate::{Result, pinned};

/// How often a thread is looked at, which loses what it does in its last moments.
const LOOK_EVERY: Duration = Duration::from_millis(10);

/// The binary, with a cache and a place for saved runs of its own.
#[derive(Debug)]
pub(crate) struct Gorgon {
    program: PathBuf,
    home: TempDir,
}

impl Gorgon {
    /// The binary beside this one, so that both were built alike.
    pub(crate) fn find() -> Result<Gorgon> {
        let program = std::env::current_exe()?.with_file_name("gorgon");
        if !program.is_file() {
            let program = program.display();
            return Err(format!(
                "there is no `{program}`: build all with `cargo build --release --workspace`"
            )
            .into());
        }
        let home = tempfile::tempdir()?;
        Ok(Gorgon { program, home })
    }

    /// What `gorgon --version` says.
    pub(crate) fn version(&self) -> Result<String> {
        let output = self.command().arg("--version").output()?;
        let version = String::from_utf8(output.stdout)?;
        Ok(version.trim().to_owned())
    }

    /// Calls the operation once, so that runs which are measured find it compiled; what that uses is what any run uses
    /// to start.
    pub(crate) fn prepare(&self, operation: &[&str]) -> Result<Run> {
        let args = [operation, &["-n", "1"]].concat();
        self.run_unsaved(&args)?;
        self.run_unsaved(&args)
    }

    /// A run that shows nothing and is not saved.
    pub(crate) fn run_unsaved(&self, args: &[&str]) -> Result<Run> {
        self.run(&[args, &["-q", "--no-save"]].concat())
    }

    /// A run with exactly these arguments and the report as JSON. Its stderr is no terminal and thrown away.
    pub(crate) fn run(&self, args: &[&str]) -> Result<Run> {
        self.finish(args, self.run_command(args).stderr(Stdio::null()).spawn()?)
    }

    /// A run whose stderr is a terminal, and how many bytes it wrote there.
    pub(crate) fn run_on_terminal(&self, args: &[&str]) -> Result<(Run, usize)> {
        let (reader, writer) = system::open_terminal()?;
        // The command goes at the end of the statement, and this process's copy of the terminal's other end with it: the
        // reader sees the end when the last copy is closed.
        let child = self.run_command(args).stderr(writer).spawn()?;
        let shown = thread::spawn(move || {
            let mut shown = Vec::new();
            // A terminal that nobody has open any more is an error here rather than an end.
            let _ = File::from(reader).read_to_end(&mut shown);
            shown.len()
        });
        let run = self.finish(args, child)?;
        Ok((run, shown.join().unwrap_or_default()))
    }

    /// A run that is shown on a terminal and saved, and the CPU time of the thread that does both, as it was last seen.
    pub(crate) fn run_watched(&self, args: &[&str]) -> Result<(Run, u64)> {
        let (reader, writer) = system::open_terminal()?;
        let child = self.run_command(args).stderr(writer).spawn()?;
        let pid = child.id();
        thread::spawn(move || {
            // As above; what is shown is of no interest.
            let _ = std::io::copy(&mut File::from(reader), &mut std::io::sink());
        });
        let is_over = AtomicBool::new(false);
        thread::scope(|scope| {
            let looking = scope.spawn(|| {
                let mut cpu_ns = 0;
                while !is_over.load(Ordering::Relaxed) {
                    cpu_ns = system::thread_cpu_ns(pid, "gorgon-monitor").unwrap_or(cpu_ns);
                    thread::park_timeout(LOOK_EVERY);
                }
                cpu_ns
            });
            let run = self.finish(args, child);
            is_over.store(true, Ordering::Relaxed);
            Ok((run?, looking.join().unwrap_or_default()))
        })
    }

    /// The most memory that a run had at once, as its share of what it shares with others (PSS); what comes of it does not
    /// matter.
    pub(crate) fn peak_pss(&self, args: &[&str]) -> Result<u64> {
        let args = [args, &["-q", "--no-save"]].concat();
        let mut child = self
            .run_command(&args)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let mut peak = 0;
        while child.try_wait()?.is_none() {
            peak = peak.max(system::pss_bytes(child.id()).unwrap_or(0));
            thread::park_timeout(LOOK_EVERY);
        }
        Ok(peak)
    }

    /// Serves on a free port until it is dropped.
    pub(crate) fn target(&self) -> Result<Target> {
        let mut child = self
            .command()
            .args(["target", "--port", "0"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let stdout = child.stdout.take();
        // From here on it is killed whatever happens.
        let mut target = Target {
            child,
            address: String::new(),
        };
        let mut line = String::new();
        BufReader::new(stdout.ok_or("the target has no stdout")?).read_line(&mut line)?;
        let address = line.trim().strip_prefix("listening on ");
        target.address = address
            .ok_or("the target did not say where it listens")?
            .to_owned();
        Ok(target)
    }

    /// A command that runs it as a client is run.
    pub(crate) fn pinned(&self) -> Command {
        let mut command = pinned::client(&self.program.display().to_string());
        self.at_home(&mut command);
        command
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        self.at_home(&mut command);
        command
    }

    fn at_home(&self, command: &mut Command) {
        command
            .env("GORGON_CACHE_DIR", self.home.path().join("cache"))
            .env("GORGON_STATE_DIR", self.home.path().join("state"))
            .env("TERM", "xterm-256color")
            .stdin(Stdio::null());
    }

    fn run_command(&self, args: &[&str]) -> Command {
        let mut command = self.command();
        command
            .arg("run")
            .args(args)
            .args(["--json", "-"])
            .stdout(Stdio::piped());
        command
    }

    fn finish(&self, args: &[&str], mut child: Child) -> Result<Run> {
        let mut output = String::new();
        if let Some(stdout) = &mut child.stdout {
            stdout.read_to_string(&mut output)?;
        }
        let usage = system::wait(child)?;
        let report: Value = serde_json::from_str(&output)?;
        if let Some(error) = report.get("error") {
            return Err(format!("gorgon run {}: {error}", args.join(" ")).into());
        }
        Ok(Run { report, usage })
    }
}

/// A server to call, killed when dropped.
#[derive(Debug)]
pub(crate) struct Target {
    child: Child,
    address: String,
}

impl Target {
    /// The parameter `url` of the operation `http` for this path.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("url={}{path}", self.address)
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> Result<SocketAddr> {
        let address = self.address.strip_prefix("http://");
        Ok(address.unwrap_or(&self.address).parse()?)
    }
}

impl Drop for Target {
    fn drop(&mut self) {
        // It has ended already, or it does now.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A run that has ended.
#[derive(Debug)]
pub(crate) struct Run {
    report: Value,
    /// What the process used, from its start to its end.
    pub(crate) usage: Usage,
}

impl Run {
    /// The figure at a JSON pointer of the report.
    pub(crate) fn figure(&self, pointer: &str) -> Option<u64> {
        self.report.pointer(pointer)?.as_u64()
    }

    /// How many calls were made.
    pub(crate) fn done(&self) -> u64 {
        self.figure("/calls/done").unwrap_or(0)
    }

    /// How many rows of tags the report has.
    pub(crate) fn tags(&self) -> usize {
        self.report["tags"].as_array().map_or(0, Vec::len)
    }

    /// A percentile of `service`, `lag` or `response`, in nanoseconds; nothing where too few calls lie beyond it.
    /// Where calls were missed it may be known only to be no less than this.
    pub(crate) fn percentile(&self, of: &str, p: f64) -> Option<u64> {
        let percentiles = format!("/totals/latency/{of}/percentiles");
        let mut percentiles = self.report.pointer(&percentiles)?.as_array()?.iter();
        let one = percentiles.find(|one| one.get("p").and_then(Value::as_f64) == Some(p))?;
        let known = |key: &str| one.get(key).and_then(Value::as_u64);
        known("ns").or_else(|| known("at_least_ns"))
    }

    /// The longest of `service`, `lag` or `response`, in nanoseconds.
    pub(crate) fn max(&self, of: &str) -> Option<u64> {
        self.figure(&format!("/totals/latency/{of}/max_ns"))
    }

    /// The CPU time of the whole process for each call.
    pub(crate) fn cpu_per_call_ns(&self) -> f64 {
        self.usage.cpu_ns as f64 / self.done().max(1) as f64
    }

    /// The CPU time of the whole process as a share of one processor, over the time of the run.
    pub(crate) fn cpu_share(&self) -> f64 {
        let elapsed_ns = self.figure("/run/elapsed_ns").unwrap_or(0).max(1);
        self.usage.cpu_ns as f64 / elapsed_ns as f64
    }

    /// The verdict on the runner: its state, and `id: text` of each reason.
    pub(crate) fn verdict(&self) -> (String, Vec<String>) {
        let text = |of: &Value, key: &str| of[key].as_str().unwrap_or("–").to_owned();
        let verdict = &self.report["verdict"];
        let reasons = verdict["reasons"].as_array();
        let reasons = reasons
            .into_iter()
            .flatten()
            .map(|reason| format!("{}: {}", text(reason, "id"), text(reason, "text")));
        (text(verdict, "state"), reasons.collect())
    }
}
