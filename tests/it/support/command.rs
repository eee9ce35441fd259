//! The binary, started as a person would start it.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use super::Summary;

/// Far longer than any run here takes on a slow machine: what reaches it hangs.
const WATCHDOG: Duration = Duration::from_secs(300);

pub(crate) const BINARY: &str = env!("CARGO_BIN_EXE_gorgon");

/// A command line of `gorgon`, beginning with one of its commands.
pub(crate) fn gorgon(command: &str) -> Gorgon {
    Gorgon::without_command().arg(command)
}

/// A command line that is being written. It runs in an empty environment and in a home directory that is gone when it
/// has ended; only compiled code is kept between tests.
pub(crate) struct Gorgon {
    command: Command,
    home: tempfile::TempDir,
}

impl Gorgon {
    pub(crate) fn without_command() -> Gorgon {
        Gorgon::of(Command::new(BINARY))
    }

    /// A command line below a limit of the shell's, such as `ulimit -n 64`.
    pub(crate) fn limited(limit: &str, command: &str) -> Gorgon {
        let mut shell = Command::new("sh");
        shell.args(["-c", &format!("{limit} && exec \"$0\" \"$@\""), BINARY]);
        Gorgon::of(shell).arg(command)
    }

    fn of(mut command: Command) -> Gorgon {
        let home = tempfile::tempdir().expect("a directory");
        command
            .env_clear()
            .env("HOME", home.path())
            .env("TMPDIR", home.path())
            .env("XDG_STATE_HOME", home.path().join("state"))
            .env(
                "GORGON_CACHE_DIR",
                concat!(env!("CARGO_TARGET_TMPDIR"), "/compiled"),
            )
            .current_dir(home.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        if let Some(path) = std::env::var_os("PATH") {
            command.env("PATH", path);
        }
        Gorgon { command, home }
    }

    pub(crate) fn arg(mut self, arg: impl AsRef<OsStr>) -> Gorgon {
        self.command.arg(arg);
        self
    }

    pub(crate) fn args<A: AsRef<OsStr>>(mut self, args: impl IntoIterator<Item = A>) -> Gorgon {
        self.command.args(args);
        self
    }

    /// `--set NAME=VALUE`.
    pub(crate) fn set(self, name: &str, value: impl std::fmt::Display) -> Gorgon {
        self.arg("--set").arg(format!("{name}={value}"))
    }

    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Gorgon {
        self.command.env(name, value);
        self
    }

    /// Starts it in this folder and not in its home directory.
    pub(crate) fn inside(mut self, folder: &std::path::Path) -> Gorgon {
        self.command.current_dir(folder);
        self
    }

    pub(crate) fn without(mut self, name: &str) -> Gorgon {
        self.command.env_remove(name);
        self
    }

    pub(crate) fn stdin(mut self, stdin: Stdio) -> Gorgon {
        self.command.stdin(stdin);
        self
    }

    pub(crate) fn stdout(mut self, stdout: Stdio) -> Gorgon {
        self.command.stdout(stdout);
        self
    }

    pub(crate) fn stderr(mut self, stderr: Stdio) -> Gorgon {
        self.command.stderr(stderr);
        self
    }

    /// In a process group of its own, as a shell starts it: one in that of the test's may not be stopped from a keyboard.
    #[cfg(unix)]
    pub(crate) fn in_a_job(mut self) -> Gorgon {
        use std::os::unix::process::CommandExt;
        self.command.process_group(0);
        self
    }

    /// Runs it and checks the exit code.
    #[track_caller]
    pub(crate) fn expect_exit(self, code: i32) -> Finished {
        let finished = self.finish();
        assert_eq!(finished.status.code(), Some(code), "{}", finished.all());
        finished
    }

    /// Runs it with `--json -` and reads the summary of a run that went well.
    #[track_caller]
    pub(crate) fn json(self) -> Summary {
        self.json_and_exit(0)
    }

    /// Runs it with `--json -` and reads the summary of a run that ends with `code`.
    #[track_caller]
    pub(crate) fn json_and_exit(self, code: i32) -> Summary {
        self.args(["--json", "-"]).expect_exit(code).summary()
    }

    /// Starts it and leaves it running.
    pub(crate) fn start(mut self) -> Running {
        let line = format!("{:?}", self.command);
        let child = self.command.spawn().expect("the binary starts");
        Running {
            child,
            said: None,
            line,
            _home: self.home,
        }
    }

    /// Runs it to its end, however that is.
    #[track_caller]
    pub(crate) fn finish(self) -> Finished {
        self.start().finish()
    }
}

/// A process that ends with the test at the latest.
pub(crate) struct Running {
    pub(crate) child: Child,
    /// The lines of stderr, once a test has waited for one of them.
    said: Option<mpsc::Receiver<String>>,
    line: String,
    _home: tempfile::TempDir,
}

impl Running {
    /// Sends it a signal by name: `INT`, `TERM`.
    #[cfg(unix)]
    #[track_caller]
    pub(crate) fn signal(&self, name: &str) {
        let sent = Command::new("kill")
            .args(["-s", name, &self.child.id().to_string()])
            .status();
        assert!(
            sent.is_ok_and(|status| status.success()),
            "{name} cannot be sent"
        );
    }

