//! Whether the runner had the CPU time it wanted.
//!
//! Time inside calls is the operation's own: one that only computes may take every CPU there is and is timed rightly
//! all the same. It is otherwise where calls wait for answers, since an answer that comes while its thread is busy, or
//! has no CPU, is seen late.

use super::{Bounds, Reason, share};
use crate::report::format;
use crate::watch::readings::Readings;

/// CPU time that the runner uses outside of calls, as a share of its CPUs over the whole run, while calls wait. From
/// about four fifths on, queues form; near all of it the runner is what is measured.
const OWN_CPU: Bounds = Bounds {
    degraded: 0.8,
    invalid: 0.95,
};

/// Time stopped by the quota of the cgroup, as a share of the run. A stop lasts most of a period of 100 ms, so in one
/// hundredth of the time it is already every 99th percentile.
const THROTTLED: Bounds = Bounds {
    degraded: 0.01,
    invalid: 0.1,
};

/// Time that the hypervisor gave to others, as a share of what was wanted.
const STEAL: Bounds = Bounds {
    degraded: 0.02,
    invalid: 0.1,
};

/// Time in which threads were ready and had no CPU, as a share of what they wanted. A busy neighbour on each CPU takes
/// half; what a kernel needs for itself stays far below a tenth.
const RUN_QUEUE: Bounds = Bounds {
    degraded: 0.1,
    invalid: 0.3,
};

/// Less steal or waiting than this share of the run harms nobody, however large a share of little it is. Steal comes in
/// ticks of 10 ms.
const WORTH_TELLING: f64 = 0.01;

/// The median delay between ready and polled, as a share of the median service time, of which it is a part.
const POLL_DELAY: Bounds = Bounds {
    degraded: 0.05,
    invalid: 0.25,
};

/// Fewer calls that waited than this are too few to compare a median with.
const SAMPLES: u64 = 100;

/// The runner's own work took all CPUs while calls waited.
pub(super) fn own_cpu(readings: &Readings) -> Option<Reason> {
    // A few that waited, such as the first of each worker, do not make a run one that waits.
    readings.waiting.calls.filter(|&calls| calls >= SAMPLES)?;
    let cpus = readings.system.cpus?;
    let own = readings.system.cpu_ns()?.saturating_sub(readings.guest_ns?);
    let used = share(own, readings.elapsed_ns? as f64 * cpus)?;
    OWN_CPU.reason("own_cpu", used, || {
        // Accounting by ticks can put a full CPU slightly beyond all of it.
        let used = format::share(used.min(1.0));
        let cpus = count_of_cpus(cpus);
        format!(
            "the runner's own work took {used} of {cpus} while calls waited for answers; lower the load, or use \
             more CPUs \
             or machines"
        )
    })
}

/// `1 CPU`, `1.5 CPUs`.
fn count_of_cpus(cpus: f64) -> String {
    if cpus == 1.0 {
        "1 CPU".to_owned()
    } else {
        // Two places at most: a quota is rarely finer.
        format!("{} CPUs", (cpus * 100.0).round() / 100.0)
    }
}

/// The quota of the cgroup stopped the process.
pub(super) fn throttled(readings: &Readings) -> Option<Reason> {
    let stopped = readings.system.throttled_ns?;
    THROTTLED.reason("throttled", share(stopped, readings.elapsed_ns? as f64)?, || {
        let stopped = format::duration(stopped);
        let quota = readings.system.cpus.map_or_else(String::new, |cpus| {
            format!(" of {}", count_of_cpus(cpus))
        });
        format!(
            "the CPU quota{quota} held the runner back for {stopped}; raise the quota of its cgroup or container, \
             or use fewer --threads"
        )
    })
}

/// The hypervisor ran somebody else.
pub(super) fn steal(readings: &Readings) -> Option<Reason> {
    let stolen = readings.system.steal_ns?;
    let part = of_wanted(stolen, readings.system.busy_ns?, readings.elapsed_ns?)?;
    STEAL.reason("steal", part, || {
        let (part, stolen) = (format::share(part), format::duration(stolen));
        format!(
            "the hypervisor gave {part} of the CPU time that was wanted, {stolen}, to others (steal); use a machine \
             with CPUs of its own"
        )
    })
}

/// Something else ran where threads of the runner were ready to.
pub(super) fn run_queue(readings: &Readings) -> Option<Reason> {
    let waited = readings.system.run_queue_ns?;
    let part = of_wanted(waited, readings.system.cpu_ns()?, readings.elapsed_ns?)?;
    // More threads than CPUs wait for each other: when busy, each runs for this part of the time at best.
    let at_best = match (readings.threads, readings.system.cpus) {
        (Some(threads), Some(cpus)) if threads as f64 > cpus && cpus > 0.0 => cpus / threads as f64,
        _ => 1.0,
    };
    let lost = 1.0 - (1.0 - part) / at_best;
    if !is_felt(readings) {
        return None;
    }
    RUN_QUEUE.reason("run_queue", lost, || {
        let (part, waited) = (format::share(part), format::duration(waited));
        format!(
            "for {part} of the time that threads of the runner wanted to run, {waited} together, other threads had \
             the CPUs; stop what runs beside it, or leave it CPUs of its own"
        )
    })
}

/// Whether waiting for a CPU can be in the figures. A run that needs little CPU waits for a large share of that little
/// whenever anything else runs, the server above all; what counts is whether answers were seen late, or calls were.
fn is_felt(readings: &Readings) -> bool {
    let samples = readings.poll_delay.samples.unwrap_or(0);
    let delay = readings.poll_delay.p99_ns.filter(|_| samples >= SAMPLES);
    match (
        delay,
        typical_service(readings),
        readings.schedule.lag.p99_ns,
    ) {
        (Some(delay), Some(service), lag) => {
            let is_late = readings.is_open_load && lag.is_some_and(|lag| lag > FELT_LAG_NS);
            is_late || delay as f64 > POLL_DELAY.degraded * service as f64
        }
        (_, _, Some(lag)) if readings.is_open_load => lag > FELT_LAG_NS,
        _ => true,
    }
}

/// Calls of an open load that start by less than this late did not wait for a CPU.
const FELT_LAG_NS: u64 = 500_000;

/// The part of the CPU time that was wanted, and not had; nothing where it is too little of the run to matter.
fn of_wanted(not_had: u64, had: u64, elapsed_ns: u64) -> Option<f64> {
    let is_worth_telling = not_had as f64 > WORTH_TELLING * elapsed_ns as f64;
    share(not_had, not_had as f64 + had as f64).filter(|_| is_worth_telling)
}

/// Answers waited for their thread.
pub(super) fn poll_delay(readings: &Readings) -> Option<Reason> {
    readings
        .poll_delay
        .samples
        .filter(|&samples| samples >= SAMPLES)?;
    let delay = readings.poll_delay.p50_ns?;
    let service = typical_service(readings)?;
    POLL_DELAY.reason("poll_delay", share(delay, service as f64)?, || {
        let (delay, service) = (format::duration(delay), format::duration(service));
        format!(
            "whatever a call waited for was seen {delay} late (p50) where a call takes {service}; use more \
             --threads, or fewer workers where calls compute"
        )
    })
}

/// The median service time of the calls that wait, where there are enough of them.
pub(super) fn typical_service(readings: &Readings) -> Option<u64> {
    readings.waiting.calls.filter(|&calls| calls >= SAMPLES)?;
    readings.waiting.service_p50_ns
}
