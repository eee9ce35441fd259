//! The stretches of a run that are drawn: neighbouring ticks put together, exactly.
//!
//! A saved run has up to 3,600 ticks, shorter ones at its beginning. Stretches are of one length: short enough to see what
//! happened, and long enough to hold calls.

use crate::report::view::RunView;
use crate::saved::TickFigures;
use crate::stats::Histogram;

/// Lengths that a person can reckon with, in multiples of a power of ten.
const STEPS: [u64; 3] = [1, 2, 5];

/// The shortest stretch, in nanoseconds: the length of a run's first ticks.
const SHORTEST_NS: u64 = 50_000_000;

/// The most stretches.
const MOST: u64 = 3_600;

/// So many stretches there are at least, where the run has as many ticks: with fewer one sees no course.
const LEAST: u64 = 60;

/// So many calls are in a stretch, if that leaves enough of them: enough for its 90th percentile.
const CALLS: u64 = 100;

/// Ticks that are drawn as one; none where the run's file has a hole.
pub(super) struct Stretch<'a> {
    pub(super) from_ns: u64,
    pub(super) to_ns: u64,
    pub(super) ticks: &'a [TickFigures],
}

impl Stretch<'_> {
    pub(super) fn sum(&self, of: fn(&TickFigures) -> u64) -> u64 {
        self.ticks.iter().map(of).sum()
    }

    pub(super) fn felt(&self) -> Histogram {
        let mut felt = Histogram::new();
        self.ticks.iter().for_each(|tick| felt.merge(&tick.felt()));
        felt
    }
}

/// How long the stretches of runs that are drawn together are, in nanoseconds: as long as the longest of them needs.
pub(super) fn stretch_ns<'a>(runs: impl IntoIterator<Item = &'a RunView>) -> u64 {
    let lengths = runs.into_iter().map(|run| length(&run.series.ticks));
    lengths.max().unwrap_or(1)
}

/// How long a stretch is, in nanoseconds.
fn length(ticks: &[TickFigures]) -> u64 {
    let mut lengths: Vec<u64> = ticks.iter().map(|tick| tick.to_ns - tick.from_ns).collect();
    lengths.sort_unstable();
    let usual = lengths.get(lengths.len() / 2).copied().unwrap_or(0);
    let total = span(ticks);
    let calls: u64 = ticks.iter().map(|tick| tick.count).sum();
    let mut steps = (0..12)
        .flat_map(|decade| STEPS.map(|step| step * 10u64.pow(7 + decade)))
        .filter(|step| *step >= SHORTEST_NS.max(usual) && total / step <= MOST);
    let mut length = steps.next().unwrap_or(total).max(1);
    for longer in steps {
        let mean_calls = (u128::from(calls) * u128::from(length) / u128::from(total.max(1))) as u64;
        if mean_calls >= CALLS || total / longer < LEAST {
            break;
        }
        length = longer;
    }
    length
}

fn span(ticks: &[TickFigures]) -> u64 {
    let from = ticks.first().map_or(0, |tick| tick.from_ns);
    let to = ticks.last().map_or(0, |tick| tick.to_ns);
    to.saturating_sub(from)
}

/// Neighbours put together. A last stretch that is less than half as long as the others is put to the one before: in a
/// very short one a few calls look like a high rate.
pub(super) fn stretches(ticks: &[TickFigures], length_ns: u64) -> Vec<Stretch<'_>> {
    let Some(first) = ticks.first() else {
        return Vec::new();
    };
    let place = |tick: &TickFigures| tick.from_ns.saturating_sub(first.from_ns) / length_ns;
    let mut stretches: Vec<Stretch<'_>> = Vec::new();
    for group in ticks.chunk_by(|a, b| place(a) == place(b) && b.from_ns <= a.to_ns) {
        let [first, ..] = group else { continue };
        let to_ns = group.last().map_or(first.to_ns, |last| last.to_ns);
        let before = stretches.last().map_or(first.from_ns, |last| last.to_ns);
        if first.from_ns > before {
            stretches.push(Stretch {
                from_ns: before,
                to_ns: first.from_ns,
                ticks: &[],
            });
        }
        stretches.push(Stretch {
            from_ns: before.max(first.from_ns),
            to_ns: to_ns.max(before),
            ticks: group,
        });
    }
    let has_tail = stretches
        .last()
        .is_some_and(|last| (last.to_ns - last.from_ns).saturating_mul(2) < length_ns);
    if let (true, [.., before, last]) = (has_tail, &stretches[..])
        && !before.ticks.is_empty()
    {
        let both = before.ticks.len() + last.ticks.len();
        let tail = &ticks[ticks.len() - both..];
        let (from_ns, to_ns) = (before.from_ns, last.to_ns);
        stretches.truncate(stretches.len() - 2);
        stretches.push(Stretch {
            from_ns,
            to_ns,
            ticks: tail,
        });
    }
    stretches
}

/// How long they are, as a page has it: pairs of how many follow each other, and their length.
pub(super) fn lengths(stretches: &[Stretch<'_>]) -> Vec<u64> {
    let length = |stretch: &Stretch<'_>| stretch.to_ns - stretch.from_ns;
    let alike = stretches.chunk_by(|a, b| length(a) == length(b));
    alike
        .filter_map(|group| Some([group.len() as u64, length(group.first()?)]))
        .flatten()
        .collect()
}
