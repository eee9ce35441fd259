//! Waiting precisely.
//!
//! The timers of tokio's event loop turn by whole milliseconds and are one to two of them late, which is more than many
//! a call takes. A thread of a run therefore has a queue of its own, driven by the operating system's best timer: a
//! `timerfd`, woken with the accuracy of the kernel's high-resolution timers and, unlike a spin, at no cost while it
//! waits. Where there is none (no Linux), or on a runtime whose time is paused by a test, tokio's timers do.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use tokio::time::Instant;

use super::timer_fd::TimerFd;

thread_local! {
    static QUEUE: RefCell<Option<Rc<Queue>>> = const { RefCell::new(None) };
}

/// Waits until `deadline`: on a thread with a [`PreciseTimer`] to within the accuracy of the operating system, else of
/// tokio's timers.
pub async fn sleep_until(deadline: Instant) {
    if queue().is_some() {
        Sleep {
            deadline,
            key: None,
        }
        .await;
    } else {
        tokio::time::sleep_until(deadline).await;
    }
}

/// The queue of this thread.
fn queue() -> Option<Rc<Queue>> {
    QUEUE.with_borrow(Clone::clone)
}

/// Waits for `duration`, as precisely as [`sleep_until`].
pub async fn sleep(duration: Duration) {
    sleep_until(super::later(super::now(), duration)).await;
}

/// Makes [`sleep_until`] precise on this thread for as long as it lives. Its [`run`](PreciseTimer::run) must be polled
/// by the thread's runtime.
#[derive(Debug)]
pub struct PreciseTimer {
    queue: Rc<Queue>,
}

impl PreciseTimer {
    /// Gives this thread its timer, which has to be made inside of its runtime; `None` where the system has no better
    /// one than tokio.
    ///
    /// # Errors
    /// The system has one, and it cannot be had: the limit of open files, mostly.
    pub fn install() -> io::Result<Option<PreciseTimer>> {
        let Some(fd) = TimerFd::new()? else {
            return Ok(None);
        };
        let queue = Rc::new(Queue {
            fd,
            sleepers: RefCell::default(),
            next_key: Cell::new(0),
            armed_for: Cell::new(None),
        });
        QUEUE.set(Some(Rc::clone(&queue)));
        Ok(Some(PreciseTimer { queue }))
    }

    /// Wakes those whose time has come, for ever.
    pub async fn run(&self) {
        loop {
            if self.queue.fd.fired().await.is_err() {
                // Nothing but tokio's own event loop can fail here, and then no timer of any kind works.
                return;
            }
            self.queue.armed_for.set(None);
            self.queue.wake_due(super::now());
        }
    }
}

impl Drop for PreciseTimer {
    fn drop(&mut self) {
        QUEUE.set(None);
    }
}

/// Sleepers by deadline; the key tells apart those with the same.
type Sleepers = BTreeMap<(Instant, u64), Waker>;

/// Those who sleep on one thread.
#[derive(Debug)]
struct Queue {
    fd: TimerFd,
    sleepers: RefCell<Sleepers>,
    next_key: Cell<u64>,
    /// What the timer is set to; it is set again only for somebody who must be woken earlier.
    armed_for: Cell<Option<Instant>>,
}

impl Queue {
    fn add(&self, deadline: Instant, waker: Waker) -> u64 {
        let key = self.next_key.get();
        self.next_key.set(key.wrapping_add(1));
        self.sleepers.borrow_mut().insert((deadline, key), waker);
        self.arm();
        key
    }

    /// Sets the timer for the first sleeper, unless it is set for nobody later already.
    fn arm(&self) {
        let Some(first) = self
            .sleepers
            .borrow()
            .keys()
            .next()
            .map(|(first, _)| *first)
        else {
            return;
        };
        if self.armed_for.get().is_none_or(|armed| first < armed) {
            self.fd.set(first.saturating_duration_since(super::now()));
            self.armed_for.set(Some(first));
        }
    }

    fn wake_due(&self, now: Instant) {
        loop {
            let mut sleepers = self.sleepers.borrow_mut();
            let Some(entry) = sleepers.first_entry().filter(|entry| entry.key().0 <= now) else {
                break;
            };
            let waker = entry.remove();
            // A waker may run code of the runtime's; nothing is borrowed meanwhile.
            drop(sleepers);
            waker.wake();
        }
        self.arm();
    }
}

/// A wait on a thread with a precise timer. It holds no handle on the queue, so that futures which wait can be sent
/// between threads as far as the compiler is concerned; it is polled on the thread where it began.
struct Sleep {
    deadline: Instant,
    key: Option<u64>,
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let Some(queue) = queue().filter(|_| super::now() < self.deadline) else {
            return Poll::Ready(());
        };
        let deadline = self.deadline;
        let is_known = self.key.is_some_and(|key| {
            let mut sleepers = queue.sleepers.borrow_mut();
            let waker = sleepers.get_mut(&(deadline, key));
            waker.map(|waker| waker.clone_from(cx.waker())).is_some()
        });
        if !is_known {
            // New here, or woken a moment too early by a timer that rounds.
            self.key = Some(queue.add(deadline, cx.waker().clone()));
        }
        Poll::Pending
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        if let (Some(key), Some(queue)) = (self.key, queue()) {
            queue.sleepers.borrow_mut().remove(&(self.deadline, key));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::pin::pin;
    use std::sync::Arc;
    use std::task::Wake;

    fn on_a_precise_thread(test: impl AsyncFnOnce()) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            let Some(timer) = PreciseTimer::install().unwrap() else {
                return;
            };
            tokio::select! {
                () = timer.run() => panic!("the timer has ended"),
                () = test() => {}
            }
        });
    }

    #[test]
    fn sleepers_wake_in_the_order_of_their_deadlines_and_never_early() {
        on_a_precise_thread(async || {
            let start = super::super::now();
            let order = RefCell::new(Vec::new());
            let wake = async |micros: u64| {
                let deadline = start + Duration::from_micros(micros);
                sleep_until(deadline).await;
                assert!(super::super::now() >= deadline, "woken early");
                order.borrow_mut().push(micros);
            };
            tokio::join!(wake(9_000), wake(300), wake(0), wake(4_000), wake(301));
            assert_eq!(*order.borrow(), [0, 300, 301, 4_000, 9_000]);
        });
    }

    #[test]
    fn a_sleep_that_is_given_up_leaves_nothing_behind() {
        struct Nobody;
        impl Wake for Nobody {
            fn wake(self: Arc<Self>) {}
        }
        on_a_precise_thread(async || {
            let queue = queue().unwrap();
            {
                let mut long = pin!(sleep(Duration::from_secs(3600)));
                let waker = Waker::from(Arc::new(Nobody));
                assert!(
                    long.as_mut()
                        .poll(&mut Context::from_waker(&waker))
                        .is_pending()
                );
                assert_eq!(queue.sleepers.borrow().len(), 1);
            }
            assert!(queue.sleepers.borrow().is_empty());
            // The timer is still set for the one who left; who comes later is woken all the same.
            sleep(Duration::from_micros(200)).await;
        });
    }

    #[tokio::test(start_paused = true)]
    async fn without_a_timer_of_its_own_a_thread_sleeps_in_tokio_s_time() {
        let start = super::super::now();
        sleep(Duration::from_secs(3600)).await;
        assert_eq!(super::super::now() - start, Duration::from_secs(3600));
    }
}
