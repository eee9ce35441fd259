//! What a comparison says in the long run, where the truth is known. Everything follows from seeds, so that what holds
//! here holds always.
//!
//! `PRINT=1 cargo test --lib compare::tests::trials -- --nocapture` prints what `docs/design/comparison.md` quotes.

use super::made::{Kind, Made, Random};
use crate::compare::{
    Comparison, Metric, Settings, Verdict, independent, paired, recommended_calls,
};

const TRIALS: u64 = 2_000;

/// The figures that are judged.
const FIGURES: [Metric; 3] = [Metric::P50, Metric::P99, Metric::Mean];

/// How often something held for each figure, of how many times.
#[derive(Debug, Default, Clone, Copy)]
struct Share {
    held: [u64; 3],
    of: [u64; 3],
}

impl Share {
    fn count(&mut self, figure: usize, held: bool) {
        self.held[figure] += u64::from(held);
        self.of[figure] += 1;
    }

    fn percent(self) -> [f64; 3] {
        let mut percent = [0.0; 3];
        for (figure, percent) in percent.iter_mut().enumerate() {
            *percent = 100.0 * self.held[figure] as f64 / self.of[figure].max(1) as f64;
        }
        percent
    }
}

/// Runs 2,000 comparisons of equals and checks how often the interval contains what is true, no difference, and how often
/// there is a false alarm.
#[track_caller]
fn equals(name: &str, compare: impl Fn(&mut Random) -> Comparison) {
    let (mut covered, mut alarms) = (Share::default(), Share::default());
    for trial in 0..TRIALS {
        let comparison = compare(&mut Random::new(trial));
        for (index, metric) in FIGURES.into_iter().enumerate() {
            let figure = comparison.figure(metric).unwrap();
            if let Some(interval) = figure.interval {
                covered.count(index, interval.contains(0.0));
            }
            let is_alarm = matches!(figure.verdict, Verdict::Better | Verdict::Worse);
            alarms.count(index, is_alarm);
        }
    }
    let answered = covered.of.map(|of| 100.0 * of as f64 / TRIALS as f64);
    let (covered, alarms) = (covered.percent(), alarms.percent());
    tell(
        name,
        &format!("answered {answered:.1?}, covered {covered:.1?}, false alarms {alarms:.1?}"),
    );
    for (figure, metric) in FIGURES.into_iter().enumerate() {
        let (covered, alarms) = (covered[figure], alarms[figure]);
        assert!(
            (93.0..=97.0).contains(&covered),
            "{name} {metric:?}: {covered} %"
        );
        assert!(alarms <= 6.0, "{name} {metric:?}: {alarms} % false alarms");
    }
}

fn tell(name: &str, text: &str) {
    if std::env::var_os("PRINT").is_some() {
        let _ = std::io::Write::write_all(
            &mut std::io::stderr(),
            format!("{name}: {text}\n").as_bytes(),
        );
    }
}

/// A run long enough for its p99 to be known: the more its calls resemble each other, the more of them that takes.
fn made(kind: Kind) -> Made {
    let (batches, calls) = match kind {
        Kind::Calls(like) if like < 0.9 => (400, 20),
        Kind::Calls(_) => (400, 40),
        Kind::Batches(_) => (2_000, 12),
        Kind::Bursts => (1_000, 12),
    };
    Made {
        kind,
        batches,
        calls,
        spread: 0.5,
        factor: 1.0,
    }
}

fn equal_runs(name: &str, made: Made) {
    equals(&format!("two runs, {name}"), |random| {
        independent(&made.run(random), &made.run(random), &Settings::default())
    });
}

fn equal_pairs(name: &str, made: Made) {
    equals(&format!("pairs, {name}"), |random| {
        paired(&made.beside(1.0, random), &Settings::default())
    });
}

#[test]
fn two_runs_of_independent_calls() {
    equal_runs("phi 0", made(Kind::Calls(0.0)));
}

#[test]
fn two_runs_of_calls_that_resemble_each_other() {
    equal_runs("phi 0.5", made(Kind::Calls(0.5)));
}

#[test]
fn two_runs_of_calls_that_resemble_each_other_much() {
    equal_runs("phi 0.9", made(Kind::Calls(0.9)));
}

#[test]
fn two_runs_of_batches_that_resemble_each_other() {
    equal_runs("batches phi 0.9", made(Kind::Batches(0.9)));
}

