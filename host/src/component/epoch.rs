//! The heartbeat by which guests that never wait are interrupted.

use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::JoinHandle;
use std::time::Duration;

use wasmtime::Engine;

/// The time between two ticks: how long a computing guest may keep its neighbours waiting, and how late it may notice
/// its own timeout.
const TICK: Duration = Duration::from_millis(10);

/// A thread that ticks for as long as this value lives.
#[derive(Debug)]
pub(super) struct Heartbeat {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Heartbeat {
    pub(super) fn of(engine: &Engine) -> std::io::Result<Heartbeat> {
        let (stop, stopped) = mpsc::channel();
        let engine = engine.weak();
        let thread = std::thread::Builder::new()
            .name("gorgon-epoch".to_owned())
            .spawn(move || {
                while stopped.recv_timeout(TICK) == Err(RecvTimeoutError::Timeout) {
                    let Some(engine) = engine.upgrade() else {
                        break;
                    };
                    engine.increment_epoch();
                }
            })?;
        Ok(Heartbeat {
            stop: Some(stop),
            thread: Some(thread),
        })
    }
}

impl Drop for Heartbeat {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // The thread cannot panic, and there is nothing to say about it if it did.
            let _ = thread.join();
        }
    }
}
