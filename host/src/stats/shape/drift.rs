//! Whether durations changed while the run went on.
//!
//! The question goes to the medians of equally long parts of the run. The Mann-Kendall test (H. B. Mann,
//! "Nonparametric Tests Against Trend", Econometrica 13, 1945; M. G. Kendall, "Rank Correlation Methods", 1975, with
//! its correction for ties) says whether they went up or down by more than chance, and the Theil-Sen slope (P. K. Sen,
//! "Estimates of the Regression Coefficient Based on Kendall's Tau", JASA 63, 1968) by how much. Neither assumes a
//! distribution, and outliers move neither. Medians that follow one another are alike in most systems, which the test
//! takes for a trend; so its variance is widened for a process in which each value depends on the one before, as K. H.
//! Hamed and A. R. Rao do in general ("A Modified Mann-Kendall Trend Test for Autocorrelated Data", Journal of
//! Hydrology 204, 1998).

/// Fewer parts than this show no trend.
const BATCHES: usize = 20;

/// Compared with each other are at most so many, since the work grows with the square.
const COMPARED: usize = 256;

/// How unlikely a trend by chance has to be: this many standard deviations, once in 16,000 runs.
const SIGMAS: f64 = 4.0;

/// The least change over the whole run that is worth telling, as a share of the median.
const CHANGE: f64 = 0.1;

/// A change of the median while the run went on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Drift {
    /// The median in the first quarter of the run, in nanoseconds.
    pub from_ns: u64,
    /// That in the last.
    pub to_ns: u64,
}

/// A part of a run.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Batch {
    count: u64,
    p50_ns: u64,
}

/// Whether the median drifted: for each of at least twenty equally long parts of the run, in their order, how many
/// durations it has and their median in nanoseconds. Parts without any are left out.
pub fn drift(batches: &[(u64, u64)]) -> Option<Drift> {
    let batches = joined(batches);
    if batches.len() < BATCHES {
        return None;
    }
    let slope = slope(&batches);
    let typical = median(&batches)?;
    let change = slope * (batches.len() - 1) as f64;
    if change.abs() <= CHANGE * typical as f64 {
        return None;
    }
    let wider = widening(&batches, slope);
    let (score, variance) = mann_kendall(&batches);
    // One less for continuity: scores are two apart.
    let sigmas = (score.abs() - 1.0) / (variance * wider).sqrt();
    let quarter = batches.len() / 4;
    let from_ns = median(&batches[..quarter])?;
    let to_ns = median(&batches[batches.len() - quarter..])?;
    let is_shown = (change > 0.0) == (to_ns > from_ns) && from_ns != to_ns;
    (sigmas > SIGMAS && is_shown).then_some(Drift { from_ns, to_ns })
}

/// The parts that have durations, neighbours together where there are too many. The median of those is about the median
/// of their durations.
fn joined(batches: &[(u64, u64)]) -> Vec<Batch> {
    let used = batches.iter().filter(|(count, _)| *count > 0);
    let used: Vec<Batch> = used
        .map(|&(count, p50_ns)| Batch { count, p50_ns })
        .collect();
    let together = used.len().div_ceil(COMPARED).max(1);
    let join = |part: &[Batch]| {
        let count = part
            .iter()
            .fold(0, |sum: u64, batch| sum.saturating_add(batch.count));
        Some(Batch {
            count,
            p50_ns: median(part)?,
        })
    };
    used.chunks(together).filter_map(join).collect()
}

/// The median of medians, each as often as it has durations.
fn median(batches: &[Batch]) -> Option<u64> {
    let mut sorted = batches.to_vec();
    sorted.sort_unstable_by_key(|batch| batch.p50_ns);
    let half = sorted
        .iter()
        .map(|batch| u128::from(batch.count))
        .sum::<u128>()
        .div_ceil(2);
    let mut seen = 0;
    let is_reached = |batch: &&Batch| {
        seen += u128::from(batch.count);
        seen >= half
    };
    sorted.iter().find(is_reached).map(|batch| batch.p50_ns)
}

/// The score, by how many more pairs rise than fall, and its variance if there is no trend.
fn mann_kendall(batches: &[Batch]) -> (f64, f64) {
    let mut score = 0i64;
    for (index, batch) in batches.iter().enumerate() {
        for later in &batches[index + 1..] {
            score += later.p50_ns.cmp(&batch.p50_ns) as i64;
        }
    }
    let term = |n: usize| (n as f64) * (n as f64 - 1.0) * (2.0 * n as f64 + 5.0);
    let mut values: Vec<u64> = batches.iter().map(|batch| batch.p50_ns).collect();
    values.sort_unstable();
    let ties: f64 = values
        .chunk_by(u64::eq)
        .map(|equal| term(equal.len()))
        .sum();
    (score as f64, (term(batches.len()) - ties) / 18.0)
}

/// The median of the slopes of all pairs, in nanoseconds a batch.
fn slope(batches: &[Batch]) -> f64 {
    let mut slopes = Vec::with_capacity(batches.len() * batches.len() / 2);
    for (index, batch) in batches.iter().enumerate() {
        for (distance, later) in (1..).zip(&batches[index + 1..]) {
            slopes.push((later.p50_ns as f64 - batch.p50_ns as f64) / f64::from(distance));
        }
    }
    middle(&mut slopes)
}

fn middle(values: &mut [f64]) -> f64 {
    let half = values.len() / 2;
    match values.len() {
        0 => 0.0,
        _ => *values.select_nth_unstable_by(half, f64::total_cmp).1,
    }
}

/// By how much neighbours that are alike widen the variance of the score: (1 + r) / (1 - r) for a correlation r of one
/// value with the next, about the trend. It is taken from on which sides of their median the two are, which outliers do
/// not move, and only believed beyond what chance makes of it.
fn widening(batches: &[Batch], slope: f64) -> f64 {
    let about = |(index, batch): (usize, &Batch)| batch.p50_ns as f64 - slope * index as f64;
    let rest: Vec<f64> = batches.iter().enumerate().map(about).collect();
    let center = middle(&mut rest.clone());
    let side = |value: f64| match value.total_cmp(&center) {
        std::cmp::Ordering::Less => -1.0,
        std::cmp::Ordering::Equal => 0.0,
        std::cmp::Ordering::Greater => 1.0,
    };
    let pairs = rest.windows(2).map(|pair| side(pair[0]) * side(pair[1]));
    let agreement = pairs.sum::<f64>() / (rest.len() - 1) as f64;
    if agreement <= 2.0 / (rest.len() as f64).sqrt() {
        return 1.0;
    }
    // The arcsine law of a normal process, and not so near to 1 that everything would be forgiven.
    let correlation = (std::f64::consts::FRAC_PI_2 * agreement).sin().min(0.95);
    (1.0 + correlation) / (1.0 - correlation)
}
