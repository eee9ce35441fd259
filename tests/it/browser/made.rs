//! Saved runs that no test could wait for, or no operation of ours would make.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use gorgon::saved::{Event, Header, Line, RunFile, Tick};
use gorgon::stats::{
    Accounting, Component, Interner, Load, Model, Recorder, RunFacts, Tables, Times,
};
use serde_json::json;

const MS: u64 = 1_000_000;
const SECOND: u64 = 1_000 * MS;

/// The length of the long run in seconds, and of its ticks in number.
pub(super) const HOUR_S: u64 = 3_600;

/// Calls in each second of it.
pub(super) const CALLS_PER_S: u64 = 120;

/// Text that would do something if it were taken for markup or for a script.
pub(super) const HOSTILE: [&str; 5] = [
    "</script><script>PWNED=1</script>",
    "<img src=x onerror=PWNED=1>",
    "\" onclick=PWNED=1 x=\"",
    "<!--<script>",
    "javascript:PWNED=1",
];

fn facts(name: &str, calls: u64, elapsed_ns: u64) -> RunFacts {
    RunFacts {
        command: vec!["gorgon".to_owned(), "run".to_owned(), name.to_owned()],
        run_id: name.to_owned(),
        started: "2026-11-20T17:04:11.123Z".to_owned(),
        components: vec![Component {
            name: name.to_owned(),
            path: name.to_owned(),
            sha256: "9f2c".repeat(16),
            ..Component::default()
        }],
        load: Load {
            model: Model::Open,
            rate: Some(format!("{CALLS_PER_S}/s")),
            threads: 2,
            ..Load::default()
        },
        elapsed_ns,
        window_ns: elapsed_ns,
        accounting: Accounting {
            asked: calls,
            done: calls,
            ..Accounting::default()
        },
        ..RunFacts::default()
    }
}

/// Writes a run with these ticks, each as long as the others.
fn write(
    path: &Path,
    tick_ns: u64,
    ticks: impl Iterator<Item = Tables>,
    events: Vec<Event>,
    facts: RunFacts,
) -> PathBuf {
    let mut file = RunFile::create(path, &Header::new(facts.run_id.clone())).expect("a file");
    let none = Tables::default();
    for (at, tables) in (0..).zip(ticks) {
        let tick = Tick::new(at * tick_ns, (at + 1) * tick_ns, &tables, &none);
        file.append(Line::Tick(Box::new(tick)));
    }
    let events = events.into_iter().map(Line::Event);
    events.for_each(|event| file.append(event));
    file.finish(json!({ "facts": facts }))
        .expect("it is written")
}

fn call(due_ns: u64, ns: u64) -> Times {
    Times {
        due_ns,
        start_ns: due_ns + 50_000,
        end_ns: due_ns + 50_000 + ns,
    }
}

/// An hour in ticks of a second: durations over four decades, waves of them, failures now and then.
pub(super) fn hour(path: &Path) -> PathBuf {
    let interner = Arc::new(Interner::new(None));
    let tick = |second: u64| {
        let mut recorder = Recorder::new(Arc::clone(&interner), true);
        for number in 0..CALLS_PER_S {
            // A spread that is the same every time.
            let dice = (second * 7_919 + number * 104_729) % 9_973;
            let base = 2 * MS + (second % 300) * 20_000;
            let ns = base + dice * dice * 9;
            let tag = match dice % 211 {
                0 => Err("503"),
                1..20 => Ok("404"),
                _ => Ok("200"),
            };
            let row = recorder.row_of_tag(0, tag);
            recorder.call(row, call(second * SECOND + number * MS, ns));
        }
        recorder.into_tables()
    };
    let facts = facts("an hour", HOUR_S * CALLS_PER_S, HOUR_S * SECOND);
    write(path, SECOND, (0..HOUR_S).map(tick), Vec::new(), facts)
}

/// A run in which everything that somebody can choose is one of [`HOSTILE`].
pub(super) fn hostile(path: &Path) -> PathBuf {
    let interner = Arc::new(Interner::new(None));
    let tick = |at: u64| {
        let mut recorder = Recorder::new(Arc::clone(&interner), true);
        for (number, text) in (0..).zip(HOSTILE) {
            for count in 0..30 {
                let tag = if count % 3 == 0 { Err(text) } else { Ok(text) };
                let row = recorder.row_of_tag(0, tag);
                recorder.call(row, call(at * 100 * MS + count * MS, (number + count) * MS));
                recorder.measurement(row, text, MS);
                recorder.failure(row, text, number, 0, MS);
            }
            recorder.counter(text, 1);
            recorder.check(text, false);
        }
        recorder.into_tables()
    };
    let [name, .., note] = HOSTILE;
    let calls = 20 * 30 * HOSTILE.len() as u64;
    let mut facts = facts(name, calls, 2 * SECOND);
    facts.notes = vec![note.to_owned()];
    facts.host.os = HOSTILE[1].to_owned();
    facts.limits.allow_hosts = vec![HOSTILE[2].to_owned()];
    facts.load.warm_up = Some(HOSTILE[3].to_owned());
    let event = Event {
        at_ns: 900 * MS,
        until_ns: Some(SECOND),
        kind: "gap".to_owned(),
        text: HOSTILE[1].to_owned(),
    };
    write(path, 100 * MS, (0..20).map(tick), vec![event], facts)
}
