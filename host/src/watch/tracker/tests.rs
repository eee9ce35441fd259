use super::*;

const S: u64 = 1_000_000_000;

/// What a system with two CPUs and ticks of 10 ms stands at `seconds` after the first sample.
fn at(seconds: u64) -> Snapshot {
    Snapshot {
        monotonic_ns: Some((1_000 + seconds) * S),
        boot_offset_ns: Some(5_000),
        wall_offset_ns: Some(1_700_000_000_000_000_000),
        usage: Some(Usage {
            user_ns: 40 * S,
            system_ns: 10 * S,
            involuntary_switches: 7,
        }),
        ticks: Some(Ticks {
            busy: 500,
            idle: 1_000 + seconds * 200,
            steal: 3,
        }),
        waits: Some(vec![(1, 100), (2, 1_000)]),
        throttled_ns: Some(9 * S),
        descriptors: Some(20),
        sockets: Some(Sockets {
            in_use: 10,
            time_wait: 1,
        }),
    }
}

fn facts() -> Facts {
    Facts {
        cpus: Some(2.0),
        tick_ns: Some(10_000_000),
        descriptors: Some(1_024),
        ports: Some(28_232),
    }
}

/// The readings of samples a second apart, of which the first is at 3 s of the run.
fn readings(samples: Vec<Snapshot>) -> SystemReadings {
    let mut samples = samples.into_iter().zip(3..);
    let (first, at) = samples.next().unwrap();
    let mut tracker = Tracker::begin(facts(), at * S, first);
    samples.for_each(|(snapshot, at)| tracker.add(at * S, snapshot));
    tracker.readings()
}

#[test]
fn a_time_in_which_nothing_happened_reads_as_nothing() {
    let readings = readings(vec![at(0), at(1)]);
    let expected = SystemReadings {
        cpus: Some(2.0),
        user_ns: Some(0),
        system_ns: Some(0),
        cpu_share_peak: Some(0.0),
        involuntary_switches: Some(0),
        run_queue_ns: Some(0),
        throttled_ns: Some(0),
        busy_ns: Some(0),
        busy_share_peak: Some(0.0),
        steal_ns: Some(0),
        descriptors_peak: Some(20),
        descriptors_limit: Some(1_024),
        ports: Some(28_232),
        sockets_peak: Some(11),
        time_wait_peak: Some(1),
        wall_drift: Some(WallDrift {
            by_ns: 0,
            at_ns: 3 * S,
        }),
        suspended: Vec::new(),
    };
    assert_eq!(readings, expected);
}

#[test]
fn counters_count_from_the_first_sample_and_peaks_are_of_one_interval() {
    let mut busy = at(1);
    busy.usage = Some(Usage {
        user_ns: 41 * S,
        system_ns: 10 * S + S / 2,
        involuntary_switches: 9,
    });
    busy.ticks = Some(Ticks {
        busy: 680,
        idle: 1_010,
        steal: 13,
    });
    busy.descriptors = Some(900);
    busy.sockets = Some(Sockets {
        in_use: 700,
        time_wait: 60,
    });
    let mut after = busy.clone();
    after.monotonic_ns = at(2).monotonic_ns;
    after.ticks = Some(Ticks {
        busy: 680,
        idle: 1_210,
        steal: 13,
    });
    after.throttled_ns = Some(10 * S);
    (after.descriptors, after.sockets) = (at(2).descriptors, at(2).sockets);
    let readings = readings(vec![at(0), busy, after]);
    assert_eq!(
        (readings.user_ns, readings.system_ns),
        (Some(S), Some(S / 2))
    );
    assert_eq!(readings.involuntary_switches, Some(2));
    assert_eq!(
        (readings.busy_ns, readings.steal_ns),
        (Some(1_800_000_000), Some(100_000_000))
    );
    assert_eq!(
        (readings.cpu_share_peak, readings.busy_share_peak),
        (Some(0.75), Some(0.9))
    );
    assert_eq!(readings.throttled_ns, Some(S));
    assert_eq!(
        (readings.descriptors_peak, readings.sockets_peak),
        (Some(900), Some(760))
    );
    assert_eq!(readings.time_wait_peak, Some(60));
}

