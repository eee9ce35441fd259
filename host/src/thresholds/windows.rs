//! Rules about windows of a run, judged second by second while it goes on.
//!
//! What each second recorded is kept for as long as the longest window needs it; the window that ends now is their sum.
//! Values in, values out: seconds come in, and what the rules came to goes out.

use std::collections::VecDeque;

use super::{Evaluated, Threshold, ThresholdResult, Verdict};
use crate::report::format;
use crate::stats::{Recorder, RunFacts, Summary, Tables};

const SECOND_NS: u64 = 1_000_000_000;

/// A second of a run.
#[derive(Debug, Clone)]
pub struct Second {
    /// The results that it recorded.
    pub results: Option<Recorder>,
    /// How long it was, in nanoseconds: about a second.
    pub length_ns: u64,
}

/// Rules about windows, and what they have come to so far.
#[derive(Debug)]
pub struct Windows {
    rules: Vec<Rule>,
    /// The last seconds, the latest last.
    seconds: VecDeque<Second>,
    longest: usize,
}

#[derive(Debug)]
struct Rule {
    threshold: Threshold,
    seconds: usize,
    verdict: Verdict,
}

impl Windows {
    /// Those of `rules` that are about windows, in their order.
    pub fn of<'a>(rules: impl IntoIterator<Item = &'a Threshold>) -> Windows {
        let rules = rules.into_iter().filter_map(|threshold| {
            let window_ns = threshold.window_ns()?;
            Some(Rule {
                threshold: threshold.clone(),
                seconds: usize::try_from(window_ns.div_ceil(SECOND_NS)).unwrap_or(usize::MAX),
                verdict: Verdict::no_data("the results are shorter than the window"),
            })
        });
        let rules: Vec<Rule> = rules.collect();
        let longest = rules.iter().map(|rule| rule.seconds).max().unwrap_or(0);
        Windows {
            rules,
            seconds: VecDeque::new(),
            longest,
        }
    }

    /// Whether there is no such rule.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// Takes one more second and judges the windows that end with it. `end_ns` counts from the beginning of the
    /// results; `facts` need not know more than the load.
    pub fn add(&mut self, second: Second, end_ns: u64, facts: &RunFacts) {
        if self.longest == 0 {
            return;
        }
        self.seconds.push_back(second);
        if self.seconds.len() > self.longest {
            self.seconds.pop_front();
        }
        for rule in &mut self.rules {
            if rule.verdict.result == ThresholdResult::Fail || self.seconds.len() < rule.seconds {
                continue;
            }
            let first = self.seconds.len() - rule.seconds;
            let window = self.seconds.iter().skip(first);
            let window_ns = window.clone().map(|second| second.length_ns).sum();
            let tables = sum(window);
            let facts = RunFacts {
                elapsed_ns: window_ns,
                window_ns,
                ..facts.clone()
            };
            let verdict = rule.threshold.evaluate(&Summary::of(facts, tables));
            rule.take(verdict, end_ns.saturating_sub(window_ns), end_ns);
        }
    }

    /// The next second does not follow the last one: no window holds both.
    pub fn interrupt(&mut self) {
        self.seconds.clear();
    }

    /// What the rules have come to, in their order.
    pub fn evaluated(&self) -> impl Iterator<Item = Evaluated> + '_ {
        self.rules.iter().map(|rule| Evaluated {
            threshold: rule.threshold.clone(),
            verdict: rule.verdict.clone(),
        })
    }
}

impl Rule {
    /// One broken window breaks the rule; one that could not be judged proves nothing.
    fn take(&mut self, verdict: Verdict, from_ns: u64, to_ns: u64) {
        match verdict.result {
            ThresholdResult::Fail => {
                let when = format!(
                    "from {} to {}",
                    format::duration(from_ns),
                    format::duration(to_ns)
                );
                self.verdict = Verdict {
                    reason: Some(when),
                    ..verdict
                };
            }
            ThresholdResult::Pass => self.verdict = verdict,
            ThresholdResult::NoData if self.verdict.result == ThresholdResult::NoData => {
                self.verdict = verdict;
            }
            ThresholdResult::NoData => {}
        }
    }
}

