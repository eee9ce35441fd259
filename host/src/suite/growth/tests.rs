use super::*;
use crate::stats::facts::{Load, RunFacts};
use crate::stats::{Latency, Outcome, Row, RowKey, Summary};
use crate::suite::index::{Index, SavedRun, State};
use crate::suite::settings::With;

/// A run of one second, so that its calls are its rate.
fn view(load: Load, calls: u64) -> RunView {
    let key = RowKey {
        operation: 0,
        outcome: Outcome::Ok,
        tag: "x".to_owned(),
    };
    let row = Row {
        key,
        count: calls,
        inside: calls,
        first_ns: 0,
        latency: Latency::default(),
        measurements: Vec::new(),
    };
    RunView {
        summary: Summary {
            facts: RunFacts {
                window_ns: 1_000_000_000,
                load,
                ..RunFacts::default()
            },
            rows: vec![row],
            ..Summary::default()
        },
        ..RunView::default()
    }
}

fn closed(workers: u64) -> Load {
    Load {
        workers,
        threads: 2,
        ..Load::default()
    }
}

fn open(rate: &str) -> Load {
    Load {
        model: Model::Open,
        rate: Some(rate.to_owned()),
        ..Load::default()
    }
}

fn suite(runs: Vec<(SavedRun, Option<RunView>)>) -> SuiteView {
    let (saved, views) = runs.into_iter().unzip();
    SuiteView {
        index: Index {
            runs: saved,
            ..Index::default()
        },
        runs: views,
        ..SuiteView::default()
    }
}

fn run(name: &str, entry: usize, point: usize, key: Option<&str>) -> SavedRun {
    SavedRun {
        name: name.to_owned(),
        entry,
        point,
        with: key
            .map(|key| With {
                name: key.to_owned(),
                value: point.to_string(),
                text: format!("{key} {point}"),
            })
            .into_iter()
            .collect(),
        state: State::Done,
        ..SavedRun::default()
    }
}

/// The name, and of each point the rate, the speed-up and the efficiency, or in open load the part of the rate that was kept.
#[track_caller]
fn check(suite: &SuiteView, name: Option<&str>, expected: &[(f64, f64, Option<f64>)]) {
    let all = growth(suite);
    assert_eq!(all.len(), 1, "{all:#?}");
    assert_eq!(all[0].name.as_deref(), name);
    let points = all[0].points.iter();
    let points: Vec<_> = points
        .map(|point| {
            (
                point.per_s.unwrap(),
                point.speed_up.unwrap(),
                point.efficiency.or(point.kept),
            )
        })
        .collect();
    assert_eq!(points, expected);
}

#[test]
fn growing_workers_are_compared_with_what_they_would_give_at_best() {
    let runs = [(1, 100), (2, 200), (4, 300)].into_iter().enumerate();
    let runs = runs.map(|(point, (workers, calls))| {
        let saved = run("a", 0, point, Some("workers"));
        (saved, Some(view(closed(workers), calls)))
    });
    let expected = [
        (100.0, 1.0, Some(1.0)),
        (200.0, 2.0, Some(1.0)),
        (300.0, 3.0, Some(0.75)),
    ];
    check(&suite(runs.collect()), Some("a"), &expected);
}

#[test]
fn of_repetitions_the_median_counts_and_what_has_no_result_is_left_out() {
    let point = |point: usize, calls: Option<u64>| {
        let workers = 1 + point as u64;
        let saved = run("a", 0, point, Some("workers"));
        (saved, calls.map(|calls| view(closed(workers), calls)))
    };
    let runs = vec![
        point(0, Some(100)),
        point(1, Some(150)),
        point(0, Some(900)),
        point(1, Some(250)),
        point(0, Some(110)),
        point(1, None),
        point(2, None),
    ];
    let suite = suite(runs);
    check(
        &suite,
        Some("a"),
        &[
            (110.0, 1.0, Some(1.0)),
            (200.0, 200.0 / 110.0, Some(200.0 / 110.0 / 2.0)),
        ],
    );
    let all = growth(&suite);
    assert_eq!(all[0].points[0].range_per_s, Some((100.0, 900.0)));
    assert_eq!((all[0].points[0].runs, all[0].points[1].runs), (3, 2));
}

#[test]
fn of_open_load_the_part_of_the_rate_that_was_kept_is_told() {
    let runs = [("100/s", 100), ("200/s", 150)].into_iter().enumerate();
    let runs = runs.map(|(point, (rate, calls))| {
        let saved = run("a", 0, point, Some("rate"));
        (saved, Some(view(open(rate), calls)))
    });
    let expected = [(100.0, 1.0, Some(1.0)), (150.0, 1.5, Some(0.75))];
    check(&suite(runs.collect()), Some("a"), &expected);
}

#[test]
fn a_bound_on_calls_in_flight_has_no_efficiency() {
    let runs = [(10, 100), (20, 100)].into_iter().enumerate();
    let bounded = |rate: &str| {
        let runs = runs.clone().map(|(point, (workers, calls))| {
            let load = Load {
                workers,
                ..open(rate)
            };
            let saved = run("a", 0, point, Some("workers"));
            (saved, Some(view(load, calls)))
        });
        suite(runs.collect())
    };
    let steady = [(100.0, 1.0, Some(1.0)), (100.0, 1.0, Some(1.0))];
    check(&bounded("100/s"), Some("a"), &steady);
    let curve = [(100.0, 1.0, None), (100.0, 1.0, None)];
    check(&bounded("0..200/1s"), Some("a"), &curve);
}

#[test]
fn where_more_than_workers_differ_there_is_no_efficiency() {
    let targets = (0..2).map(|point| {
        let saved = run("a", 0, point, Some("url"));
        (saved, Some(view(closed(4), 100)))
    });
    check(
        &suite(targets.collect()),
        Some("a"),
        &[(100.0, 1.0, None), (100.0, 1.0, None)],
    );
}

#[test]
fn runs_that_stand_alone_are_compared_with_each_other() {
    let runs = vec![
        (run("one", 0, 0, None), Some(view(closed(1), 100))),
        (run("two", 1, 0, None), Some(view(closed(2), 150))),
        (run("none", 2, 0, None), None),
    ];
    let suite = suite(runs);
    check(
        &suite,
        None,
        &[(100.0, 1.0, Some(1.0)), (150.0, 1.5, Some(0.75))],
    );
    assert_eq!(growth(&suite)[0].points[1].label, "two");
}

#[test]
fn one_run_grows_in_nothing() {
    let alone = suite(vec![(run("a", 0, 0, None), Some(view(closed(1), 100)))]);
    assert_eq!(growth(&alone), []);
    assert_eq!(growth(&SuiteView::default()), []);
}
