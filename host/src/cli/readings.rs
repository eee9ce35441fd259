//! What the runner saw of itself in a run: what the engine knows, beside what the system told.

use crate::component::Totals;
use crate::engine::Finished;
use crate::monitor::Observed;
use crate::stats::{Histogram, RunFacts, Status};
use crate::watch::{Connections, Gap, GapKind, Pool, Readings, Schedule, Spread, Waiting};

/// The readings of a run.
pub(super) fn of(
    facts: &RunFacts,
    finished: &Finished,
    observed: &Observed,
    totals: &Totals,
) -> Readings {
    let records = &observed.records;
    let is_open = facts.load.rate.is_some();
    let gaps = finished.gaps.iter().map(|gap| Gap {
        from_ns: gap.from_ns,
        length_ns: gap.to_ns - gap.from_ns,
        kind: GapKind::Stopped,
    });
    let readings = Readings {
        elapsed_ns: Some(facts.elapsed_ns),
        threads: Some(facts.load.threads),
        is_open_load: is_open,
        schedule: if is_open {
            schedule(facts, finished, observed)
        } else {
            Schedule::default()
        },
        pool: if is_open {
            Pool {
                limit: Some(u64::from(finished.most_workers)),
                is_limit_hit: Some(finished.counts.waits_for_a_place > 0),
                waited_ns: None,
            }
        } else {
            Pool::default()
        },
        guest_ns: totals.guest_ns,
        poll_delay: spread(&records.poll_delay),
        waiting: Waiting {
            calls: Some(records.waits.len()),
            service_p50_ns: median(&records.waits),
        },
        connections: Connections {
            blocked_ns: facts.http.as_ref().map(|http| http.phases.blocked_ns),
            responses: facts.http.as_ref().map(|http| http.responses),
            opened_per_s_peak: None,
        },
        gaps: gaps.collect(),
        ..Readings::default()
    };
    readings.with_system(observed.system.clone())
}

fn schedule(facts: &RunFacts, finished: &Finished, observed: &Observed) -> Schedule {
    let mut lag = Histogram::new();
    if let Some(results) = &observed.records.results {
        for row in results.clone().into_tables().rows.values() {
            row.open.iter().for_each(|open| lag.merge(&open.lag));
        }
    }
    // Whoever ends a run keeps calls from starting, and the runner does not.
    let is_of_the_runner = facts.status == Status::Completed;
    Schedule {
        due: Some(finished.asked),
        lag: spread(&lag),
        missed: Some(finished.missed),
        not_started: is_of_the_runner.then_some(finished.not_started),
    }
}

fn median(of: &Histogram) -> Option<u64> {
    spread(of).p50_ns
}

fn spread(of: &Histogram) -> Spread {
    let at = |part: u64, whole: u64| {
        let rank = (of.len() * part).div_ceil(whole).max(1);
        (!of.is_empty()).then(|| of.value_at_rank(rank))
    };
    Spread {
        samples: Some(of.len()),
        p50_ns: at(50, 100),
        p99_ns: at(99, 100),
        max_ns: of.max(),
    }
}
