//! What all threads of a run share.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use super::control::Control;
use super::crew::Places;
use super::gaps::Gaps;
use super::load::{Feed, Load};
use super::numbers::Numbers;
use super::window::Window;
use crate::stats::Interner;

/// See the module's description.
pub(super) struct Shared<O> {
    pub(super) load: Load,
    pub(super) feed: Feed,
    /// By their place in the mix.
    pub(super) operations: Vec<Arc<O>>,
    pub(super) control: Arc<Control>,
    pub(super) interner: Arc<Interner>,
    pub(super) window: Window,
    pub(super) gaps: Gaps,
    pub(super) starts: Starts,
    /// Closed load: the calls that no worker has claimed.
    pub(super) numbers: Numbers,
    /// Open load: the first call that no thread has claimed.
    pub(super) next_index: AtomicU64,
    /// Open load: how many more workers there may be.
    pub(super) places: Arc<Places>,
}

impl<O> Shared<O> {
    pub(super) fn new(
        load: Load,
        feed: Feed,
        operations: Vec<Arc<O>>,
        control: Arc<Control>,
        interner: Arc<Interner>,
        gaps: Gaps,
    ) -> Shared<O> {
        let numbers = Numbers::new(
            load.warm_up,
            load.calls,
            load.indexes(),
            load.busy_workers(),
        );
        Shared {
            window: Window::new(load.window_ns()),
            places: Arc::new(Places::new(load.workers, load.busy_threads())),
            load,
            feed,
            operations,
            control,
            interner,
            gaps,
            starts: Starts::default(),
            numbers,
            next_index: AtomicU64::new(0),
        }
    }
}

const SUCCEEDED: u32 = u32::MAX;

/// Whether instances can start at all.
#[derive(Debug, Default)]
pub(super) struct Starts {
    /// Starts that failed before any succeeded; [`SUCCEEDED`] from then on.
    failed: AtomicU32,
}

impl Starts {
    /// One has succeeded.
    pub(super) fn succeeded(&self) {
        self.failed.store(SUCCEEDED, Ordering::Relaxed);
    }

    /// One has failed; how many have, if none has succeeded.
    pub(super) fn failed(&self) -> Option<u32> {
        let add = |failed: u32| failed.checked_add(1).filter(|failed| *failed < SUCCEEDED);
        let before = self
            .failed
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, add);
        before.ok().map(|failed| failed + 1)
    }
}
