//! What a request costs, beside the tools that people use and beside plain Rust. `benches/peers/install.sh` installs them.

use std::path::Path;
use std::process::{Command, Stdio};

use super::Bench;
use crate::gorgon::Gorgon;
use crate::measures::median;
use crate::nginx::Nginx;
use crate::{Result, pinned, system, table};

pub(super) const BENCH: Bench = Bench {
    name: "peers",
    about: "CPU time of the client, its start included, for each request that nginx counted (for each two of a flow). Server and client \
            have a processor each, every client one thread; all of them in turn, 5 seconds each, in 5 rounds. A flow is two requests, of \
            which the second asks for what the first one's JSON names, and whose answer is parsed too. `native` is a loop over hyper \
            (and `serde_json`) that does the same.",
    takes: "7 minutes",
    run,
};

const SECONDS: &str = "5";
const ROUNDS: usize = 5;
const PEERS: &str = "target/peers";

/// What is asked of the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Load {
    Get { connections: &'static str },
    Flow { connections: &'static str },
}

impl Load {
    fn connections(self) -> &'static str {
        match self {
            Load::Get { connections } | Load::Flow { connections } => connections,
        }
    }

    fn requests(self) -> u64 {
        match self {
            Load::Get { .. } => 1,
            Load::Flow { .. } => 2,
        }
    }
}

/// Somebody who can make requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Client {
    Wrk,
    Native,
    Oha,
    Gorgon,
    Goose,
    Locust,
}

fn run(gorgon: &Gorgon) -> Result<()> {
    let nginx = Nginx::start()?;
    let everybody = [
        Client::Wrk,
        Client::Native,
        Client::Gorgon,
        Client::Oha,
        Client::Goose,
        Client::Locust,
    ];
    let programmable = [
        Client::Native,
        Client::Gorgon,
        Client::Goose,
        Client::Locust,
    ];
    let quick = [Client::Wrk, Client::Native, Client::Gorgon, Client::Oha];
    println!("{}\n", versions());
    for (title, load, clients) in [
        (
            "GET, 50 connections",
            Load::Get { connections: "50" },
            &everybody[..],
        ),
        (
            "A flow of two requests, 50 connections",
            Load::Flow { connections: "50" },
            &programmable,
        ),
        (
            "GET, 1000 connections",
            Load::Get {
                connections: "1000",
            },
            &quick,
        ),
    ] {
        println!("### {title}\n");
        compare(gorgon, &nginx, load, clients)?;
        println!();
    }
    Ok(())
}

fn compare(gorgon: &Gorgon, nginx: &Nginx, load: Load, clients: &[Client]) -> Result<()> {
    let mut figures: Vec<Vec<u64>> = vec![Vec::new(); clients.len()];
    for _ in 0..ROUNDS {
        for (client, figures) in clients.iter().zip(&mut figures) {
            figures.push(client.measure(gorgon, nginx, load)?);
        }
    }
    let first = median(figures[0].clone()).unwrap_or(1);
    let rows = clients.iter().zip(&figures).map(|(client, figures)| {
        let of = median(figures.clone()).unwrap_or(0);
        let (least, most) = (figures.iter().min(), figures.iter().max());
        vec![
            client.name().to_owned(),
            table::time(of),
            format!(
                "{} to {}",
                table::time(least.copied()),
                table::time(most.copied())
            ),
            format!("{:.2}", of as f64 / first as f64),
        ]
    });
    let first = format!("{} = 1", clients[0].name());
    table::print(
        &["", "CPU, median", "of the rounds", &first],
        &rows.collect::<Vec<_>>(),
    );
    Ok(())
}

