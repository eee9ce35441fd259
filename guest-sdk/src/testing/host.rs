//! What a test says about the world that the operation is to see.

use super::call::Call;
use super::exchange::{Answer, Request};
use super::state::{self, State};
use crate::{IntoTag, Tag};

/// The world that an operation sees in a test. See the [module](super).
#[derive(Debug, Default)]
#[must_use = "a host does nothing until `.run(…)`"]
pub struct Host {
    state: State,
}

impl Host {
    /// A host of one worker, without parameters, that refuses every connection.
    pub fn new() -> Host {
        Host::default()
    }

    /// The number of the call, as `context::number` tells it. The operation itself gets the number it is called with.
    pub fn number(mut self, number: u64) -> Host {
        self.state.number = number;
        self
    }

    /// The worker that makes the call, of so many.
    pub fn worker(mut self, worker: u32, workers: u32) -> Host {
        self.state.worker = worker;
        self.state.workers = workers;
        self
    }

    /// A parameter, as `--set NAME=VALUE` gives it.
    pub fn parameter(mut self, name: impl Into<String>, value: impl Into<String>) -> Host {
        let name = name.into();
        self.state.parameters.retain(|(other, _)| *other != name);
        self.state.parameters.push((name, value.into()));
        self
    }

    /// The item, as a line of `--items` gives it.
    pub fn item(mut self, item: impl Into<Vec<u8>>) -> Host {
        self.state.item = Some(item.into());
        self
    }

    /// A cell of the row, as `--data` gives it.
    pub fn cell(mut self, column: impl Into<String>, cell: impl Into<Vec<u8>>) -> Host {
        self.state.row.push((column.into(), cell.into()));
        self
    }

    /// The seed of the run: the random values are a function of it and the number.
    pub fn seed(mut self, seed: u64) -> Host {
        self.state.seed = seed;
        self
    }

    /// The run is ending, as `context::stopping` tells it.
    pub fn stopping(mut self) -> Host {
        self.state.stopping = true;
        self
    }

    /// Answers the requests: a status as `u16`, `(status, body)`, an [`Answer`], or an
    /// [`http::Error`](crate::http::Error).
    ///
    /// Redirects are followed as a request asks for it, each step through the closure.
    pub fn respond<A: Into<Answer>>(
        mut self,
        mut answer: impl FnMut(&Request) -> A + 'static,
    ) -> Host {
        self.state.responder = Some(Box::new(move |request| answer(request).into()));
        self
    }

    /// Makes a call, and returns what became of it.
    pub fn run<T: IntoTag>(self, operation: impl FnOnce() -> T) -> Call {
        let (tag, call) = self.with(|| operation().into_tag());
        Call { tag, ..call }
    }

    /// Runs anything that is not an operation: a helper, or a hook of the lifecycle.
    pub fn with<T>(self, part: impl FnOnce() -> T) -> (T, Call) {
        let (value, state) = state::enter(self.state, part);
        (
            value,
            Call {
                tag: Tag::ok(""),
                state,
            },
        )
    }
}
