//! `gorgon target`.

use std::io;
use std::net::{IpAddr, SocketAddr, TcpListener};

use clap::Args;

use super::settings::Opens;
use super::{Done, output};
use crate::error::{Error, Exit};
use crate::target::{self, Settings};

#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  gorgon target
  gorgon target --port 0 --threads 4")]
pub(super) struct TargetArgs {
    /// The port to listen on; 0 takes a free one
    #[arg(long, value_name = "PORT", default_value_t = 8080)]
    port: u16,

    /// The address to listen on
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1", add = Opens)]
    address: IpAddr,

    /// Allow an address that other machines can reach
    #[arg(long, add = Opens)]
    allow_remote: bool,

    /// How many threads serve
    #[arg(long, value_name = "COUNT", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=256))]
    threads: u16,
}

impl TargetArgs {
    pub(super) fn main(self) -> Done {
        let address = SocketAddr::new(self.address, self.port);
        let cannot = |cause: io::Error| cannot_serve(address, &cause);
        let settings = Settings {
            allow_remote: self.allow_remote,
            extra_threads: usize::from(self.threads - 1),
        };
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(cannot)?;
        let listener = listen(address).map_err(cannot)?;
        let address = listener.local_addr().map_err(cannot)?;
        target::check_address(address, settings).map_err(cannot)?;
        // Whoever started it may be waiting for this line to learn the port, so it must not stay in a buffer.
        let greeted = output::to_stdout(|out| {
            writeln!(out, "listening on http://{address}")?;
            out.flush()
        });
        if greeted != Exit::Done {
            return Ok(greeted);
        }
        output::notice("Ctrl-C ends it; `GET /` lists what it answers to");
        let served = runtime
            .block_on(async { target::serve(listener, settings, interrupted()).await })
            .map_err(cannot)?;
        output::notice(&format!(
            "served {} requests over {} connections",
            served.requests, served.connections
        ));
        Ok(Exit::Done)
    }
}

/// Listens with room for a whole run's connections to arrive at once: with the usual backlog of 128 the first thing to be
/// measured would be how long a client waits before it tries again.
fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    use socket2::{Domain, Protocol, Socket, Type};
    let socket = Socket::new(
        Domain::for_address(address),
        Type::STREAM,
        Some(Protocol::TCP),
    )?;
    socket.set_reuse_address(true)?;
    socket.bind(&address.into())?;
    socket.listen(4_096)?;
    Ok(socket.into())
}

async fn interrupted() {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut interrupt), Ok(mut terminate), Ok(mut hangup)) = (
        signal(SignalKind::interrupt()),
        signal(SignalKind::terminate()),
        signal(SignalKind::hangup()),
    ) else {
        // Then the signals keep their default meaning, which ends the process.
        return std::future::pending().await;
    };
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
        _ = hangup.recv() => {}
    }
}

fn cannot_serve(address: SocketAddr, cause: &io::Error) -> Error {
    let error =
        Error::new(Exit::Environment, format!("cannot serve on `{address}`")).caused_by(cause);
    match cause.kind() {
        io::ErrorKind::AddrInUse => {
            error.hint("take another port with `--port`; `--port 0` takes a free one")
        }
        io::ErrorKind::PermissionDenied if !address.ip().is_loopback() => {
            error.hint("`--allow-remote` allows it; the server answers to anybody then")
        }
        io::ErrorKind::PermissionDenied => {
            error.hint("ports below 1024 are for root: take another with `--port`")
        }
        _ => error,
    }
}
