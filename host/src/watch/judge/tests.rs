use super::*;
use crate::watch::readings::*;
use proptest::prelude::*;

const S: u64 = 1_000_000_000;
const MS: u64 = 1_000_000;

/// Ten seconds on two CPUs, quiet, with calls that wait for 10 ms.
fn quiet() -> Readings {
    let spread = |p50_ns, p99_ns| Spread {
        samples: Some(10_000),
        p50_ns: Some(p50_ns),
        p99_ns: Some(p99_ns),
        max_ns: Some(p99_ns * 2),
    };
    Readings {
        elapsed_ns: Some(10 * S),
        threads: Some(2),
        is_open_load: true,
        schedule: Schedule {
            due: Some(10_000),
            lag: spread(20_000, 90_000),
            missed: Some(0),
            not_started: Some(0),
        },
        pool: Pool {
            limit: Some(64),
            is_limit_hit: Some(false),
            waited_ns: Some(0),
        },
        guest_ns: Some(S),
        poll_delay: spread(10_000, 50_000),
        waiting: Waiting {
            calls: Some(10_000),
            service_p50_ns: Some(10 * MS),
        },
        connections: Connections {
            blocked_ns: Some(0),
            responses: Some(10_000),
            opened_per_s_peak: Some(64),
        },
        gaps: Vec::new(),
        system: SystemReadings {
            cpus: Some(2.0),
            user_ns: Some(3 * S),
            system_ns: Some(2 * S),
            cpu_share_peak: Some(0.3),
            involuntary_switches: Some(100),
            run_queue_ns: Some(S / 100),
            throttled_ns: Some(0),
            busy_ns: Some(6 * S),
            busy_share_peak: Some(0.4),
            steal_ns: Some(0),
            descriptors_peak: Some(100),
            descriptors_limit: Some(1_024),
            ports: Some(28_232),
            sockets_peak: Some(200),
            time_wait_peak: Some(20),
            wall_drift: Some(WallDrift {
                by_ns: 50_000,
                at_ns: S,
            }),
            suspended: Vec::new(),
        },
    }
}

/// The verdict on the quiet run after a change is one reason of that rule and state, or none; its text has the words.
#[track_caller]
fn check(change: impl FnOnce(&mut Readings), expected: Option<(&str, State)>, words: &[&str]) {
    let mut readings = quiet();
    change(&mut readings);
    let verdict = judge(&readings);
    let found: Vec<_> = verdict
        .reasons
        .iter()
        .map(|reason| (reason.id.as_str(), reason.state))
        .collect();
    assert_eq!(found, Vec::from_iter(expected), "{verdict:#?}");
    assert_eq!(
        verdict.state,
        expected.map_or(State::Valid, |(_, state)| state)
    );
    for reason in &verdict.reasons {
        for word in words {
            assert!(
                reason.text.contains(word),
                "no {word:?} in {:?}",
                reason.text
            );
        }
        assert!(
            !reason.text.ends_with('.') && !reason.text.contains("  "),
            "{:?}",
            reason.text
        );
    }
}

fn degraded(id: &str) -> Option<(&str, State)> {
    Some((id, State::Degraded))
}

fn invalid(id: &str) -> Option<(&str, State)> {
    Some((id, State::Invalid))
}

fn gap(from_ns: u64, length_ns: u64, kind: GapKind) -> Gap {
    Gap {
        from_ns,
        length_ns,
        kind,
    }
}

#[test]
fn a_quiet_run_is_valid() {
    check(|_| {}, None, &[]);
}

#[test]
fn what_is_unknown_is_no_reason() {
    assert_eq!(judge(&Readings::default()), Verdict::default());
    let nothing = |of: &mut Readings| {
        *of = Readings {
            is_open_load: true,
            ..Readings::default()
        };
    };
    check(nothing, None, &[]);
}

