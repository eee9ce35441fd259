//! The part of a run that its results come from: after the warm-up, until no call starts any more.

use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::watch;

/// Where the results of a run begin and end, on the run's clock. Both are decided once.
#[derive(Debug)]
pub(super) struct Window {
    begin: watch::Sender<Option<u64>>,
    end_ns: AtomicU64,
    length_ns: Option<u64>,
}

impl Window {
    /// A window that has not begun; it ends `length_ns` after it has, where that is given.
    pub(super) fn new(length_ns: Option<u64>) -> Window {
        Window {
            begin: watch::Sender::new(None),
            end_ns: AtomicU64::new(u64::MAX),
            length_ns,
        }
    }

    /// Begins it, unless it has begun.
    pub(super) fn begin(&self, ns: u64) {
        self.begin.send_if_modified(|begin| {
            if begin.is_some() {
                return false;
            }
            // Whoever sees that it has begun is to see when it ends, so that is decided before.
            if let Some(length_ns) = self.length_ns {
                self.close(ns.saturating_add(length_ns));
            }
            *begin = Some(ns);
            true
        });
    }

    /// Ends it at `ns`, or where it ends anyway if that is earlier.
    pub(super) fn close(&self, ns: u64) {
        self.end_ns.fetch_min(ns, Ordering::Relaxed);
    }

    /// When it began, if it has.
    pub(super) fn begin_ns(&self) -> Option<u64> {
        *self.begin.borrow()
    }

    /// When it ends; `u64::MAX` while that is not known.
    pub(super) fn end_ns(&self) -> u64 {
        self.end_ns.load(Ordering::Relaxed)
    }

    /// Waits until it has begun.
    pub(super) async fn begun(&self) {
        let mut begin = self.begin.subscribe();
        // The sender lives as long as `self`.
        let _ = begin.wait_for(Option::is_some).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The supervisor looks once, when it has begun: an end that came later would never be seen, and the run had none.
    #[test]
    fn whoever_sees_that_it_has_begun_sees_when_it_ends() {
        for _ in 0..20_000 {
            let window = Window::new(Some(100));
            let seen = std::thread::scope(|scope| {
                let looking = scope.spawn(|| {
                    while window.begin_ns().is_none() {
                        std::hint::spin_loop();
                    }
                    window.end_ns()
                });
                window.begin(7);
                looking.join()
            });
            assert_eq!(seen.unwrap(), 107);
        }
    }

    #[tokio::test]
    async fn a_window_begins_once_and_ends_at_the_earliest_end() {
        let window = Window::new(Some(100));
        assert_eq!((window.begin_ns(), window.end_ns()), (None, u64::MAX));
        window.begin(7);
        window.begin(9);
        window.begun().await;
        assert_eq!((window.begin_ns(), window.end_ns()), (Some(7), 107));
        window.close(200);
        window.close(50);
        assert_eq!(window.end_ns(), 50);
    }
}