#[test]
fn two_runs_with_bursts() {
    equal_runs("bursts", made(Kind::Bursts));
}

#[test]
fn pairs_of_independent_calls() {
    equal_pairs("phi 0", made(Kind::Calls(0.0)));
}

#[test]
fn pairs_of_calls_that_resemble_each_other() {
    equal_pairs("phi 0.5", made(Kind::Calls(0.5)));
}

#[test]
fn pairs_of_calls_that_resemble_each_other_much() {
    equal_pairs("phi 0.9", made(Kind::Calls(0.9)));
}

#[test]
fn pairs_of_batches_that_resemble_each_other() {
    equal_pairs("batches phi 0.9", made(Kind::Batches(0.9)));
}

#[test]
fn pairs_with_bursts() {
    equal_pairs("bursts", made(Kind::Bursts));
}

/// Lets a short comparison recommend a length for a difference of 5 %, makes comparisons of that length between runs that
/// differ by 5 %, and checks that they find it.
#[track_caller]
fn finds(
    name: &str,
    metric: Metric,
    made: Made,
    compare: impl Fn(Made, f64, &mut Random) -> Comparison,
) {
    let (mut found, mut of, mut calls) = (0, 0, 0);
    for trial in 0..TRIALS {
        let random = &mut Random::new(trial);
        let short = compare(made, 1.0, random);
        // Now and then one is so odd that it says nothing, and so recommends nothing.
        let Some(recommended) = recommended_calls(short.figure(metric).unwrap(), 0.05) else {
            continue;
        };
        calls += recommended;
        let long = Made {
            batches: recommended.div_ceil(made.calls as u64) as usize,
            ..made
        };
        let verdict = compare(long, 1.05, random).figure(metric).unwrap().verdict;
        found += u64::from(verdict == Verdict::Worse);
        of += 1;
    }
    let percent = 100.0 * found as f64 / of as f64;
    tell(
        name,
        &format!(
            "{metric:?} found in {percent:.1} % of {of}, {} calls on average",
            calls / of
        ),
    );
    assert!(
        of >= TRIALS * 99 / 100,
        "{name} {metric:?}: {of} say something"
    );
    assert!(percent >= 80.0, "{name} {metric:?}: found in {percent} %");
}

fn finds_between_runs(name: &str, metric: Metric, made: Made) {
    finds(
        &format!("two runs, {name}"),
        metric,
        made,
        |made, factor, random| {
            let slower = Made { factor, ..made };
            independent(&made.run(random), &slower.run(random), &Settings::default())
        },
    );
}

/// A run of which 5 % are found in a few thousand calls.
fn narrow(kind: Kind) -> Made {
    Made {
        kind,
        batches: 100,
        calls: 15,
        spread: 0.1,
        factor: 1.0,
    }
}

fn finds_between_pairs(name: &str, metric: Metric, made: Made) {
    finds(
        &format!("pairs, {name}"),
        metric,
        made,
        |made, factor, random| paired(&made.beside(factor, random), &Settings::default()),
    );
}

#[test]
fn five_percent_of_the_median_are_found_between_runs_of_the_recommended_length() {
    finds_between_runs("phi 0.9", Metric::P50, narrow(Kind::Calls(0.9)));
}

#[test]
fn five_percent_of_the_mean_are_found_between_runs_of_the_recommended_length() {
    finds_between_runs("bursts", Metric::Mean, narrow(Kind::Bursts));
}

#[test]
fn five_percent_of_p99_are_found_between_runs_of_the_recommended_length() {
    finds_between_runs(
        "phi 0.5",
        Metric::P99,
        Made {
            calls: 50,
            ..narrow(Kind::Calls(0.5))
        },
    );
}

#[test]
fn five_percent_of_the_median_are_found_between_pairs_of_the_recommended_length() {
    finds_between_pairs("phi 0.9", Metric::P50, narrow(Kind::Calls(0.9)));
}

#[test]
fn five_percent_of_the_mean_are_found_between_pairs_of_the_recommended_length() {
    finds_between_pairs("bursts", Metric::Mean, narrow(Kind::Bursts));
}

#[test]
fn five_percent_of_p99_are_found_between_pairs_of_the_recommended_length() {
    finds_between_pairs(
        "phi 0.5",
        Metric::P99,
        Made {
            calls: 50,
            ..narrow(Kind::Calls(0.5))
        },
    );
}