#[test]
fn late_calls_are_held_against_the_runner_and_the_cause_is_named() {
    let lag = |p99_ns: u64| move |of: &mut Readings| of.schedule.lag.p99_ns = Some(p99_ns);
    check(lag(MS), None, &[]);
    check(
        lag(MS + 1),
        degraded("lag"),
        &["p99 of lag is 1.00 ms", "nothing beside it"],
    );
    check(lag(10 * MS), degraded("lag"), &[]);
    check(lag(11 * MS), invalid("lag"), &["11.0 ms"]);
    let hit = |of: &mut Readings| {
        of.schedule.lag.p99_ns = Some(2 * S);
        of.pool.is_limit_hit = Some(true);
    };
    check(
        hit,
        invalid("lag"),
        &["2.00 s", "all 64 workers were busy; raise -w or the limits"],
    );
    let one = |of: &mut Readings| {
        hit(of);
        of.pool.limit = Some(1);
    };
    check(
        one,
        invalid("lag"),
        &["the only worker was busy; raise -w or the limits"],
    );
    let saturated = |of: &mut Readings| {
        of.schedule.lag.p99_ns = Some(2 * MS);
        of.system.cpu_share_peak = Some(0.97);
    };
    check(saturated, degraded("lag"), &["used up its CPUs"]);
}

#[test]
fn closed_load_has_no_schedule_to_be_late_for() {
    let closed = |of: &mut Readings| {
        of.is_open_load = false;
        of.schedule.lag.p99_ns = Some(S);
        of.schedule.not_started = Some(5_000);
    };
    check(closed, None, &[]);
}

#[test]
fn one_late_call_of_few_is_no_reason() {
    let few = |p50_ns: u64| {
        move |of: &mut Readings| {
            of.schedule.due = Some(50);
            of.schedule.lag.p99_ns = Some(20 * MS);
            of.schedule.lag.p50_ns = Some(p50_ns);
        }
    };
    check(few(50_000), None, &[]);
    check(few(12 * MS), invalid("lag"), &["p50 of lag is 12.0 ms"]);
}

#[test]
fn calls_that_were_not_made_are_told_by_their_share() {
    let missed = |count: u64| move |of: &mut Readings| of.schedule.missed = Some(count);
    check(missed(1), degraded("missed"), &["1 call of 10 000"]);
    check(missed(100), degraded("missed"), &[]);
    check(missed(101), invalid("missed"), &["101 calls"]);
    let unknown_whole = |of: &mut Readings| {
        of.schedule.missed = Some(5);
        of.schedule.due = None;
    };
    check(unknown_whole, degraded("missed"), &["5 calls fell due"]);
    let not_started = |count: u64| move |of: &mut Readings| of.schedule.not_started = Some(count);
    check(not_started(11), None, &[]);
    check(
        not_started(12),
        degraded("not_started"),
        &["12 calls of 10 000 were due"],
    );
    check(not_started(200), invalid("not_started"), &[]);
    let of_three = |of: &mut Readings| {
        of.schedule.due = Some(3);
        of.schedule.not_started = Some(1);
    };
    check(of_three, None, &[]);
}

#[test]
fn gaps_are_told_with_their_length_in_closed_load_too() {
    let one = |of: &mut Readings| {
        of.is_open_load = false;
        of.gaps = vec![gap(2 * S, 3 * S, GapKind::Stopped)];
    };
    check(one, degraded("gap"), &["for 3.00 s, 2.00 s into the run"]);
    let several = |of: &mut Readings| {
        of.gaps = vec![
            gap(S, 2 * S, GapKind::Suspended),
            gap(5 * S, 60 * S, GapKind::Suspended),
        ];
    };
    check(
        several,
        degraded("suspended"),
        &["2 times, for 1m02s together", "1m00s, 5.00 s into"],
    );
}

#[test]
fn a_busy_neighbour_flips_the_verdict_whatever_the_run_does() {
    let hog = |run_queue_ns: u64, calls: u64| {
        move |of: &mut Readings| {
            of.is_open_load = calls > 0;
            of.waiting.calls = Some(calls);
            of.system.user_ns = Some(8 * S);
            of.guest_ns = Some(7 * S);
            of.system.system_ns = Some(0);
            of.system.run_queue_ns = Some(run_queue_ns);
            of.poll_delay.p99_ns = Some(4 * MS);
        }
    };
    check(hog(S / 2, 10_000), None, &[]);
    check(
        hog(S, 10_000),
        degraded("run_queue"),
        &["11.11 %", "1.00 s together"],
    );
    check(hog(S, 0), degraded("run_queue"), &[]);
    check(
        hog(8 * S, 0),
        invalid("run_queue"),
        &["50.00 %", "beside it"],
    );
}

