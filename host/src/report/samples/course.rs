//! Runs with a course: recorded from stretch to stretch, saved, and read back.

use std::sync::Arc;

use super::{Dice, MS, component, facts};
use crate::report::view::{RunView, Series};
use crate::saved::{Event, testing};
use crate::stats::facts::{Accounting, Load, Model, RunFacts};
use crate::stats::{Fault, Interner, Recorder, Summary, Tables, Times};
use crate::thresholds;

/// How long a stretch is.
const STRETCH_NS: u64 = 100 * MS;

/// Calls of a stretch.
const CALLS: u64 = 200;

const STRETCHES: u64 = 12;

/// Rules of every result.
const RULES: [&str; 6] = [
    "p99 > 1s",
    "p50 > 1ms",
    "fail > 1%",
    "p99.99 > 1s",
    "tag(|x|) > 0",
    "counter(\u{1b}[2J<尺寸>) > 0",
];

fn calls(recorder: &mut Recorder, stretch: u64, operations: u64, dice: &mut Dice) {
    for number in stretch * CALLS..(stretch + 1) * CALLS {
        let operation = (number / 3 % operations) as u16;
        let due_ns = number * STRETCH_NS / CALLS;
        let start_ns = due_ns + if stretch == 7 { 40 * MS } else { 30_000 };
        let end_ns = start_ns + dice.duration(if number % 13 == 0 { 12.0 } else { 3.0 });
        let row = match number {
            n if n % 40 == 7 => recorder.row_of_tag(operation, Err("503")),
            n if n % 97 == 11 => recorder.row_of_fault(operation, Fault::Timeout),
            n if n % 31 == 3 => recorder.row_of_tag(operation, Ok("=1+1|`@a`\u{1b}")),
            _ => recorder.row_of_tag(operation, Ok("200")),
        };
        let times = Times {
            due_ns,
            start_ns,
            end_ns,
        };
        recorder.call(row, times);
        recorder.counter("items", number % 3);
        recorder.check("has a body", number % 40 != 7);
        match number % 40 {
            7 => recorder.failure(row, "a |bad| `gateway`", number, 0, end_ns),
            _ => recorder.measurement(row, "log in", (end_ns - start_ns) / 3),
        }
    }
}

/// A run of a closed or an open load, of so many operations.
pub(crate) fn course(model: Model, operations: u64) -> RunView {
    let is_open = model == Model::Open;
    let interner = Arc::new(Interner::new(None));
    let mut dice = Dice(operations);
    let ticks = (0..STRETCHES).map(|stretch| {
        let mut recorder = Recorder::new(Arc::clone(&interner), is_open);
        recorder.set_window_end(STRETCHES * STRETCH_NS);
        calls(&mut recorder, stretch, operations, &mut dice);
        let mut warm_up = Recorder::new(Arc::clone(&interner), is_open);
        if stretch == 0 {
            calls(&mut warm_up, 0, operations, &mut dice);
        }
        if stretch + 1 == STRETCHES && is_open {
            let end_ns = STRETCHES * STRETCH_NS;
            (0..3).for_each(|_| recorder.never_ended(end_ns - 20 * MS, None, end_ns));
        }
        let from_ns = stretch * STRETCH_NS;
        let tables: [Tables; 2] = [recorder, warm_up].map(Recorder::into_tables);
        let [results, warm_up] = tables;
        (from_ns, from_ns + STRETCH_NS, results, warm_up)
    });
    let mut run = testing::run_of(&ticks.collect::<Vec<_>>());
    let done = run.tables.calls();
    let not_started = if is_open { 3 } else { 0 };
    let mut facts = RunFacts {
        components: [component("browse.wasm"), component("buy|<b>.wasm")]
            .into_iter()
            .take(operations as usize)
            .collect(),
        elapsed_ns: STRETCHES * STRETCH_NS + 60 * MS,
        window_ns: STRETCHES * STRETCH_NS,
        accounting: Accounting {
            asked: done + not_started,
            done,
            not_started,
            warmup_done: CALLS,
            ..Accounting::default()
        },
        ..facts()
    };
    facts.load = Load {
        model,
        rate: is_open.then(|| "2000/s".to_owned()),
        ..facts.load
    };
    let summary = Summary::of(facts, std::mem::take(&mut run.tables));
    summary.check_identities().unwrap();
    let rules = RULES.map(|rule| rule.parse().unwrap());
    let mut series = Series::take(&mut run);
    series.events.push(Event {
        at_ns: 700 * MS,
        until_ns: Some(740 * MS),
        kind: "gap".to_owned(),
        text: "the runner itself did not run".to_owned(),
    });
    RunView {
        rules: thresholds::evaluate_all(&rules, &summary, []),
        summary,
        exit_code: Some(99),
        series,
        ..RunView::default()
    }
}

/// Every sample as a run: those without a course, and one of each load with and without a mix.
pub(crate) fn views() -> Vec<(&'static str, RunView)> {
    let without = super::all().map(|(name, summary)| {
        let view = RunView {
            summary,
            ..RunView::default()
        };
        (name, view)
    });
    let with = [
        ("closed course", course(Model::Closed, 1)),
        ("open course", course(Model::Open, 1)),
        ("closed mix", course(Model::Closed, 2)),
        ("open mix", course(Model::Open, 2)),
    ];
    without.into_iter().chain(with).collect()
}
