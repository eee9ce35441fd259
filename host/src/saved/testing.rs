//! Saved runs for tests.

use std::sync::Arc;

use proptest::prelude::*;
use serde::Serialize;
use serde_json::json;

use super::format::{Closing, Event, Header, Tick};
use super::line;
use super::reader::{SavedRun, read_from};
use crate::error::Result;
use crate::stats::{Fault, Interner, Recorder, Tables, Times};

/// Something a run records: what it is, which name it has, and a size.
pub(super) type Act = (u8, u8, u64);

pub(super) fn acts() -> impl Strategy<Value = Vec<Act>> {
    let size = (0u32..=64, any::<u64>()).prop_map(|(bits, of)| of.checked_shr(bits).unwrap_or(0));
    prop::collection::vec((0u8..10, 0u8..4, size), 0..25)
}

/// The tables of these acts.
pub(super) fn tables(open_load: bool, acts: &[Act]) -> Tables {
    let mut recorder = Recorder::new(Arc::new(Interner::new(None)), open_load);
    recorder.set_window_end(1 << 40);
    for &(act, name, ns) in acts {
        let name = ["", "200", "\"quoted\" \u{1f980}\n", "!other"][usize::from(name)];
        let row = match act {
            0 => recorder.row_of_fault(7, Fault::Timeout),
            1..4 => recorder.row_of_tag(0, Ok(name)),
            _ => recorder.row_of_tag(1, Err(name)),
        };
        match act {
            0..3 => recorder.call(
                row,
                Times {
                    due_ns: ns / 3,
                    start_ns: ns / 2,
                    end_ns: ns,
                },
            ),
            3 => recorder.call_without_timing(row, ns),
            4 => recorder.measurement(row, name, ns),
            5 => recorder.counter(name, ns),
            6 => recorder.check(name, ns % 2 == 0),
            7 => recorder.failure(row, name, ns, 5, ns / 7),
            8 => (0..80).for_each(|kind| recorder.failure(row, &format!("{kind}"), 0, 0, ns)),
            _ => recorder.never_ended(ns / 3, (ns % 2 == 0).then_some(ns / 2), ns),
        }
    }
    recorder.into_tables()
}

/// What is recorded in one tick: results and warm-up.
pub(super) type Recorded = (Tables, Tables);

pub(super) fn recorded() -> impl Strategy<Value = Vec<Recorded>> {
    (any::<bool>(), prop::collection::vec((acts(), acts()), 0..5)).prop_map(|(open_load, ticks)| {
        ticks
            .into_iter()
            .map(|(results, warmup)| (tables(open_load, &results), tables(open_load, &warmup)))
            .collect()
    })
}

/// All of these together, of which the warm-up has rows alone.
pub(super) fn merged(recorded: &[Recorded]) -> Recorded {
    let mut all = Recorded::default();
    for (results, warmup) in recorded {
        all.0.merge(results.clone());
        all.1.merge(Tables {
            rows: warmup.rows.clone(),
            ..Tables::default()
        });
    }
    all
}

/// A value as a line with its checksum.
pub(super) fn line_of(value: &impl Serialize) -> Vec<u8> {
    let mut bytes = Vec::new();
    line::append(&mut bytes, value).unwrap();
    bytes
}

/// The lines of a whole run: header, ticks with an event after the first, summary.
pub(super) fn lines(id: &str, recorded: &[Recorded]) -> Vec<Vec<u8>> {
    let mut lines = vec![line_of(&Header {
        facts: json!({"seed": 7}),
        ..Header::new(id)
    })];
    let mut closing = Closing {
        facts: json!({"status": "completed"}),
        ..Closing::default()
    };
    for (index, (results, warmup)) in recorded.iter().enumerate() {
        let from_ns = index as u64 * 50;
        let mut tick = Tick::new(from_ns, from_ns + 50, results, warmup);
        tick.extra = index
            .is_multiple_of(2)
            .then(|| json!({"cpu": 0.25, "index": index}));
        closing.ticks += 1;
        closing.done += tick.done();
        closing.warmup_done += tick.warmup_done();
        lines.push(line_of(&tick));
        if index == 0 {
            lines.push(line_of(&Event {
                at_ns: 5,
                until_ns: Some(9),
                kind: "gap".to_owned(),
                text: "the runner slept".to_owned(),
            }));
        }
    }
    lines.push(line_of(&closing));
    lines
}

/// Reads what has these bytes.
pub(super) fn read_bytes(bytes: &[u8]) -> Result<SavedRun> {
    read_from(bytes, "run.jsonl")
}

/// The run that has these ticks, as it is read.
pub(crate) fn run_of(ticks: &[Tick]) -> SavedRun {
    let header = line_of(&Header::new("run"));
    let ticks = ticks.iter().map(line_of);
    let lines: Vec<Vec<u8>> = std::iter::once(header).chain(ticks).collect();
    read_bytes(&lines.concat()).unwrap()
}
