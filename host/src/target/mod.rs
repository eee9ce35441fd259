//! A web server to try things against: `gorgon target`.
//!
//! It answers on the loopback interface with routes that behave in a known way (a status, a delay, a size, a fault, a
//! small shop), so that an operation can be written, and what gorgon reports can be checked, without touching anybody's
//! service. [`routes`] lists them.
//!
//! What holds everywhere in here: the counts at `GET /stats` are exact, whatever a route remembers is bounded (the shop
//! remembers nothing but two numbers), and a hostile request costs an error answer or its connection, never the server.

use std::future::Future;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread::JoinHandle;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::task::JoinSet;

use self::state::State;

mod answer;
mod basics;
mod body;
mod faults;
mod query;
mod routes;
mod shop;
mod state;
mod web;

#[cfg(test)]
mod tests;

/// How the server is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Settings {
    /// Serve on an address that other machines can reach. Without it only loopback addresses are served.
    pub allow_remote: bool,
    /// Threads that serve beside the caller's own. They share the listener; 0 is enough for most uses.
    pub extra_threads: usize,
}

/// What was served, told at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Served {
    /// Requests that arrived, whatever became of them, without those for `/stats`.
    pub requests: u64,
    /// Connections that were accepted.
    pub connections: u64,
}

/// How long accepting pauses after it failed, which is mostly for want of file descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(10);

/// Serves on `listener` until `shutdown` is ready; what is then in flight is cut off. Runs on the runtime that polls it,
/// which needs tokio's input and output and its timer.
///
/// # Errors
///
/// `PermissionDenied` where the listener's address is not a loopback one and the settings do not allow that; otherwise
/// whatever the system says about the listener or a thread.
pub async fn serve(
    listener: TcpListener,
    settings: Settings,
    shutdown: impl Future<Output = ()>,
) -> io::Result<Served> {
    check_address(listener.local_addr()?, settings)?;
    listener.set_nonblocking(true)?;
    let state = Arc::new(State::new()?);
    let (stop, stopped) = watch::channel(false);
    let mut threads = Vec::new();
    for index in 0..settings.extra_threads {
        threads.push(spawn_thread(
            index,
            listener.try_clone()?,
            Arc::clone(&state),
            stopped.clone(),
        )?);
    }
    let here = accept(
        tokio::net::TcpListener::from_std(listener)?,
        Arc::clone(&state),
        stopped,
    );
    tokio::pin!(here);
    tokio::select! {
        () = &mut here => {}
        () = shutdown => {
            // Cannot fail while `here` holds a receiver.
            stop.send_replace(true);
            here.await;
        }
    }
    for thread in threads {
        // They stop within an instant: nothing is awaited once `stop` is sent.
        thread
            .join()
            .map_err(|_| io::Error::other("a thread of the server panicked"))??;
    }
    Ok(Served {
        requests: state.requests.load(Ordering::Relaxed),
        connections: state.connections.load(Ordering::Relaxed),
    })
}

/// Checks that an address may be served, as [`serve`] does, for a caller who wants to know earlier.
///
/// # Errors
///
/// `PermissionDenied` where it is not a loopback address and the settings do not allow that.
pub fn check_address(address: SocketAddr, settings: Settings) -> io::Result<()> {
    if settings.allow_remote || address.ip().to_canonical().is_loopback() {
        return Ok(());
    }
    Err(io::Error::new(
        io::ErrorKind::PermissionDenied,
        format!(
            "`{address}` can be reached by other machines, which is not allowed unless asked for"
        ),
    ))
}

fn spawn_thread(
    index: usize,
    listener: TcpListener,
    state: Arc<State>,
    stopped: watch::Receiver<bool>,
) -> io::Result<JoinHandle<io::Result<()>>> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    std::thread::Builder::new()
        .name(format!("target-{}", index + 1))
        .spawn(move || {
            runtime.block_on(async {
                accept(tokio::net::TcpListener::from_std(listener)?, state, stopped).await;
                Ok(())
            })
        })
}

/// Accepts connections until told to stop, or until whoever would tell is gone.
async fn accept(
    listener: tokio::net::TcpListener,
    state: Arc<State>,
    mut stopped: watch::Receiver<bool>,
) {
    let mut connections = JoinSet::new();
    // Ready, too, when the sender is gone.
    let told = async move {
        let _ = stopped.wait_for(|stopped| *stopped).await;
    };
    tokio::pin!(told);
    loop {
        tokio::select! {
            biased;
            () = &mut told => break,
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(serve_connection(stream, Arc::clone(&state)));
                }
                Err(_) => tokio::time::sleep(ACCEPT_PAUSE).await,
            },
            Some(_) = connections.join_next() => {}
        }
    }
    connections.shutdown().await;
}

async fn serve_connection(stream: TcpStream, state: Arc<State>) {
    let _counted = state.connected();
    // Only costs time where it fails.
    let _ = stream.set_nodelay(true);
    let state = &*state;
    let service = service_fn(move |request| routes::answer(state, request));
    // An error here is a client that went away or broke the rules, or a route that hangs up on purpose.
    let _ = http1::Builder::new()
        .half_close(false)
        .pipeline_flush(true)
        .serve_connection(TokioIo::new(stream), service)
        .await;
}
