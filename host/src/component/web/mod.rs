//! `wasi:http`: the HTTP API of a guest's own language, over the client of its worker.
//!
//! wasmtime keeps the resources that the guest holds (fields, requests, bodies, futures); what is sent goes through
//! [`Hooks`] and is, from there on, a request as one of `gorgon:load/http`: the same connections, policy, limits and
//! counters.
//!
//! Invariants: bodies are whole when they are passed on, so that what is measured is the exchange and not the pace of
//! the guest; what all of them take is bounded, see [`room`]; a request ends with the future that the guest holds, and
//! so with the call that is given up.

mod ask;
mod error;
mod room;
pub(super) mod texts;

use std::sync::Arc;

use http::HeaderName;
use wasmtime_wasi_http::{
    DEFAULT_FORBIDDEN_HEADERS, ForbiddenHeaderFilter, RequestOptions, WasiBody, WasiHttpCtx,
    WasiHttpHooks,
};

use self::ask::Ask;
use self::room::Room;
use super::exchange::Exchange;
use super::told::Told;
use crate::http_client::{Sender, belongs_to_the_client};

/// What the fields of one message may take, in bytes as wasmtime counts them: names, values and about 70 for each. A
/// guest that goes beyond traps.
const FIELDS_BYTES_MAX: usize = 64 << 10;

/// What a guest writes at once to the body of a request. Two such pieces are held by each body that nobody sends.
const PIECE_BYTES: usize = 16 << 10;

/// Requests after which the handles are looked at.
const LOOK_EVERY: u64 = 32;

/// What `wasi:http` needs of an instance.
pub(super) struct Web {
    pub(super) context: WasiHttpCtx,
    pub(super) hooks: Hooks,
}

impl Web {
    /// For an instance whose worker sends with `sender` and keeps bodies of `body_limit` bytes at most.
    pub(super) fn new(sender: Sender, told: Arc<Told>, body_limit: u64, is_traced: bool) -> Web {
        let mut context = WasiHttpCtx::new();
        context.set_field_size_limit(FIELDS_BYTES_MAX);
        Web {
            context,
            hooks: Hooks {
                sender,
                told,
                room: Arc::new(Room::new(body_limit)),
                is_traced,
                begun: 0,
                looked_at: 0,
            },
        }
    }
}

/// Where wasmtime asks what to do.
pub(super) struct Hooks {
    sender: Sender,
    told: Arc<Told>,
    room: Arc<Room>,
    is_traced: bool,
    /// Requests so far.
    begun: u64,
    /// How many there were when the handles were last looked at.
    looked_at: u64,
}

impl Hooks {
    /// Whether so many requests were made since the last time that it is worth counting what the guest still holds.
    pub(super) fn is_worth_a_look(&mut self) -> bool {
        let is_worth = self.begun - self.looked_at >= LOOK_EVERY;
        if is_worth {
            self.looked_at = self.begun;
        }
        is_worth
    }

    /// Keeps a request for a traced run, as under way, and returns its number.
    fn trace(&mut self, request: &http::Request<WasiBody>) -> Option<u64> {
        self.begun += 1;
        if !self.is_traced {
            return None;
        }
        let exchange = Exchange {
            method: request.method().to_string(),
            url: request.uri().to_string(),
            outcome: Err("none yet when the call ended".to_owned()),
        };
        self.told.begun(self.begun, exchange);
        Some(self.begun)
    }
}

impl WasiHttpHooks for Hooks {
    fn is_forbidden_header(&mut self, name: &HeaderName) -> bool {
        is_forbidden(name)
    }

    fn forbidden_header_filter(&mut self) -> ForbiddenHeaderFilter {
        Arc::new(is_forbidden)
    }

    /// The client sets it, from the URL that the policy has judged.
    fn set_host_header(&mut self) -> bool {
        false
    }

    fn send_request(
        &mut self,
        request: http::Request<WasiBody>,
        options: Option<RequestOptions>,
        _response_ended: Box<dyn Future<Output = wasmtime_wasi_http::Result<()>> + Send>,
    ) -> Box<dyn Future<Output = wasmtime_wasi_http::Result<Sent>> + Send> {
        self.told.waited();
        let ask = Ask {
            sender: self.sender.clone(),
            told: Arc::clone(&self.told),
            room: Arc::clone(&self.room),
            traced: self.trace(&request),
        };
        Box::new(async move {
            let response = ask.answer(request, options.unwrap_or_default()).await?;
            // Nothing is left to do once the response is there: it is whole.
            let done: Done = Box::new(async { Ok(()) });
            Ok((response, done))
        })
    }

    fn p2_outgoing_body_chunk_size(&mut self) -> usize {
        PIECE_BYTES
    }
}

type Done = Box<dyn Future<Output = wasmtime_wasi_http::Result<()>> + Send>;
type Sent = (http::Response<WasiBody>, Done);

/// What would say where a message ends or what becomes of the connection. `content-length` is the exception: a guest may
/// set it, it is checked against the body, and the client writes its own.
fn is_forbidden(name: &HeaderName) -> bool {
    let is_length = *name == http::header::CONTENT_LENGTH;
    DEFAULT_FORBIDDEN_HEADERS.contains(name) || (belongs_to_the_client(name) && !is_length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guest_sets_no_header_that_belongs_to_the_connection() {
        #[track_caller]
        fn check(name: &str, forbidden: bool) {
            let name = name.parse().expect("a name");
            assert_eq!(is_forbidden(&name), forbidden, "{name}");
        }
        check("accept", false);
        check("authorization", false);
        check("content-length", false);
        check("connection", true);
        check("host", true);
        check("keep-alive", true);
        check("proxy-authorization", true);
        check("proxy-connection", true);
        check("te", true);
        check("transfer-encoding", true);
        check("upgrade", true);
    }
}
