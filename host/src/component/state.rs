//! What one instance's store holds: everything a guest may touch is in here or is not to be had.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bytes::Bytes;
use tokio::time::Instant;
use wasmtime::component::ResourceTable;
use wasmtime_wasi::p1::WasiP1Ctx;
use wasmtime_wasi::{WasiCtx, WasiCtxBuilder, WasiCtxView, WasiView};
use wasmtime_wasi_http::{WasiHttpCtxView, WasiHttpView};

use super::command::Start;
use super::limits::Limits;
use super::log::{GuestOutput, Origin, RunLog};
use super::random::{Stream, WasiStream};
use super::sandboxes::HANDLES_MAX;
use super::sockets::Sockets;
use super::told::Told;
use super::web::Web;
use crate::clock::{self, RunClock};
use crate::data::Data;
use crate::engine::control::Control;
use crate::engine::operation::{Call, Findings};
use crate::http_client::{self, Client};
use crate::stats::Phases;

/// Responses of one call that the host keeps heads of; older ones are forgotten.
const RESPONSES_MAX: usize = 1_024;

/// The most random bytes a guest may ask for at once.
const RANDOM_BYTES_MAX: u64 = 64 << 10;

/// The parameters of a run, and which of them guests have asked for.
#[derive(Debug, Default)]
pub struct Parameters {
    values: BTreeMap<String, (String, AtomicBool)>,
}

impl Parameters {
    /// Parameters by name; of one given twice the last counts.
    pub fn new(pairs: impl IntoIterator<Item = (String, String)>) -> Parameters {
        let values = pairs
            .into_iter()
            .map(|(name, value)| (name, (value, AtomicBool::new(false))));
        Parameters {
            values: values.collect(),
        }
    }

    /// Those that no guest has asked for: most likely misspelt.
    pub fn unused(&self) -> Vec<String> {
        let unused = self
            .values
            .iter()
            .filter(|(_, (_, asked))| !asked.load(Ordering::Relaxed));
        unused.map(|(name, _)| name.clone()).collect()
    }

    pub(super) fn get(&self, name: &str) -> Option<String> {
        let (value, asked) = self.values.get(name)?;
        asked.store(true, Ordering::Relaxed);
        Some(value.clone())
    }

    pub(super) fn all(&self) -> Vec<(String, String)> {
        let all = self.values.iter().map(|(name, (value, asked))| {
            asked.store(true, Ordering::Relaxed);
            (name.clone(), value.clone())
        });
        all.collect()
    }
}

/// What all instances of a run are told, decided before it starts.
#[derive(Debug)]
pub struct RunContext {
    /// Names the run.
    pub run_id: String,
    /// How many workers it has.
    pub workers: u32,
    /// What every random stream of the run comes from.
    pub seed: u64,
    /// True if the person gave the seed: then `wasi:random` follows from it too.
    pub seed_given: bool,
    /// What was given with `--set`.
    pub parameters: Arc<Parameters>,
    /// What was given with `--data`.
    pub data: Option<Arc<Data>>,
    /// Where guests write.
    pub log: Arc<RunLog>,
    /// What the HTTP clients of the workers share.
    pub http: Arc<http_client::Shared>,
    /// Tells guests that the run is ending.
    pub control: Arc<Control>,
    /// Keep every exchange, for `gorgon try`.
    pub trace: bool,
}

/// A request that was made, kept when the run is traced.
#[derive(Debug, Clone)]
pub struct Exchange {
    /// The method.
    pub method: String,
    /// The URL as the guest gave it.
    pub url: String,
    /// What came of it: status, length of the body, whether the connection was a kept one, and where the time went; or
    /// the error in words.
    pub outcome: Result<ExchangeResponse, String>,
}

/// The response of an [`Exchange`].
#[derive(Debug, Clone)]
pub struct ExchangeResponse {
    /// The status.
    pub status: u16,
    /// The version the answer came in.
    pub version: http::Version,
    /// The length of the body in bytes.
    pub body_size: u64,
    /// Whether the connection had served before.
    pub reused: bool,
    /// Where the time went.
    pub timings: http_client::Timings,
    /// Names and values of the headers.
    pub headers: Vec<(String, String)>,
    /// The first bytes of the body, as the guest was given them.
    pub beginning: bytes::Bytes,
}

/// What an instance works on.
#[derive(Debug, Clone)]
pub(super) enum Work {
    /// A call.
    Call {
        /// Which call of the run it is.
        index: u64,
        /// Its number.
        number: u64,
        /// When it was due, in nanoseconds since the run started.
        due_ns: u64,
        /// Its item.
        item: Option<Bytes>,
    },
    /// `setup`, `teardown`, `start` or `stop`.
    Hook,
}

