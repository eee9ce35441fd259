//! The same loads in plain Rust: what there is to reach. They run as processes of their own, as what they are compared with does:
//! `gorgon-benches native get|flow|hash …`.

use std::hint::black_box;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http_body_util::{BodyExt, Empty};
use hyper::client::conn::http1::{self, SendRequest};
use hyper::{Request, Uri};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use sha2::{Digest, Sha512};
use tokio::net::TcpStream;
use tokio::task::LocalSet;

use crate::Result;

/// Rounds of one hash, as the stock operation has it.
const ROUNDS: u32 = 4000;

/// Does what the arguments say.
#[expect(
    clippy::disallowed_methods,
    reason = "it is no part of gorgon, but what gorgon is measured beside"
)]
pub(crate) fn main(arguments: &[String]) -> Result<()> {
    match arguments {
        [what, url, connections, seconds] if what == "get" || what == "flow" => {
            let load = Load {
                url: url.parse()?,
                is_flow: what == "flow",
                until: Instant::now() + Duration::from_secs(seconds.parse()?),
            };
            load.run(connections.parse()?)
        }
        [what, calls] if what == "hash" => {
            hash(calls.parse()?);
            Ok(())
        }
        _ => Err("native get|flow URL CONNECTIONS SECONDS, or native hash CALLS".into()),
    }
}

/// Connections that each ask again as soon as they are answered.
#[derive(Debug, Clone)]
struct Load {
    url: Uri,
    is_flow: bool,
    until: Instant,
}

impl Load {
    fn run(self, connections: usize) -> Result<()> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let local = LocalSet::new();
        let users = (0..connections).map(|_| local.spawn_local(self.clone().user()));
        let users: Vec<_> = users.collect();
        local.block_on(&runtime, async {
            for user in users {
                user.await??;
            }
            Ok(())
        })
    }

    #[expect(clippy::disallowed_methods, reason = "as above")]
    async fn user(self) -> Result<()> {
        let address = self.url.authority().ok_or("the URL has no host")?;
        let stream = TcpStream::connect(address.as_str()).await?;
        stream.set_nodelay(true)?;
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        tokio::task::spawn_local(connection);
        while Instant::now() < self.until {
            let first = self.get(&mut sender, "/").await?;
            if self.is_flow {
                let order: Value = serde_json::from_slice(&first)?;
                let path = format!("/tx/{}", order["id"].as_str().unwrap_or_default());
                let done: Value = serde_json::from_slice(&self.get(&mut sender, &path).await?)?;
                if done["status"] != "DONE" {
                    return Err("not done".into());
                }
            }
        }
        Ok(())
    }

    async fn get(&self, sender: &mut SendRequest<Empty<Bytes>>, path: &str) -> Result<Bytes> {
        let authority = self
            .url
            .authority()
            .map_or("", |authority| authority.as_str());
        let request = Request::get(path)
            .header("host", authority)
            .body(Empty::new())?;
        sender.ready().await?;
        let answer = sender.send_request(request).await?;
        if !answer.status().is_success() {
            return Err(answer.status().to_string().into());
        }
        Ok(answer.into_body().collect().await?.to_bytes())
    }
}

fn hash(calls: u64) {
    for number in 0..calls {
        let line = format!("TEXT {number}");
        let mut hasher = Sha512::new();
        for _ in 0..ROUNDS {
            hasher.update(black_box(line.as_bytes()));
        }
        black_box(hasher.finalize());
    }
}