/// What several seconds recorded, which may be nothing.
fn sum<'a>(seconds: impl Iterator<Item = &'a Second>) -> Tables {
    let seconds = seconds.filter_map(|second| second.results.clone());
    let sum = seconds.reduce(|mut sum, second| {
        sum.merge(second);
        sum
    });
    sum.map_or_else(Tables::default, Recorder::into_tables)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::{Interner, Times};
    use std::sync::Arc;

    /// A second of calls that took `ms` each.
    fn second(interner: &Arc<Interner>, calls: u64, ms: u64) -> Second {
        let mut recorder = Recorder::new(Arc::clone(interner), false);
        let row = recorder.row_of_tag(0, Ok("200"));
        for _ in 0..calls {
            let end_ns = ms * 1_000_000;
            recorder.call(
                row,
                Times {
                    due_ns: 0,
                    start_ns: 0,
                    end_ns,
                },
            );
        }
        Second {
            results: (calls > 0).then_some(recorder),
            length_ns: SECOND_NS,
        }
    }

    fn judged(rule: &str, seconds: &[(u64, u64)]) -> Verdict {
        let rule: Threshold = rule.parse().unwrap();
        let interner = Arc::new(Interner::new(None));
        let mut windows = Windows::of([&rule]);
        for (end, &(calls, ms)) in (1..).zip(seconds) {
            let facts = RunFacts::default();
            windows.add(second(&interner, calls, ms), end * SECOND_NS, &facts);
        }
        windows.evaluated().next().unwrap().verdict
    }

    #[test]
    fn one_bad_window_breaks_a_rule_that_the_whole_run_would_keep() {
        let mut seconds = vec![(1_000, 5); 60];
        seconds[30] = (1_000, 400);
        let verdict = judged("p50 over 1s > 100ms", &seconds);
        assert_eq!(verdict.result, ThresholdResult::Fail);
        assert_eq!(verdict.reason.unwrap(), "from 30.0 s to 31.0 s");
        let verdict = judged("p50 over 10s > 100ms", &seconds);
        assert_eq!(verdict.result, ThresholdResult::Pass);
    }

    #[test]
    fn a_rate_is_that_of_the_window() {
        let verdict = judged(
            "rate over 2s < 90/s",
            &[(100, 1), (100, 1), (60, 1), (100, 1)],
        );
        assert_eq!(verdict.result, ThresholdResult::Fail);
        assert_eq!(verdict.measured.unwrap().to_string(), "80.00/s");
    }

    #[test]
    fn nothing_in_a_window_is_a_rate_of_nothing() {
        let verdict = judged("rate over 2s < 90/s", &[(100, 1), (100, 1), (0, 1), (0, 1)]);
        assert_eq!(verdict.result, ThresholdResult::Fail);
        let verdict = judged("rate over 2s < 90/s", &[(0, 1), (0, 1)]);
        assert_eq!(verdict.measured.unwrap().to_string(), "0.000/s");
        let verdict = judged("p50 over 2s > 90s", &[(0, 1), (0, 1)]);
        assert_eq!(verdict.result, ThresholdResult::NoData);
    }

    #[test]
    fn no_window_goes_on_beyond_a_time_that_nobody_watched() {
        let rule: Threshold = "rate over 2s < 90/s".parse().unwrap();
        let interner = Arc::new(Interner::new(None));
        let mut windows = Windows::of([&rule]);
        let facts = RunFacts::default();
        for end in 1..=10 {
            windows.add(second(&interner, end * 10, 1), end * SECOND_NS, &facts);
            windows.interrupt();
        }
        let verdict = windows.evaluated().next().unwrap().verdict;
        assert_eq!(verdict.result, ThresholdResult::NoData);
    }

    #[test]
    fn a_run_shorter_than_the_window_has_no_data() {
        let verdict = judged("p50 over 10s > 100ms", &[(1_000, 400); 9]);
        assert_eq!(verdict.result, ThresholdResult::NoData);
        // Nor does one whose windows hold too few calls to tell.
        let verdict = judged("p99 over 2s > 100ms", &[(10, 400); 5]);
        assert_eq!(verdict.result, ThresholdResult::NoData);
    }
}