#[test]
fn waiting_for_a_cpu_that_nobody_feels_is_no_reason() {
    // A run that needs little CPU beside its server: half of that little is waited for, and no answer is late.
    let beside_its_server = |delay_ns: u64, lag_ns: u64| {
        move |of: &mut Readings| {
            of.system.user_ns = Some(S / 2);
            of.system.system_ns = Some(0);
            of.guest_ns = Some(0);
            of.system.run_queue_ns = Some(S / 2);
            of.poll_delay.p99_ns = Some(delay_ns);
            of.schedule.lag.p99_ns = Some(lag_ns);
        }
    };
    check(beside_its_server(MS / 10, MS / 10), None, &[]);
    check(beside_its_server(MS, MS / 10), invalid("run_queue"), &[]);
    check(
        beside_its_server(MS / 10, MS * 7 / 10),
        invalid("run_queue"),
        &[],
    );
}

#[test]
fn little_waiting_for_a_cpu_is_no_reason_however_idle_the_run() {
    let idle = |of: &mut Readings| {
        of.system.user_ns = Some(S / 100);
        of.system.system_ns = Some(0);
        of.guest_ns = Some(0);
        of.system.run_queue_ns = Some(S / 10);
        of.system.busy_ns = Some(S / 100);
        of.system.steal_ns = Some(S / 10);
    };
    check(idle, None, &[]);
}

#[test]
fn threads_beyond_the_cpus_wait_for_each_other_and_nobody_is_to_blame() {
    let crowded = |run_queue_ns: u64| {
        move |of: &mut Readings| {
            of.is_open_load = false;
            of.threads = Some(8);
            of.waiting.calls = Some(0);
            of.system.user_ns = Some(20 * S);
            of.system.system_ns = Some(0);
            of.guest_ns = Some(20 * S);
            of.system.run_queue_ns = Some(run_queue_ns);
        }
    };
    // Two CPUs for eight threads: each of them waits for three quarters of the time.
    check(crowded(60 * S), None, &[]);
    let with_hog = |of: &mut Readings| {
        crowded(70 * S)(of);
        of.system.user_ns = Some(10 * S);
        of.guest_ns = Some(10 * S);
    };
    check(with_hog, invalid("run_queue"), &[]);
}

#[test]
fn computing_is_no_fault_and_a_runner_without_cpu_is() {
    let pure = |of: &mut Readings| {
        of.waiting = Waiting {
            calls: Some(0),
            service_p50_ns: None,
        };
        of.system.user_ns = Some(20 * S);
        of.guest_ns = Some(S);
    };
    check(pure, None, &[]);
    let computing_guests = |of: &mut Readings| {
        of.system.user_ns = Some(18 * S);
        of.guest_ns = Some(15 * S);
    };
    check(computing_guests, None, &[]);
    let own = |user_ns: u64| {
        move |of: &mut Readings| {
            of.system.user_ns = Some(user_ns);
            of.system.system_ns = Some(0);
            of.guest_ns = Some(0);
        }
    };
    check(own(16 * S), None, &[]);
    check(own(17 * S), degraded("own_cpu"), &["85.00 % of 2 CPUs"]);
    check(own(21 * S), invalid("own_cpu"), &["100.00 % of 2 CPUs"]);
    let unknown_guests = |of: &mut Readings| {
        own(20 * S)(of);
        of.guest_ns = None;
    };
    check(unknown_guests, None, &[]);
}

#[test]
fn time_taken_away_is_told() {
    let steal = |steal_ns: u64| {
        move |of: &mut Readings| {
            of.system.busy_ns = Some(8 * S);
            of.system.steal_ns = Some(steal_ns);
        }
    };
    check(steal(S / 10), None, &[]);
    check(steal(S / 2), degraded("steal"), &["5.88 %", "500 ms"]);
    check(steal(2 * S), invalid("steal"), &["20.00 %"]);
    let throttled = |ns: u64| {
        move |of: &mut Readings| {
            of.system.cpus = Some(1.5);
            of.system.throttled_ns = Some(ns);
        }
    };
    check(throttled(S / 10), None, &[]);
    check(
        throttled(S / 2),
        degraded("throttled"),
        &["quota of 1.5 CPUs", "500 ms"],
    );
    check(throttled(2 * S), invalid("throttled"), &["2.00 s"]);
}

