//! What the rules come to while a run goes on, second by second, on times that nobody waits for.

use std::time::Duration;

use super::*;
use crate::engine::tally::Counts;
use crate::stats::{Interner, RunFacts, Times};
use crate::thresholds::{Evaluated, Threshold, ThresholdResult};

/// A run that is watched, as far as its threads have come.
struct Watched {
    watcher: Watcher,
    control: Arc<Control>,
    clock: RunClock,
    interner: Arc<Interner>,
    results_from_ns: u64,
    tick: u64,
}

impl Watched {
    fn by(fail_if: &[&str], abort_if: &[&str]) -> Watched {
        let rules = |rules: &[&str]| -> Vec<Threshold> {
            rules.iter().map(|rule| rule.parse().unwrap()).collect()
        };
        let control = Arc::new(Control::default());
        let mut watcher = Watcher::new(Plan {
            facts: RunFacts::default(),
            progress: Progress::default(),
            fail_if: rules(fail_if),
            abort_if: rules(abort_if),
            control: Arc::clone(&control),
            items: None,
            file: None,
            screen: None,
            remember: |_| {},
            logs: None,
        });
        let clock = RunClock::start();
        watcher.begin(clock);
        Watched {
            watcher,
            control,
            clock,
            interner: Arc::new(Interner::new(None)),
            results_from_ns: 0,
            tick: 0,
        }
    }

    /// What a thread hands over that made so many calls.
    fn records(&self, calls: u64) -> Records {
        let mut recorder = Recorder::new(Arc::clone(&self.interner), false);
        let row = recorder.row_of_tag(0, Ok("200"));
        for _ in 0..calls {
            let times = Times {
                due_ns: 0,
                start_ns: 0,
                end_ns: 1_000_000,
            };
            recorder.call(row, times);
        }
        Records {
            results: Some(recorder),
            ..Records::default()
        }
    }

    /// A thread makes so many calls each tick until then, and hands each over when it is over.
    fn until(&mut self, end_ns: u64, calls_per_tick: u64) {
        while ticks::end_of(self.tick) <= end_ns {
            let at_ns = ticks::end_of(self.tick) + 10_000;
            self.watcher.take(Snapshot {
                clock: self.clock,
                thread: 0,
                at_ns,
                records: self.records(calls_per_tick),
                counts: Counts::default(),
                busy: 1,
                workers: 1,
                late_ns: None,
                results_from_ns: Some(self.results_from_ns),
            });
            self.watcher.end_tick(self.tick);
            self.tick += 1;
        }
    }

    /// No thread runs until then.
    fn stopped_until(&mut self, end_ns: u64) {
        while ticks::end_of(self.tick) <= end_ns {
            self.watcher.end_tick(self.tick);
            self.tick += 1;
        }
    }

    fn is_aborted(&self) -> bool {
        matches!(self.control.cause(), Some(Cause::Abort(_)))
    }

    /// Nothing is left to be handed over; calls could start until `window_end_ns`.
    fn end(self, window_end_ns: u64, end_ns: u64) -> Observed {
        let rest = self.records(0);
        self.watcher.finish(Ending {
            rest,
            clock: self.clock,
            results_from_ns: self.results_from_ns,
            window_end_ns,
            end_ns,
        })
    }
}

/// 20 ticks are a second at first, so this is 100 calls a second.
const PER_TICK: u64 = 5;

#[track_caller]
fn is(one: &Evaluated, result: ThresholdResult, measured: &str) {
    assert_eq!(one.verdict.result, result, "{one:?}");
    assert_eq!(one.shown().unwrap_or_default(), measured, "{one:?}");
}

#[test]
fn a_window_as_long_as_the_run_is_judged() {
    let mut watched = Watched::by(&["rate over 3s < 99/s"], &[]);
    watched.until(3 * SECOND_NS, PER_TICK);
    watched.control.advance_at(
        Stage::Draining,
        Cause::Duration,
        watched.clock.instant(Duration::from_secs(3)),
    );
    let observed = watched.end(3 * SECOND_NS, 3 * SECOND_NS + 1_000_000);
    is(&observed.windows[0], ThresholdResult::Pass, "100.0/s");
}

