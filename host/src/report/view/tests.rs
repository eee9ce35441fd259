//! What is known of one operation in a run of several.

use std::sync::Arc;

use serde_json::Value;

use super::*;
use crate::saved::{self, Header, Line, RunFile, Tick};
use crate::stats::{Accounting, Component, Interner, Outcome, Recorder, RunFacts, Tables, Times};

const MS: u64 = 1_000_000;

/// The length of a stretch.
const TICK_NS: u64 = 50 * MS;

/// Stretches with results, after two of warm-up.
const TICKS: u64 = 80;

/// A run of two operations that had the same numbers. Of the second, which takes half as long again, every tenth call fails.
pub(in crate::report) fn side_by_side() -> RunView {
    let folder = tempfile::tempdir().unwrap();
    let mut file = RunFile::create(&folder.path().join("run"), &Header::new("run")).unwrap();
    let interner = Arc::new(Interner::new(None));
    for at in 0..TICKS + 2 {
        let mut recorder = Recorder::new(Arc::clone(&interner), false);
        for call in 0..20 {
            let dice = (at * 7_919 + call * 104_729) % 997;
            for operation in [1, 0] {
                let returned = match (operation, call % 10) {
                    (1, 3) => Err("late"),
                    _ => Ok("done"),
                };
                let start_ns = at * TICK_NS;
                let times = Times {
                    due_ns: start_ns,
                    start_ns,
                    end_ns: start_ns + (u64::from(operation) + 2) * MS + dice * 500,
                };
                let row = recorder.row_of_tag(operation, returned);
                recorder.call(row, times);
            }
        }
        let (tables, none) = (recorder.into_tables(), Tables::default());
        let (from_ns, to_ns) = (at * TICK_NS, (at + 1) * TICK_NS);
        let tick = match at {
            0..2 => Tick::new(from_ns, to_ns, &none, &tables),
            _ => Tick::new(from_ns, to_ns, &tables, &none),
        };
        file.append(Line::Tick(Box::new(tick)));
    }
    let path = file.finish(Value::Null).unwrap();
    let mut run = saved::read(&path).unwrap();
    let done = run.tables.calls();
    let component = |name: &str| Component {
        name: name.to_owned(),
        path: format!("{name}.wasm"),
        ..Component::default()
    };
    let mut facts = RunFacts {
        run_id: "both".to_owned(),
        components: ["quick", "slow"].map(component).to_vec(),
        accounting: Accounting {
            asked: done,
            done,
            ..Accounting::default()
        },
        window_ns: TICKS * TICK_NS,
        elapsed_ns: TICKS * TICK_NS,
        ..RunFacts::default()
    };
    facts.load.side_by_side = true;
    RunView {
        series: Series::take(&mut run),
        summary: Summary::of(facts, run.tables),
        ..RunView::default()
    }
}

#[test]
fn an_operation_has_a_course_of_its_own() {
    let run = side_by_side();
    for operation in [0, 1] {
        let (series, summary) = (
            run.series.of_operation(operation),
            run.summary.of_operation(operation),
        );
        summary.check_identities().unwrap();
        let sum = |of: fn(&TickFigures) -> u64| series.ticks.iter().map(of).sum::<u64>();
        assert_eq!(sum(|tick| tick.count), summary.done());
        assert_eq!(sum(|tick| tick.fail), summary.count(Outcome::Fail));
        assert_eq!(sum(|tick| tick.felt().len()), summary.done());
        assert_eq!(sum(|tick| tick.warmup), 0);
        // It begins with the results.
        assert_eq!(series.ticks[0].from_ns, 2 * TICK_NS);
        for (index, key) in series.keys.iter().enumerate() {
            let counted = series.ticks.iter().flat_map(|tick| &tick.rows);
            let counted = counted.filter(|row| row.row == index);
            let row = summary.rows.iter().find(|row| row.key == *key);
            assert_eq!(
                Some(counted.map(|row| row.count).sum()),
                row.map(|row| row.count)
            );
        }
        assert_eq!(series.keys.len(), summary.rows.len());
    }
    assert_eq!(run.series.of_operation(1).keys.len(), 2);
    assert_eq!(run.series.of_operation(2).keys.len(), 0);
}
