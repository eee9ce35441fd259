//! What a process writes, kept within bounds.

use std::io::{self, Read};
use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// The output of a process, as it is read.
#[derive(Debug)]
pub(super) struct Output {
    bytes: Arc<Mutex<Vec<u8>>>,
    end: Receiver<()>,
}

/// Which part of an output is kept.
#[derive(Debug, Clone, Copy)]
pub(super) enum Keep {
    First(usize),
    Last(usize),
}

impl Output {
    /// What was written so far, as far as it is kept. Waits a little for what is on its way.
    pub(super) fn bytes(&self) -> Vec<u8> {
        // Whoever was left in the background holds the pipe open.
        let _ = self.end.recv_timeout(Duration::from_millis(500));
        let bytes = self.bytes.lock();
        bytes.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Reads a pipe to its end on a thread of its own, so that nobody who writes to it has to wait.
    pub(super) fn of(mut pipe: io::PipeReader, keep: Keep) -> Output {
        let bytes = Arc::new(Mutex::new(Vec::new()));
        let (sender, end) = mpsc::channel();
        let kept = Arc::clone(&bytes);
        std::thread::spawn(move || {
            let mut chunk = [0; 4096];
            loop {
                let length = match pipe.read(&mut chunk) {
                    Ok(length @ 1..) => length,
                    Err(cause) if cause.kind() == io::ErrorKind::Interrupted => continue,
                    Ok(0) | Err(_) => break,
                };
                let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
                add(&mut kept, &chunk[..length], keep);
            }
            // Nobody may be waiting for it.
            let _ = sender.send(());
        });
        Output { bytes, end }
    }
}

fn add(kept: &mut Vec<u8>, more: &[u8], keep: Keep) {
    match keep {
        Keep::First(most) => {
            let room = most.saturating_sub(kept.len());
            kept.extend_from_slice(&more[..room.min(more.len())]);
        }
        Keep::Last(most) => {
            kept.extend_from_slice(more);
            let excess = kept.len().saturating_sub(most);
            kept.drain(..excess);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_an_output_the_first_or_the_last_bytes_are_kept() {
        #[track_caller]
        fn check(keep: Keep, expected: &[u8]) {
            let mut kept = Vec::new();
            for part in [&b"abc"[..], b"", b"defgh"] {
                add(&mut kept, part, keep);
            }
            assert_eq!(kept, expected);
        }
        check(Keep::First(4), b"abcd");
        check(Keep::Last(4), b"efgh");
        check(Keep::First(100), b"abcdefgh");
        check(Keep::Last(100), b"abcdefgh");
        check(Keep::Last(0), b"");
    }
}