#[test]
fn answers_that_wait_for_their_thread_or_connection_are_measured_against_the_service_time() {
    let delay = |p50_ns: u64, samples: u64| {
        move |of: &mut Readings| {
            of.poll_delay.p50_ns = Some(p50_ns);
            of.poll_delay.samples = Some(samples);
        }
    };
    check(delay(500_000, 1_000), None, &[]);
    check(
        delay(600_000, 1_000),
        degraded("poll_delay"),
        &["600 µs late (p50)", "10.0 ms", "--threads"],
    );
    check(delay(3 * MS, 1_000), invalid("poll_delay"), &[]);
    check(delay(3 * MS, 99), None, &[]);
    let few_calls = |of: &mut Readings| {
        delay(3 * MS, 1_000)(of);
        of.waiting.calls = Some(99);
    };
    check(few_calls, None, &[]);
    let blocked = |ns: u64| move |of: &mut Readings| of.connections.blocked_ns = Some(ns);
    check(blocked(5 * S), None, &[]);
    check(
        blocked(60 * S),
        degraded("connections"),
        &["6.00 ms (mean)", "10.0 ms", "--connections"],
    );
}

#[test]
fn what_runs_out_is_told_with_its_cure() {
    let open = |count: u64| move |of: &mut Readings| of.system.descriptors_peak = Some(count);
    check(open(921), None, &[]);
    check(
        open(922),
        degraded("open_files"),
        &["922 of 1 024", "`ulimit -n 2048`"],
    );
    let sockets = |opened: u64| {
        move |of: &mut Readings| {
            of.system.sockets_peak = Some(25_000);
            of.connections.opened_per_s_peak = Some(opened);
        }
    };
    check(
        sockets(500),
        degraded("ports"),
        &[
            "25 000 sockets (20 in TIME_WAIT)",
            "28 232",
            "sysctl -w net",
        ],
    );
    // The sockets of others do not matter to who opens none.
    check(sockets(0), None, &[]);
}

#[test]
fn a_jump_of_the_time_of_day_is_told() {
    let drift = |by_ns: u64| {
        move |of: &mut Readings| {
            of.system.wall_drift = Some(WallDrift {
                by_ns,
                at_ns: 4 * S,
            })
        }
    };
    check(drift(100 * MS), None, &[]);
    check(
        drift(3_600 * S),
        degraded("wall_clock"),
        &["1h00m", "4.00 s into", "unaffected"],
    );
}

#[test]
fn the_worst_reason_comes_first_and_decides() {
    let mut readings = quiet();
    readings.system.wall_drift = Some(WallDrift { by_ns: S, at_ns: 0 });
    readings.gaps = vec![gap(0, S, GapKind::Stopped)];
    readings.system.steal_ns = Some(5 * S);
    let verdict = judge(&readings);
    let ids: Vec<&str> = verdict
        .reasons
        .iter()
        .map(|reason| reason.id.as_str())
        .collect();
    assert_eq!(ids, ["steal", "gap", "wall_clock"]);
    assert_eq!(verdict.state, State::Invalid);
    assert_eq!(verdict.state.to_string(), "invalid");
}

/// The readings of which more is worse, each by itself. What says how much there was of something (calls due, time
/// elapsed, CPUs) is no better or worse either way.
const WORSENING: [fn(&mut Readings, u64); 16] = [
    |of, by| add(&mut of.poll_delay.p99_ns, by),
    |of, by| add(&mut of.schedule.lag.p50_ns, by),
    |of, by| add(&mut of.schedule.lag.p99_ns, by),
    |of, by| add(&mut of.schedule.missed, by),
    |of, by| add(&mut of.schedule.not_started, by),
    |of, by| add(&mut of.poll_delay.p50_ns, by),
    |of, by| add(&mut of.connections.blocked_ns, by),
    |of, by| add(&mut of.system.run_queue_ns, by),
    |of, by| add(&mut of.system.throttled_ns, by),
    |of, by| add(&mut of.system.steal_ns, by),
    |of, by| add(&mut of.system.descriptors_peak, by),
    |of, by| add(&mut of.system.sockets_peak, by),
    |of, by| of.guest_ns = of.guest_ns.map(|ns| ns.saturating_sub(by)),
    |of, by| of.gaps.push(gap(0, by, GapKind::Stopped)),
    |of, by| {
        if let Some(gap) = of.gaps.first_mut() {
            gap.length_ns = gap.length_ns.saturating_add(by);
        }
    },
    |of, by| {
        if let Some(drift) = &mut of.system.wall_drift {
            drift.by_ns = drift.by_ns.saturating_add(by);
        }
    },
];