    /// Waits until it is stopped by a signal.
    #[cfg(target_os = "linux")]
    pub(crate) fn is_stopped(&self) {
        let stat = format!("/proc/{}/stat", self.child.id());
        crate::kill::look_for("a stop", || {
            let stat = std::fs::read_to_string(&stat).ok()?;
            // The state is what follows the name, which is in parentheses.
            let state = stat.rsplit_once(") ")?.1;
            state.starts_with('T').then_some(())
        });
    }

    /// Its standard input, which ends when this is dropped.
    #[track_caller]
    pub(crate) fn take_stdin(&mut self) -> ChildStdin {
        self.child.stdin.take().expect("stdin is a pipe")
    }

    /// Reads stderr until a line says this, and returns the line. What else stderr says is then not among what
    /// [`Running::finish`] returns.
    #[track_caller]
    pub(crate) fn wait_for_stderr(&mut self, part: &str) -> String {
        let stderr = &mut self.child.stderr;
        let said = self.said.get_or_insert_with(|| {
            let stderr = stderr.take().expect("stderr is a pipe");
            let (sender, receiver) = mpsc::channel();
            std::thread::spawn(move || {
                for line in BufReader::new(stderr).lines().map_while(Result::ok) {
                    // The test may have seen enough; the pipe is read on all the same.
                    let _ = sender.send(line);
                }
            });
            receiver
        });
        loop {
            match said.recv_timeout(WATCHDOG) {
                Ok(line) if line.contains(part) => return line,
                Ok(_) => {}
                Err(_) => panic!("stderr never says `{part}`: {}", self.line),
            }
        }
    }

    /// Waits for its end, and ends a process that hangs.
    #[track_caller]
    pub(crate) fn finish(mut self) -> Finished {
        let stdout = collect(self.child.stdout.take());
        let stderr = collect(self.child.stderr.take());
        let stdout = stdout.recv_timeout(WATCHDOG);
        let stderr = stderr.recv_timeout(WATCHDOG);
        let (Ok(stdout), Ok(stderr)) = (stdout, stderr) else {
            panic!("hangs: {}", self.line);
        };
        let status = self.child.wait().expect("a child can be waited for");
        Finished {
            status,
            stdout,
            stderr,
            line: std::mem::take(&mut self.line),
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Fails where it has ended, which is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Reads a pipe to its end on a thread of its own.
fn collect(pipe: Option<impl Read + Send + 'static>) -> mpsc::Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut pipe) = pipe {
            // What was read before an error is what there is.
            let _ = pipe.read_to_end(&mut bytes);
        }
        let _ = sender.send(bytes);
    });
    receiver
}

/// A process that has ended.
pub(crate) struct Finished {
    pub(crate) status: ExitStatus,
    stdout: Vec<u8>,
    stderr: Vec<u8>,
    line: String,
}

impl Finished {
    #[track_caller]
    pub(crate) fn stdout(&self) -> &str {
        std::str::from_utf8(&self.stdout).expect("stdout is text")
    }

    #[track_caller]
    pub(crate) fn stderr(&self) -> &str {
        std::str::from_utf8(&self.stderr).expect("stderr is text")
    }

    #[track_caller]
    pub(crate) fn stdout_contains(&self, part: &str) -> &Finished {
        assert!(
            self.stdout().contains(part),
            "stdout has no `{part}`: {}",
            self.all()
        );
        self
    }

    #[track_caller]
    pub(crate) fn stderr_contains(&self, part: &str) -> &Finished {
        assert!(
            self.stderr().contains(part),
            "stderr has no `{part}`: {}",
            self.all()
        );
        self
    }

    #[track_caller]
    pub(crate) fn lacks(&self, part: &str) -> &Finished {
        let shown = [self.stdout(), self.stderr()];
        assert!(
            !shown.iter().any(|text| text.contains(part)),
            "`{part}` is shown"
        );
        self
    }

    #[track_caller]
    pub(crate) fn stdout_is_empty(&self) -> &Finished {
        assert!(
            self.stdout.is_empty(),
            "stdout is not empty: {}",
            self.all()
        );
        self
    }

    /// What no message to a person may hold, whatever went wrong.
    #[track_caller]
    pub(crate) fn has_no_sign_of_a_bug(&self) -> &Finished {
        for sign in [
            "panicked at",
            "RUST_BACKTRACE",
            "Error {",
            "Some(",
            "unwrap",
        ] {
            assert!(!self.stderr().contains(sign), "`{sign}`: {}", self.all());
        }
        self
    }

    /// The summary on stdout, which is all that is there.
    #[track_caller]
    pub(crate) fn summary(&self) -> Summary {
        match serde_json::from_slice(&self.stdout) {
            Ok(value) => Summary::checked(value),
            Err(error) => panic!("stdout is not one JSON document ({error}): {}", self.all()),
        }
    }

    /// Everything that is known about it, to be read when a test fails.
    pub(crate) fn all(&self) -> String {
        format!(
            "{}\n{}\n--- stdout\n{}\n--- stderr\n{}",
            self.line,
            self.status,
            String::from_utf8_lossy(&self.stdout),
            String::from_utf8_lossy(&self.stderr)
        )
    }
}