/// The call an instance is making.
#[derive(Debug)]
pub(super) struct Current {
    /// Which call of the run, if it is one; its row of data follows from it.
    pub(super) index: Option<u64>,
    pub(super) item: Option<Bytes>,
    pub(super) number: u64,
    pub(super) due_ns: u64,
    pub(super) deadline: Instant,
    pub(super) clock: Option<RunClock>,
    pub(super) random: Stream,
    pub(super) spans: Vec<(u32, String, u64)>,
    pub(super) next_span: u32,
}

/// The heads of the responses of the present call, by the ids the guest knows them by.
#[derive(Debug, Default)]
pub(super) struct Responses {
    first_id: u32,
    heads: VecDeque<Head>,
}

/// The guest asked about a response that it may not ask about any more.
#[derive(Debug, thiserror::Error)]
#[error("response {0} is not one of this call, or {RESPONSES_MAX} newer ones have arrived")]
pub(super) struct StaleResponse(pub(super) u32);

/// What of a response stays with the host.
#[derive(Debug)]
pub(super) struct Head {
    pub(super) headers: http::HeaderMap,
    pub(super) timings: http_client::Timings,
    pub(super) reused: bool,
    pub(super) version: http::Version,
}

impl Responses {
    pub(super) fn keep(&mut self, head: Head) -> u32 {
        if self.heads.len() == RESPONSES_MAX {
            self.heads.pop_front();
            self.first_id = self.first_id.wrapping_add(1);
        }
        let id = self.first_id.wrapping_add(self.heads.len() as u32);
        self.heads.push_back(head);
        id
    }

    pub(super) fn get(&self, id: u32) -> wasmtime::Result<&Head> {
        let head = self.heads.get(id.wrapping_sub(self.first_id) as usize);
        head.ok_or_else(|| StaleResponse(id).into())
    }

    /// A new call begins: no id given out so far means anything any more.
    fn clear(&mut self) {
        self.first_id = self.first_id.wrapping_add(self.heads.len() as u32);
        self.heads.clear();
    }
}

/// The state of one instance.
#[derive(Debug)]
pub(super) struct State {
    pub(super) run: Arc<RunContext>,
    pub(super) worker: u32,
    pub(super) limits: Limits,
    pub(super) client: Client,
    pub(super) current: Current,
    pub(super) findings: Findings,
    pub(super) responses: Responses,
    pub(super) output: GuestOutput,
    pub(super) exchanges: Vec<Exchange>,
    pub(super) phases: Phases,
    /// Why the last request of the call had no response.
    pub(super) last_error: Option<String>,
    /// Whether the time of this call is looked into.
    pub(super) is_sampled: bool,
    /// What host functions spent in it, in nanoseconds, if so.
    pub(super) host_ns: u64,
    pub(super) net: Arc<Sockets>,
    told: Arc<Told>,
    wasi_streams: Option<[WasiStream; 2]>,
    wasi: Wasi,
}

struct Wasi {
    context: WasiCtx,
    /// The same for a program for WASI 0.1, which has nothing else.
    program: Option<WasiP1Ctx>,
    web: Web,
    table: ResourceTable,
}

impl std::fmt::Debug for Wasi {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Wasi").finish_non_exhaustive()
    }
}

impl State {
    /// The state of a new instance, to be made before `deadline`.
    pub(super) fn new(
        run: &Arc<RunContext>,
        worker: u32,
        memory_bytes: u64,
        client: Client,
        deadline: Instant,
    ) -> State {
        let wasi_streams = run
            .seed_given
            .then(|| [0, 1].map(|purpose| WasiStream::new(run.seed, purpose)));
        let output = GuestOutput::new(Arc::clone(&run.log), worker);
        let told = Arc::<Told>::default();
        let net = Arc::new(Sockets::new(Arc::clone(&run.http), Arc::clone(&told)));
        let (sender, body_limit) = (client.sender(), run.http.body_limit());
        State {
            run: Arc::clone(run),
            worker,
            limits: Limits::new(memory_bytes),
            client,
            current: Current {
                index: None,
                item: None,
                number: 0,
                due_ns: 0,
                deadline,
                clock: None,
                random: Stream::of_call(run.seed, 0),
                spans: Vec::new(),
                next_span: 0,
            },
            findings: Findings::default(),
            responses: Responses::default(),
            wasi: Wasi {
                context: wasi(run, &output, &net, wasi_streams.as_ref(), &Start::default()).build(),
                program: None,
                web: Web::new(sender, Arc::clone(&told), body_limit, run.trace),
                table: ResourceTable::new(),
            },
            output,
            exchanges: Vec::new(),
            phases: Phases::default(),
            last_error: None,
            is_sampled: false,
            host_ns: 0,
            net,
            told,
            wasi_streams,
        }
    }