#[test]
fn the_last_second_is_one_though_its_last_call_ended_before_it() {
    let mut watched = Watched::by(&["rate over 3s < 99/s"], &[]);
    watched.until(3 * SECOND_NS - 50_000_000, PER_TICK);
    let observed = watched.end(3 * SECOND_NS, 3 * SECOND_NS - 1);
    is(&observed.windows[0], ThresholdResult::Fail, "98.33/s");
}

#[test]
fn a_second_in_which_calls_could_start_in_part_is_not_judged() {
    // The warm-up ends in the middle of the second second, and the run in that of the fifth.
    let mut watched = Watched::by(&["rate over 1s < 99/s"], &[]);
    watched.results_from_ns = 1_500_000_000;
    watched.until(SECOND_NS, 0);
    watched.until(1_500_000_000, 0);
    watched.until(4_500_000_000, PER_TICK);
    let drained = watched.clock.instant(Duration::from_millis(4_500));
    watched
        .control
        .advance_at(Stage::Draining, Cause::Interrupt, drained);
    watched.until(7_000_000_000, 0);
    let observed = watched.end(4_500_000_000, 7_000_000_000);
    is(&observed.windows[0], ThresholdResult::Pass, "100.0/s");
}

#[test]
fn a_run_in_which_nothing_ends_breaks_a_rule_about_its_rate() {
    let mut watched = Watched::by(&[], &["rate over 2s < 50/s"]);
    watched.until(4 * SECOND_NS, PER_TICK);
    assert!(!watched.is_aborted());
    watched.until(6 * SECOND_NS - 1, 0);
    assert!(!watched.is_aborted());
    watched.until(6 * SECOND_NS, 0);
    assert!(watched.is_aborted());
    let observed = watched.end(6 * SECOND_NS, 6 * SECOND_NS);
    is(
        &observed.ended_by.unwrap(),
        ThresholdResult::Fail,
        "0.000/s",
    );
    let mut watched = Watched::by(&[], &["rate < 50/s"]);
    watched.until(SECOND_NS, 0);
    assert!(watched.is_aborted());
}

#[test]
fn a_time_in_which_the_runner_was_stopped_is_in_no_window() {
    let mut watched = Watched::by(&["rate over 2s < 99/s"], &["rate over 1s < 99/s"]);
    watched.until(3 * SECOND_NS, PER_TICK);
    watched.stopped_until(60 * SECOND_NS - 300_000_000);
    watched.until(63 * SECOND_NS, PER_TICK);
    assert!(!watched.is_aborted());
    let observed = watched.end(63 * SECOND_NS, 63 * SECOND_NS);
    is(&observed.windows[0], ThresholdResult::Pass, "100.0/s");
    is(&observed.windows[1], ThresholdResult::Pass, "100.0/s");
}

#[test]
fn a_monitor_that_comes_late_sees_the_same_seconds() {
    let mut watched = Watched::by(&["rate over 1s < 99/s", "rate over 1s > 101/s"], &[]);
    // All that was handed over in a second and a half waits for it.
    for tick in 0..30 {
        let snapshot = Snapshot {
            clock: watched.clock,
            thread: 0,
            at_ns: ticks::end_of(tick) + 10_000,
            records: watched.records(PER_TICK),
            counts: Counts::default(),
            busy: 1,
            workers: 1,
            late_ns: None,
            results_from_ns: Some(0),
        };
        watched.watcher.take(snapshot);
    }
    watched.stopped_until(1_500_000_000);
    watched.until(3 * SECOND_NS, PER_TICK);
    let observed = watched.end(3 * SECOND_NS, 3 * SECOND_NS);
    is(&observed.windows[0], ThresholdResult::Pass, "100.0/s");
    is(&observed.windows[1], ThresholdResult::Pass, "100.0/s");
}

#[test]
fn a_second_is_one_however_long_ticks_are() {
    // From the thirteenth minute on they are half a second.
    let mut watched = Watched::by(&["rate over 10s > 10.1/s", "rate over 10s < 9.9/s"], &[]);
    watched.results_from_ns = 720 * SECOND_NS;
    watched.until(720 * SECOND_NS, 0);
    watched.until(800 * SECOND_NS, PER_TICK);
    let observed = watched.end(800 * SECOND_NS, 800 * SECOND_NS);
    is(&observed.windows[0], ThresholdResult::Pass, "10.00/s");
    is(&observed.windows[1], ThresholdResult::Pass, "10.00/s");
}
