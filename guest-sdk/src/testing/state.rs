//! The world of the test that runs on this thread.

use std::cell::RefCell;
use std::fmt;

use super::call::LogLine;
use super::exchange::{Answer, Request, Stored};

/// What the functions of the SDK read and write off WebAssembly.
#[derive(Default)]
pub(crate) struct State {
    pub(crate) number: u64,
    pub(crate) worker: u32,
    pub(crate) workers: u32,
    pub(crate) parameters: Vec<(String, String)>,
    pub(crate) item: Option<Vec<u8>>,
    pub(crate) row: Vec<(String, Vec<u8>)>,
    pub(crate) seed: u64,
    /// How many values the call has drawn.
    pub(crate) drawn: u64,
    pub(crate) stopping: bool,
    /// Nanoseconds on the virtual clock.
    pub(crate) now: u64,
    pub(crate) responder: Option<Responder>,
    pub(crate) requests: Vec<Request>,
    pub(crate) responses: Vec<Stored>,
    pub(crate) log: Vec<LogLine>,
    /// Name and start of each span, until it ends. A handle is a place in this list.
    pub(crate) spans: Vec<Option<(String, u64)>>,
    /// Name and nanoseconds of each sample.
    pub(crate) samples: Vec<(String, u64)>,
    pub(crate) counters: Vec<(String, u64)>,
    pub(crate) checks: Vec<(String, bool)>,
}

pub(crate) type Responder = Box<dyn FnMut(&Request) -> Answer>;

impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("State")
            .field("number", &self.number)
            .field("now", &self.now)
            .finish_non_exhaustive()
    }
}

thread_local! {
    static STATE: RefCell<State> = RefCell::default();
}

/// Reads or changes the state. The closure must not call the SDK.
pub(crate) fn with<T>(part: impl FnOnce(&mut State) -> T) -> T {
    STATE.with_borrow_mut(part)
}

/// Runs something in this world, and hands the world back as it is then.
pub(crate) fn enter<T>(state: State, part: impl FnOnce() -> T) -> (T, State) {
    let mut outer = Outer(Some(STATE.replace(state)));
    crate::random::restart();
    let value = part();
    crate::random::restart();
    let state = STATE.replace(outer.0.take().unwrap_or_default());
    (value, state)
}

/// The world around this one, which comes back even when the test panics in between.
struct Outer(Option<State>);

impl Drop for Outer {
    fn drop(&mut self) {
        if let Some(state) = self.0.take() {
            STATE.set(state);
        }
    }
}
