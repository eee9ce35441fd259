//! Durations as HdrHistogram's tools print them, which its plotters read: `Value Percentile TotalCount 1/(1-Percentile)`.
//!
//! The levels are those of its `PercentileIterator` with five ticks for each half of the distance to 100 %, as
//! `outputPercentileDistribution` of the Java and the C implementation has them. Values are milliseconds, as those tools
//! print them by default, but with six decimals instead of three: calls may take less than a microsecond.

use std::io::{self, Write};

use super::view::RunView;
use crate::stats::Histogram;
use crate::stats::histogram::{Bucket, SUB_BUCKETS, WHOLE_BUCKETS};

/// Lines for each half of the distance that is left to 100 %.
const TICKS: f64 = 5.0;

const NS_PER_MS: f64 = 1e6;

/// Writes what the callers of all calls felt: response in open load, service in closed.
///
/// # Errors
/// When the writer fails.
pub fn write(out: &mut dyn Write, run: &RunView) -> io::Result<()> {
    let felt = run.summary.latency.felt();
    let ended = &felt.ended;
    writeln!(
        out,
        "{:>12} {:>14} {:>10} {:>14}\n",
        "Value", "Percentile", "TotalCount", "1/(1-Percentile)"
    )?;
    for Step { ns, level, count } in steps(ended) {
        let (value, part) = (ns as f64 / NS_PER_MS, level / 100.0);
        if level < 100.0 {
            let inverse = 1.0 / (1.0 - part);
            writeln!(out, "{value:12.6} {part:.12} {count:10} {inverse:14.2}")?;
        } else {
            writeln!(out, "{value:12.6} {part:.12} {count:10}")?;
        }
    }
    let ms = |ns: Option<f64>| ns.unwrap_or(0.0) / NS_PER_MS;
    let (mean, stdev) = (ms(ended.mean()), ms(ended.stdev()));
    let (max, count) = (ms(ended.max().map(|ns| ns as f64)), ended.len());
    writeln!(
        out,
        "#[Mean    = {mean:12.6}, StdDeviation   = {stdev:12.6}]"
    )?;
    writeln!(out, "#[Max     = {max:12.6}, Total count    = {count:12}]")?;
    writeln!(
        out,
        "#[Buckets = {WHOLE_BUCKETS:12}, SubBuckets     = {SUB_BUCKETS:12}]"
    )?;
    match felt.censored.len() {
        0 => Ok(()),
        // What begins with a `#` is left alone by whoever reads it.
        unended => writeln!(
            out,
            "#[{unended} more calls never ended and are in none of this]"
        ),
    }
}

/// A line: so many calls took at most so long, which is at least the level, in percent, of all of them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Step {
    pub(super) ns: u64,
    pub(super) level: f64,
    pub(super) count: u64,
}

/// The lines of some durations.
pub(super) fn steps(of: &Histogram) -> Vec<Step> {
    let mut steps = Vec::new();
    let (mut level, mut count) = (0.0, 0u64);
    for Bucket {
        high, count: more, ..
    } in of.buckets()
    {
        count += more;
        // Three digits are kept of each but the longest and the shortest, which are known exactly.
        let ns = high.clamp(of.min().unwrap_or(0), of.max().unwrap_or(0));
        let reached = 100.0 * count as f64 / of.len() as f64;
        while level <= reached && level < 100.0 {
            steps.push(Step { ns, level, count });
            let next = level + 100.0 / ticks(level);
            // Nearer to 100 % than numbers can be told apart there is no further level.
            level = if next > level { next } else { 100.0 };
            // Beyond the last call there is one step more, and it is not one of these.
            if count == of.len() {
                break;
            }
        }
    }
    let last = of.max().map(|ns| Step {
        ns,
        level: 100.0,
        count: of.len(),
    });
    steps.extend(last);
    steps
}

/// How many steps of the present length would go from 0 to 100 %.
fn ticks(level: f64) -> f64 {
    let halves = (100.0 / (100.0 - level)).log2().floor() + 1.0;
    TICKS * halves.exp2()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::samples::{course, nothing, one_call, views};
    use crate::stats::facts::Model;
    use crate::stats::histogram::HIGHEST_NS;

    fn written(run: &RunView) -> String {
        let mut out = Vec::new();
        write(&mut out, run).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn the_form_is_that_of_the_java_tools() {
        let run = RunView {
            summary: one_call(),
            ..RunView::default()
        };
        let expected = "       Value     Percentile TotalCount 1/(1-Percentile)

    0.001500 0.000000000000          1           1.00
    0.001500 1.000000000000          1
#[Mean    =     0.001500, StdDeviation   =     0.000000]
#[Max     =     0.001500, Total count    =            1]
#[Buckets =           32, SubBuckets     =         2048]
";
        assert_eq!(written(&run), expected);
        let run = RunView {
            summary: nothing(),
            ..RunView::default()
        };
        let empty = written(&run);
        assert_eq!(empty.lines().count(), 5, "{empty}");
        assert!(!empty.contains("NaN"), "{empty}");
    }

    #[test]
    fn each_step_is_the_first_bucket_that_reaches_its_level() {
        for (name, run) in views() {
            let felt = &run.summary.latency.felt().ended;
            let steps = steps(felt);
            assert_eq!(steps.is_empty(), felt.is_empty(), "{name}");
            for step in &steps {
                let reached = |count: u64| 100.0 * count as f64 / felt.len() as f64;
                assert!(reached(step.count) >= step.level, "{name}: {step:?}");
                let before = felt
                    .buckets()
                    .take_while(|bucket| bucket.high < step.ns.min(HIGHEST_NS));
                let before = before.map(|bucket| bucket.count).sum();
                assert!(
                    reached(before) < step.level || before == 0,
                    "{name}: {step:?}"
                );
            }
            assert!(
                steps.is_sorted_by(|a, b| a.level < b.level && a.ns <= b.ns),
                "{name}"
            );
            // Another implementation does not always stop at the same bucket, as it rounds in between.
            let mut theirs = hdrhistogram::Histogram::<u64>::new(3).unwrap();
            felt.buckets()
                .for_each(|of| theirs.record_n(of.low, of.count).unwrap());
            let theirs = theirs
                .iter_quantiles(5)
                .map(|step| step.quantile_iterated_to() * 1e11);
            let levels = steps.iter().map(|step| step.level * 1e9);
            let rounded = |levels: &mut dyn Iterator<Item = f64>| -> Vec<f64> {
                levels.map(f64::round).collect()
            };
            assert_eq!(
                rounded(&mut levels.into_iter()),
                rounded(&mut theirs.into_iter()),
                "{name}"
            );
        }
    }

    #[test]
    fn calls_that_never_ended_are_told() {
        let text = written(&course(Model::Open, 1));
        assert!(
            text.ends_with("#[3 more calls never ended and are in none of this]\n"),
            "{text}"
        );
    }

    #[test]
    fn more_calls_than_a_float_can_tell_apart_come_to_an_end() {
        let mut histogram = Histogram::new();
        histogram.record_n(1_000, 1 << 61);
        histogram.record(2_000);
        let steps = steps(&histogram);
        assert!(steps.len() < 500, "{}", steps.len());
        assert_eq!(
            steps.last().map(|step| (step.ns, step.level)),
            Some((2_000, 100.0))
        );
    }
}