    /// From here on the instance works on this.
    pub(super) fn begin(&mut self, work: Work, deadline: Instant, clock: Option<RunClock>) {
        // What has ended since the last call did belongs to none.
        self.hear();
        // The streams of hooks lie apart from those of calls: a session made in `start` must not be the first thing
        // that a call draws.
        let (number, due_ns, stream) = match work {
            Work::Call {
                index,
                number,
                due_ns,
                item,
            } => {
                self.current.index = Some(index);
                self.current.item = item;
                (number, due_ns, number)
            }
            Work::Hook => {
                self.current.index = None;
                self.current.item = None;
                (0, 0, !u64::from(self.worker))
            }
        };
        self.current.number = number;
        self.current.due_ns = due_ns;
        self.current.deadline = deadline;
        self.current.clock = clock;
        self.current.random = Stream::of_call(self.run.seed, stream);
        for (purpose, streams) in self.wasi_streams.iter().flatten().enumerate() {
            streams.begin(self.run.seed, purpose as u64, stream);
        }
        self.current.spans.clear();
        self.findings.clear();
        self.responses.clear();
        self.last_error = None;
        self.host_ns = 0;
        self.exchanges.clear();
        self.limits.take_refused();
        self.output.begin(number);
    }

    /// Gives a command what it is started with for a call, and keeps what it prints last.
    pub(super) fn start_command(&mut self, call: &Call) {
        self.output.keep_last_printed();
        self.wasi.context = self.wasi(&Start::of(call, self)).build();
    }

    /// The same for a program for WASI 0.1.
    pub(super) fn start_program(&mut self, call: &Call) {
        self.output.keep_last_printed();
        self.wasi.program = Some(self.wasi(&Start::of(call, self)).build_p1());
    }

    fn wasi(&self, start: &Start) -> WasiCtxBuilder {
        let streams = self.wasi_streams.as_ref();
        wasi(&self.run, &self.output, &self.net, streams, start)
    }

    /// What a program for WASI 0.1 works on.
    pub(super) fn program(&mut self) -> &mut WasiP1Ctx {
        let wasi = WasiCtxBuilder::new;
        self.wasi.program.get_or_insert_with(|| wasi().build_p1())
    }

    /// Adds what happened beside the call to what the call has found.
    pub(super) fn hear(&mut self) {
        let news = self.told.take();
        self.phases.add(&news.phases);
        self.findings.waited |= news.waited;
        for target in news.denied {
            self.findings.deny(target);
        }
        self.last_error = news.last_error.or(self.last_error.take());
        self.exchanges
            .extend(news.exchanges.into_iter().map(|(_, exchange)| exchange));
    }

    /// Whether the guest holds half of the handles that it may have. StarlingMonkey keeps those of each `fetch`, and
    /// the call that wants one too many would trap.
    pub(super) fn is_worn(&mut self) -> bool {
        self.wasi.web.hooks.is_worth_a_look()
            && self.wasi.table.iter_mut().count() > HANDLES_MAX / 2
    }

    /// Nanoseconds on the run's clock; 0 before the run has started.
    pub(super) fn now_ns(&self) -> u64 {
        self.current
            .clock
            .map_or(0, |clock| clock.ns_at(clock::now()))
    }
}

impl WasiView for State {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView {
            ctx: &mut self.wasi.context,
            table: &mut self.wasi.table,
        }
    }
}

impl WasiHttpView for State {
    fn http(&mut self) -> WasiHttpCtxView<'_> {
        WasiHttpCtxView {
            hooks: &mut self.wasi.web.hooks,
            table: &mut self.wasi.table,
            ctx: &mut self.wasi.web.context,
        }
    }
}

/// WASI for one instance: clocks and randomness, output to the log, connections that the network policy allows, and
/// what a
/// program is started with, and nothing else. No directory is opened, nothing of this process's own environment passed.
fn wasi(
    run: &RunContext,
    output: &GuestOutput,
    net: &Arc<Sockets>,
    streams: Option<&[WasiStream; 2]>,
    start: &Start,
) -> WasiCtxBuilder {
    let mut builder = WasiCtxBuilder::new();
    builder
        .stdout(output.stream(Origin::Stdout))
        .stderr(output.stream(Origin::Stderr))
        .args(&start.arguments)
        .envs(&start.variables)
        .max_random_size(RANDOM_BYTES_MAX);
    net.allow(&mut builder);
    if let Some([secure, insecure]) = streams {
        builder
            .secure_random(secure.clone())
            .insecure_random(insecure.clone())
            .insecure_random_seed(u128::from(run.seed));
    }
    builder
}