impl Client {
    fn name(self) -> &'static str {
        match self {
            Client::Wrk => "wrk",
            Client::Native => "native",
            Client::Oha => "oha",
            Client::Gorgon => "**gorgon**",
            Client::Goose => "goose",
            Client::Locust => "Locust, FastHttpUser",
        }
    }

    /// CPU time for each unit of the load that the server has seen, in nanoseconds.
    fn measure(self, gorgon: &Gorgon, nginx: &Nginx, load: Load) -> Result<u64> {
        let mut command = self.command(gorgon, nginx, load)?;
        let before = nginx.counted()?;
        let child = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|cause| {
                format!(
                    "cannot start {} ({cause}): run benches/peers/install.sh",
                    self.name()
                )
            })?;
        let usage = system::wait(child)?;
        // The second question is among what is counted.
        let requests = nginx.counted()?.saturating_sub(before + 1);
        let units = requests / load.requests();
        if units == 0 {
            return Err(format!("{} made no request", self.name()).into());
        }
        Ok(usage.cpu_ns / units)
    }

    fn command(self, gorgon: &Gorgon, nginx: &Nginx, load: Load) -> Result<Command> {
        let (url, connections) = (nginx.url(), load.connections());
        let is_flow = matches!(load, Load::Flow { .. });
        let installed = |program: &str| Path::new(PEERS).join(program).display().to_string();
        let mut command = match self {
            Client::Wrk => pinned::client("wrk"),
            Client::Native => pinned::client(&std::env::current_exe()?.display().to_string()),
            Client::Oha => pinned::client(&installed("bin/oha")),
            Client::Gorgon => gorgon.pinned(),
            Client::Goose => pinned::client(&installed("goose/release/peer-goose")),
            Client::Locust => pinned::client(&installed("locust/bin/locust")),
        };
        match self {
            Client::Wrk => {
                command.args(["-t1", "-c", connections, "-d", SECONDS, &url]);
            }
            Client::Native => {
                let what = if is_flow { "flow" } else { "get" };
                command.args(["native", what, &url, connections, SECONDS]);
            }
            Client::Oha => {
                let seconds = format!("{SECONDS}s");
                command.args(["--no-tui", "-c", connections, "-z", &seconds, &url]);
            }
            Client::Gorgon => {
                let flow = installed("flow/wasm32-wasip2/release/peer_flow.wasm");
                let operation = if is_flow { &flow } else { "http" };
                let seconds = format!("{SECONDS}s");
                let parameter = format!("url={url}");
                command.args(["run", operation, "--set", &parameter, "-w", connections]);
                command.args(["-d", &seconds, "--threads", "1", "-q", "--no-save"]);
            }
            Client::Goose => {
                let seconds = format!("{SECONDS}s");
                command.args(["--host", &url, "-u", connections, "-r", connections]);
                command.args(["-t", &seconds, "--no-reset-metrics"]);
            }
            Client::Locust => {
                let seconds = format!("{SECONDS}s");
                command.args([
                    "-f",
                    "benches/peers/locustfile.py",
                    "--headless",
                    "--only-summary",
                ]);
                command.args(["-H", url.trim_end_matches('/'), "-u", connections]);
                command.args(["-r", connections, "-t", &seconds]);
            }
        }
        if is_flow {
            command.env("FLOW", "1");
        }
        Ok(command)
    }
}

/// What each program says it is, on one line.
fn versions() -> String {
    let of = |program: &str, argument: &str| {
        let output = Command::new(program)
            .env("PATH", "/usr/sbin:/usr/bin:/bin:/usr/local/bin")
            .arg(argument)
            .output()
            .ok()?;
        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8_lossy(&said).into_owned();
        // Some tell where they are installed, too.
        let first = said.lines().next()?;
        let (version, _) = first.split_once(" from ").unwrap_or((first, ""));
        Some(version.trim().to_owned())
    };
    let installed = |program: &str| Path::new(PEERS).join(program).display().to_string();
    let said = [
        of("nginx", "-v"),
        of("wrk", "-v"),
        of(&installed("bin/oha"), "--version"),
        of(&installed("locust/bin/locust"), "--version"),
    ];
    let mut said: Vec<String> = said.into_iter().flatten().collect();
    said.push("goose 0.19.0".to_owned());
    said.join("; ")
}
