//! What one instance's store holds: everything a guest may touch is in here or is not to be had.

use std::sync::Arc;

use bytes::Bytes;
use tokio::time::Instant;
use wasmtime::component::ResourceTable;
use wasmtime_wasi::p1::WasiP1Ctx;
use wasmtime_wasi::{WasiCtx, WasiCtxBuilder, WasiCtxView, WasiView};
use wasmtime_wasi_http::{WasiHttpCtxView, WasiHttpView};

use super::command::Start;
use super::exchange::Exchange;
use super::limits::Limits;
use super::log::{GuestOutput, Origin};
use super::random::{Stream, WasiStream};
use super::responses::Responses;
use super::run_context::RunContext;
use super::sandboxes::HANDLES_MAX;
use super::sockets::Sockets;
use super::told::Told;
use super::web::Web;
use crate::clock::{self, RunClock};
use crate::engine::operation::{Call, Findings};
use crate::http_client::Client;
use crate::stats::Phases;

/// The most random bytes a guest may ask for at once.
const RANDOM_BYTES_MAX: u64 = 64 << 10;

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
    /// Whether the guest has waited since the heartbeat last interrupted it, and so let its neighbours run.
    pub(super) waited: bool,
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
            waited: false,
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
        self.waited = false;
        self.exchanges.clear();
        self.limits.take_refused();
        self.output.begin(number);
    }

    /// Gives a command what it is started with for a call, and keeps what it prints last.
    ///
    /// # Errors
    /// It cannot be given that; the tag of the call.
    pub(super) fn start_command(&mut self, call: &Call) -> Result<(), &'static str> {
        self.wasi.context = self.wasi(&self.start(call)?).build();
        Ok(())
    }

    /// The same for a program for WASI 0.1.
    pub(super) fn start_program(&mut self, call: &Call) -> Result<(), &'static str> {
        self.wasi.program = Some(self.wasi(&self.start(call)?).build_p1());
        Ok(())
    }

    fn start(&self, call: &Call) -> Result<Start, &'static str> {
        self.output.keep_last_printed();
        Start::of(call, self).inspect_err(|_| {
            let why = "a program cannot be given what has a zero byte in it";
            self.output.line(Origin::Warn, why);
        })
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

/// WASI for one instance: clocks and randomness, output to the log, connections that the network policy allows, what a
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
