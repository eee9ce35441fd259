//! `gorgon target`, inside the test and as a process.

use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::process::ChildStdout;
use std::thread::JoinHandle;

use gorgon::target::{Served, Settings, serve};
use tokio::sync::oneshot;

use super::command::{Running, gorgon};

/// The server in a thread of the test.
pub(crate) struct Target {
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<Served>>,
}

impl Target {
    pub(crate) fn start() -> Target {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let address = listener.local_addr().expect("an address");
        let (stop, stopped) = oneshot::channel();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .expect("a runtime");
            let stopped = async {
                // Gone means stopped.
                let _ = stopped.await;
            };
            runtime
                .block_on(serve(listener, Settings::default(), stopped))
                .expect("it serves")
        });
        Target {
            address,
            stop: Some(stop),
            thread: Some(thread),
        }
    }

    /// The URL of a path, which begins with `/`.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Stops it and tells what it served.
    pub(crate) fn stop(mut self) -> Served {
        self.stop.take();
        let thread = self.thread.take().expect("it is stopped once");
        thread.join().expect("the server did not panic")
    }
}

impl Drop for Target {
    fn drop(&mut self) {
        self.stop.take();
        if let Some(thread) = self.thread.take() {
            // A panic in there has been printed, and what the test asserts decides.
            let _ = thread.join();
        }
    }
}

/// The server as a process of its own.
pub(crate) struct TargetProcess {
    _running: Running,
    /// Kept open, so that whatever else it prints has somewhere to go.
    _stdout: BufReader<ChildStdout>,
    url: String,
}

impl TargetProcess {
    /// Starts `gorgon target --port 0` and waits until it says where it listens.
    pub(crate) fn start() -> TargetProcess {
        let mut running = gorgon("target").args(["--port", "0"]).start();
        let mut stdout = BufReader::new(running.child.stdout.take().expect("a pipe"));
        let mut line = String::new();
        stdout.read_line(&mut line).expect("a first line");
        let url = line
            .trim_end()
            .strip_prefix("listening on ")
            .expect("it says where it listens")
            .to_owned();
        TargetProcess {
            _running: running,
            _stdout: stdout,
            url,
        }
    }

    /// The URL of a path, which begins with `/`.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }
}