fn add(reading: &mut Option<u64>, by: u64) {
    *reading = reading.map(|value| value.saturating_add(by));
}

/// Numbers of every magnitude.
fn number() -> impl Strategy<Value = u64> {
    (0u32..64, any::<u64>()).prop_map(|(bits, value)| value >> bits)
}

fn maybe() -> impl Strategy<Value = Option<u64>> {
    prop::option::weighted(0.9, number())
}

fn any_readings() -> impl Strategy<Value = Readings> {
    let numbers = prop::collection::vec(maybe(), 24);
    let gaps = prop::collection::vec((number(), number(), any::<bool>()), 0..3);
    let cpus = prop::option::of(prop_oneof![Just(0.0), 0.1f64..256.0]);
    (numbers, gaps, cpus, any::<bool>()).prop_map(|(numbers, gaps, cpus, is_open_load)| {
        let mut numbers = numbers.into_iter();
        let mut next = || numbers.next().flatten();
        let mut readings = quiet();
        readings.is_open_load = is_open_load;
        readings.elapsed_ns = next();
        readings.threads = next();
        readings.schedule.due = next();
        readings.schedule.lag.p50_ns = next();
        readings.schedule.lag.p99_ns = next();
        readings.schedule.missed = next();
        readings.schedule.not_started = next();
        readings.pool.limit = next();
        readings.pool.is_limit_hit = next().map(|number| number % 2 == 0);
        readings.guest_ns = next();
        readings.poll_delay.p50_ns = next();
        readings.waiting.service_p50_ns = next();
        readings.connections.blocked_ns = next();
        readings.connections.responses = next();
        readings.system.cpus = cpus;
        readings.system.user_ns = next();
        readings.system.system_ns = next();
        readings.system.run_queue_ns = next();
        readings.system.throttled_ns = next();
        readings.system.busy_ns = next();
        readings.system.steal_ns = next();
        readings.system.descriptors_peak = next();
        readings.system.ports = next();
        readings.system.sockets_peak = next();
        readings.system.wall_drift = next().map(|by_ns| WallDrift { by_ns, at_ns: 0 });
        let kind = |is_stop| {
            if is_stop {
                GapKind::Stopped
            } else {
                GapKind::Suspended
            }
        };
        readings.gaps = gaps
            .into_iter()
            .map(|(from_ns, length_ns, is_stop)| gap(from_ns, length_ns, kind(is_stop)))
            .collect();
        readings
    })
}

proptest! {
    #[test]
    fn a_reading_that_gets_worse_never_makes_the_verdict_better(
        readings in any_readings(),
        which in 0..WORSENING.len(),
        by in number(),
    ) {
        let before = judge(&readings);
        let mut worse = readings;
        WORSENING[which](&mut worse, by);
        let after = judge(&worse);
        prop_assert!(after.state >= before.state, "{before:?} became {after:?}");
        for reason in &before.reasons {
            let still = after.reasons.iter().find(|other| other.id == reason.id);
            prop_assert!(still.is_some_and(|other| other.state >= reason.state), "{} was lost", reason.id);
        }
    }

    #[test]
    fn the_verdict_is_that_of_its_worst_reason(readings in any_readings()) {
        let verdict = judge(&readings);
        let worst = verdict.reasons.iter().map(|reason| reason.state).max();
        prop_assert_eq!(verdict.state, worst.unwrap_or(State::Valid));
        prop_assert!(verdict.reasons.is_sorted_by(|a, b| a.state >= b.state));
        prop_assert!(verdict.reasons.iter().all(|reason| reason.state > State::Valid));
    }
}
