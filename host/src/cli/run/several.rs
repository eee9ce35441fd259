//! Values of a flag that stand for several runs: `-w 1,2,4,8`, `--rate 100,200,400`.

use std::str::FromStr;

use super::super::values::{self, ValueError};
use crate::schedule::{Curve, CurveError};

/// One value, or several that are tried one after the other.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Several<T> {
    first: T,
    more: usize,
}

impl<T> Several<T> {
    /// The only value, or the first.
    pub(super) fn first(&self) -> &T {
        &self.first
    }

    /// Whether there are more than one.
    pub(super) fn is_list(&self) -> bool {
        self.more > 0
    }
}

/// Reads a number of workers, or several.
pub(super) fn workers(text: &str) -> Result<Several<u64>, ValueError> {
    let (first, rest) = text
        .split_once(',')
        .map_or((text, None), |(first, rest)| (first, Some(rest)));
    let first = values::positive(first)?;
    let mut more = 0;
    for other in rest.into_iter().flat_map(|rest| rest.split(',')) {
        values::positive(other)?;
        more += 1;
    }
    Ok(Several { first, more })
}

impl FromStr for Several<Curve> {
    type Err = CurveError;

    /// Rates that go on for ever cannot follow each other, so that several of them are several runs; stages are one.
    fn from_str(text: &str) -> Result<Several<Curve>, CurveError> {
        let rates: Option<Vec<Curve>> = text.split(',').map(|part| part.parse().ok()).collect();
        let rates = rates.filter(|rates| {
            rates
                .iter()
                .all(|rate: &Curve| rate.duration_ns().is_none())
        });
        match rates.as_deref() {
            Some([first, rest @ ..]) if !rest.is_empty() => Ok(Several {
                first: first.clone(),
                more: rest.len(),
            }),
            _ => text.parse().map(|first| Several { first, more: 0 }),
        }
    }
}

/// The values of a list, as they were written.
pub(super) fn parts(text: &str) -> Vec<String> {
    text.split(',').map(|part| part.trim().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn workers_are_one_number_or_several() {
        #[track_caller]
        fn check(text: &str, expected: Option<(u64, bool)>) {
            let read = workers(text)
                .ok()
                .map(|read| (*read.first(), read.is_list()));
            assert_eq!(read, expected, "{text}");
        }
        check("8", Some((8, false)));
        check("1k", Some((1_000, false)));
        check("1,2,4,8", Some((1, true)));
        check("1,0", None);
        check("1,", None);
        check(",1", None);
        check("", None);
    }

    #[test]
    fn rates_without_a_length_are_several_and_stages_are_one() {
        #[track_caller]
        fn check(text: &str, is_list: Option<bool>) {
            let read = text.parse::<Several<Curve>>().ok();
            assert_eq!(read.map(|read| read.is_list()), is_list, "{text}");
        }
        check("400/s", Some(false));
        check("100,200, 400/s", Some(true));
        check("0..500/30s, 500/2m", Some(false));
        check("100/30s, 500", None);
        check("100,", None);
        check("100,0", None);
    }
}