#[test]
fn samples_close_together_make_no_peak() {
    let mut soon = at(0);
    soon.monotonic_ns = Some(1_000 * S + 1_000_000);
    soon.usage = Some(Usage {
        user_ns: 41 * S,
        system_ns: 10 * S,
        involuntary_switches: 7,
    });
    assert_eq!(readings(vec![at(0), soon]).cpu_share_peak, None);
}

#[test]
fn threads_come_and_go_and_their_waits_stay() {
    let waits = |samples: &[&[(u32, u64)]]| {
        let with = |waits: &&[(u32, u64)]| Snapshot {
            waits: Some(waits.to_vec()),
            ..at(0)
        };
        readings(samples.iter().map(with).collect()).run_queue_ns
    };
    // Grown by 5; come, and at 7; gone after it had grown by 3.
    assert_eq!(
        waits(&[
            &[(1, 100), (2, 50)],
            &[(1, 105), (2, 53), (3, 4)],
            &[(1, 105), (3, 7)]
        ]),
        Some(15)
    );
    // Number 2 was given to another thread.
    assert_eq!(waits(&[&[(2, 50)], &[(2, 60)], &[(2, 4)]]), Some(14));
    assert_eq!(waits(&[&[(2, 50)], &[], &[(2, 4)]]), Some(4));
    let mut unknown = at(0);
    unknown.waits = None;
    assert_eq!(readings(vec![unknown.clone(), unknown]).run_queue_ns, None);
}

#[test]
fn a_suspension_is_a_gap_and_no_drift() {
    let mut woken = at(1);
    woken.boot_offset_ns = woken.boot_offset_ns.map(|offset| offset + 30_000_000_000);
    woken.wall_offset_ns = woken.wall_offset_ns.map(|offset| offset + 30_000_000_000);
    let readings = readings(vec![at(0), woken.clone(), woken]);
    let gap = Gap {
        from_ns: 3 * S,
        length_ns: 30 * S,
        kind: GapKind::Suspended,
    };
    assert_eq!(readings.suspended, [gap]);
    assert_eq!(readings.wall_drift.map(|drift| drift.by_ns), Some(0));
}

#[test]
fn the_farthest_drift_is_told_with_its_time() {
    let moved = |seconds: u64, by: i64| {
        let mut snapshot = at(seconds);
        snapshot.wall_offset_ns = snapshot.wall_offset_ns.map(|offset| offset + by);
        snapshot
    };
    let readings = readings(vec![
        at(0),
        moved(1, 5_000),
        moved(2, -3_600_000_000_000),
        moved(3, 9),
    ]);
    assert_eq!(
        readings.wall_drift,
        Some(WallDrift {
            by_ns: 3_600 * S,
            at_ns: 5 * S
        })
    );
    assert_eq!(readings.suspended, []);
}

#[test]
fn counters_that_go_back_or_are_unknown_do_no_harm() {
    let mut back = at(1);
    back.usage = Some(Usage::default());
    back.ticks = Some(Ticks::default());
    back.throttled_ns = Some(0);
    let readings_back = readings(vec![at(0), back]);
    assert_eq!(
        (readings_back.user_ns, readings_back.busy_ns),
        (Some(0), Some(0))
    );
    assert_eq!(readings_back.throttled_ns, Some(0));
    let unknown = readings(vec![Snapshot::default(), Snapshot::default()]);
    let expected = SystemReadings {
        cpus: Some(2.0),
        descriptors_limit: Some(1_024),
        ports: Some(28_232),
        ..SystemReadings::default()
    };
    assert_eq!(unknown, expected);
    let extreme = |offset| Snapshot {
        boot_offset_ns: Some(offset),
        wall_offset_ns: Some(-offset),
        ..at(0)
    };
    readings(vec![extreme(i64::MAX), extreme(-i64::MAX)]);
}
