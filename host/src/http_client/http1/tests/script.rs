//! A stream whose every step is written down.

use std::collections::VecDeque;
use std::io;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Wake, Waker};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::super::Transport;

/// What a read comes to. After the last step nothing comes any more.
#[derive(Debug, Clone)]
pub(super) enum Read {
    Bytes(Vec<u8>),
    /// Nothing yet; the reader is woken at once.
    Later,
    End,
    Fail(io::ErrorKind),
}

/// What a write comes to. After the last step everything is taken.
#[derive(Debug, Clone)]
pub(super) enum Write {
    /// At most so many bytes are taken.
    Take(usize),
    Later,
    /// Nothing is taken from here on.
    Never,
    Fail(io::ErrorKind),
}

/// The stream; its clones are the same stream.
#[derive(Debug, Clone, Default)]
pub(super) struct Script(Arc<Mutex<Steps>>);

#[derive(Debug, Default)]
struct Steps {
    reads: VecDeque<Read>,
    writes: VecDeque<Write>,
    written: Vec<u8>,
    /// How often something was written.
    calls: usize,
    /// True if bytes come before anything was written.
    eager: bool,
    reader: Option<Waker>,
}

impl Script {
    pub(super) fn new(reads: impl IntoIterator<Item = Read>) -> Script {
        let script = Script::default();
        script.steps().reads.extend(reads);
        script
    }

    /// These bytes in pieces that end at `cuts`, and then the end or nothing.
    pub(super) fn pieces(bytes: &[u8], cuts: &[usize], ends: bool) -> Script {
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| (*cut).min(bytes.len())).collect();
        cuts.push(bytes.len());
        cuts.sort_unstable();
        let mut from = 0;
        let mut reads = Vec::new();
        for cut in cuts {
            if cut > from {
                reads.extend([Read::Bytes(bytes[from..cut].to_vec()), Read::Later]);
                from = cut;
            }
        }
        if ends {
            reads.push(Read::End);
        }
        Script::new(reads)
    }

    pub(super) fn writing(self, writes: impl IntoIterator<Item = Write>) -> Script {
        self.steps().writes.extend(writes);
        self
    }

    /// Lets bytes come before anything was written.
    pub(super) fn eager(self) -> Script {
        self.steps().eager = true;
        self
    }

    /// Adds what is read next.
    pub(super) fn then(&self, reads: impl IntoIterator<Item = Read>) {
        self.steps().reads.extend(reads);
    }

    /// Everything that was written, and in how many calls.
    pub(super) fn written(&self) -> (Vec<u8>, usize) {
        let steps = self.steps();
        (steps.written.clone(), steps.calls)
    }

    /// Lets what comes later have come.
    pub(super) fn settle(&self) {
        self.steps()
            .reads
            .retain(|read| !matches!(read, Read::Later));
    }

    fn steps(&self) -> MutexGuard<'_, Steps> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn poll_take(&self, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let mut steps = self.steps();
        let taken = match steps.writes.front().cloned() {
            None => bytes.len(),
            Some(Write::Never) => return Poll::Pending,
            Some(Write::Fail(kind)) => return Poll::Ready(Err(kind.into())),
            Some(Write::Later) => {
                steps.writes.pop_front();
                cx.waker().wake_by_ref();
                return Poll::Pending;
            }
            Some(Write::Take(most)) => {
                steps.writes.pop_front();
                most.min(bytes.len())
            }
        };
        steps.written.extend_from_slice(&bytes[..taken]);
        steps.calls += 1;
        if let Some(reader) = steps.reader.take() {
            reader.wake();
        }
        Poll::Ready(Ok(taken))
    }
}

impl Transport for Script {
    fn has_pending(&self) -> bool {
        false
    }

    fn sends_what_it_takes(&self) -> bool {
        true
    }
}

impl AsyncRead for Script {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let mut steps = self.steps();
        if steps.written.is_empty() && !steps.eager {
            steps.reader = Some(cx.waker().clone());
            return Poll::Pending;
        }
        match steps.reads.pop_front() {
            None => Poll::Pending,
            Some(Read::Later) => {
                cx.waker().wake_by_ref();
                Poll::Pending
            }
            Some(Read::End) => {
                steps.reads.push_front(Read::End);
                Poll::Ready(Ok(()))
            }
            Some(Read::Fail(kind)) => {
                steps.reads.push_front(Read::Fail(kind));
                Poll::Ready(Err(kind.into()))
            }
            Some(Read::Bytes(mut bytes)) => {
                let rest = bytes.split_off(bytes.len().min(buf.remaining()));
                buf.put_slice(&bytes);
                if !rest.is_empty() {
                    steps.reads.push_front(Read::Bytes(rest));
                }
                Poll::Ready(Ok(()))
            }
        }
    }
}

impl AsyncWrite for Script {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.poll_take(cx, bytes)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.poll_take(cx, &slices.concat_bytes())
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

trait ConcatBytes {
    fn concat_bytes(&self) -> Vec<u8>;
}

impl ConcatBytes for [io::IoSlice<'_>] {
    fn concat_bytes(&self) -> Vec<u8> {
        self.iter()
            .flat_map(|slice| slice.iter().copied())
            .collect()
    }
}

/// Polls a future until it is ready, or nothing if nobody would ever wake it.
pub(super) fn drive<F: Future>(future: F) -> Option<F::Output> {
    struct Woken(AtomicBool);
    impl Wake for Woken {
        fn wake(self: Arc<Self>) {
            self.0.store(true, Ordering::Relaxed);
        }
    }
    let woken = Arc::new(Woken(AtomicBool::new(true)));
    let waker = Waker::from(woken.clone());
    let mut cx = Context::from_waker(&waker);
    let mut future = pin!(future);
    while woken.0.swap(false, Ordering::Relaxed) {
        if let Poll::Ready(output) = future.as_mut().poll(&mut cx) {
            return Some(output);
        }
    }
    None
}
