//! What workers log while a run goes on: each line as it comes, or on a terminal the latest of each worker.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::super::output;
use crate::component::log::{LogLine, RunLog};
use crate::monitor::LatestLogs;

/// Workers whose lines are kept; more do not fit a screen.
const WORKERS: usize = 64;

/// A log that nobody watches.
pub(super) fn unwatched() -> RunLog {
    RunLog::default()
}

/// A log whose lines are written to stderr as they come.
pub(super) fn line_by_line() -> RunLog {
    RunLog::with_listener(|line| {
        let text = output::escaped(&line.text);
        output::to_stderr(&format!(
            "worker {} call {} {}: {text}\n",
            line.worker, line.number, line.origin
        ));
    })
}

/// A log of which the latest line of each worker is to be seen.
pub(super) fn latest() -> (RunLog, LatestLogs) {
    let lines: Arc<Mutex<BTreeMap<u32, String>>> = Arc::default();
    let listened = Arc::clone(&lines);
    let log = RunLog::with_listener(move |line: &LogLine| {
        let mut lines = listened.lock().unwrap_or_else(PoisonError::into_inner);
        if lines.len() < WORKERS || lines.contains_key(&line.worker) {
            lines.insert(line.worker, format!("call {}: {}", line.number, line.text));
        }
    });
    let latest = move || {
        let lines = lines.lock().unwrap_or_else(PoisonError::into_inner);
        let lines = lines.iter().map(|(worker, line)| (*worker, line.clone()));
        lines.collect()
    };
    (log, Box::new(latest))
}
