//! What a request costs in the client of a worker, and how much of that is the library that speaks HTTP.

use std::net::SocketAddr;
use std::sync::Arc;

use bytes::Bytes;
use gorgon::clock::process_cpu_ns;
use gorgon::http_client::{Client, Request, Settings, Shared};
use http_body_util::{BodyExt, Empty};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::sync::Barrier;
use tokio::task::{JoinSet, LocalSet};

use super::Bench;
use crate::Result;
use crate::gorgon::Gorgon;
use crate::measures::median;
use crate::table;

pub(super) const BENCH: Bench = Bench {
    name: "http-client",
    about: "CPU time of the process for each of many `GET /json` over kept connections, without an operation or an engine: by the \
            client of a worker, with its policy, pool, limits and timings, and by hyper alone, with a connection and a task for each request \
            in flight. Medians of 7 rounds in turn.",
    takes: "60 s",
    run,
};

const ROUNDS: usize = 7;
const REQUESTS: usize = 40_000;

fn run(gorgon: &Gorgon) -> Result<()> {
    let target = gorgon.target()?;
    let server = target.address()?;
    let shared = Shared::new(Settings::default())?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let mut rows = Vec::new();
    for in_flight in [1, 50, 1000] {
        let mut rounds = Vec::new();
        for _ in 0..ROUNDS {
            let theirs =
                LocalSet::new().block_on(&runtime, all(in_flight, |part| hyper(server, part)))?;
            let ours = LocalSet::new().block_on(
                &runtime,
                all(in_flight, |part| ours(server, shared.clone(), part)),
            )?;
            rounds.push((theirs, ours));
        }
        let ratios = rounds
            .iter()
            .map(|(theirs, ours)| (*ours as f64 / *theirs as f64 * 1e3) as u64);
        let ratio = median(ratios.collect()).unwrap_or(0) as f64 / 1e3;
        rows.push(vec![
            in_flight.to_string(),
            table::time(median(rounds.iter().map(|round| round.0).collect())),
            table::time(median(rounds.iter().map(|round| round.1).collect())),
            format!("{ratio:.2}"),
        ]);
    }
    let head = [
        "in flight",
        "hyper alone",
        "the client of a worker",
        "median of the ratios",
    ];
    table::print(&head, &rows);
    Ok(())
}

/// What one of the loops does.
#[derive(Debug, Clone)]
struct Part {
    requests: usize,
    /// Where all wait for each other: once they have connections, and once they have made their requests.
    meet: Arc<Barrier>,
}

/// The CPU time of a request, in nanoseconds, where so many loops share [`REQUESTS`].
async fn all<F>(in_flight: usize, one: impl Fn(Part) -> F) -> Result<u64>
where
    F: Future<Output = Result<()>> + 'static,
{
    let part = Part {
        requests: REQUESTS / in_flight,
        meet: Arc::new(Barrier::new(in_flight + 1)),
    };
    let mut loops = JoinSet::new();
    for _ in 0..in_flight {
        let one = one(part.clone());
        loops.spawn_local(async move { one.await.map_err(|error| error.to_string()) });
    }
    meet(&part, &mut loops).await?;
    let before = process_cpu_ns();
    meet(&part, &mut loops).await?;
    let used = process_cpu_ns() - before;
    while let Some(ended) = loops.join_next().await {
        ended??;
    }
    Ok(used / (part.requests * in_flight) as u64)
}

/// Waits for the others, or for the first of them that fails and comes no more.
async fn meet(part: &Part, loops: &mut JoinSet<std::result::Result<(), String>>) -> Result<()> {
    tokio::select! {
        _ = part.meet.wait() => {}
        Some(ended) = loops.join_next() => ended??,
    }
    Ok(())
}

async fn ours(server: SocketAddr, shared: Arc<Shared>, part: Part) -> Result<()> {
    let url = format!("http://{server}/json");
    let mut client = Client::new(shared);
    client.send(Request::get(&url)).await?;
    part.meet.wait().await;
    for _ in 0..part.requests {
        let response = client.send(Request::get(&url)).await?;
        assert_ok(response.status, response.body.len())?;
    }
    part.meet.wait().await;
    Ok(())
}

async fn hyper(server: SocketAddr, part: Part) -> Result<()> {
    let stream = TcpStream::connect(server).await?;
    stream.set_nodelay(true)?;
    let (mut sender, driver) = http1::handshake(TokioIo::new(stream)).await?;
    tokio::task::spawn_local(driver);
    let host = server.to_string();
    hyper_once(&mut sender, &host).await?;
    part.meet.wait().await;
    for _ in 0..part.requests {
        hyper_once(&mut sender, &host).await?;
    }
    part.meet.wait().await;
    Ok(())
}

async fn hyper_once(sender: &mut http1::SendRequest<Empty<Bytes>>, host: &str) -> Result<()> {
    sender.ready().await?;
    let request = hyper::Request::get("/json")
        .header("host", host)
        .header("user-agent", "bench")
        .body(Empty::new())?;
    let answer = sender.send_request(request).await?;
    let status = answer.status().as_u16();
    let body = answer.into_body().collect().await?.to_bytes();
    assert_ok(status, body.len())
}

fn assert_ok(status: u16, body: usize) -> Result<()> {
    if status == 200 && body > 0 {
        return Ok(());
    }
    Err(format!("the target answered {status} with {body} bytes").into())
}
