//! How often each tag came back so far.

use std::collections::BTreeMap;

use crate::stats::{Outcome, RowKey, Tables};

/// The counts of all rows.
#[derive(Debug, Default)]
pub(super) struct Tags {
    counts: BTreeMap<RowKey, u64>,
}

impl Tags {
    /// Adds the calls of a tick.
    pub(super) fn add(&mut self, tick: &Tables) {
        for (key, row) in &tick.rows {
            match self.counts.get_mut(key) {
                Some(count) => *count += row.count,
                None => {
                    self.counts.insert(key.clone(), row.count);
                }
            }
        }
    }

    /// How many calls ended with an outcome.
    pub(super) fn with(&self, outcome: Outcome) -> u64 {
        let rows = self.counts.iter();
        rows.filter(|(key, _)| key.outcome == outcome)
            .map(|(_, count)| count)
            .sum()
    }

    /// The most frequent tags, of all operations together.
    pub(super) fn most_frequent(&self, most: usize) -> Vec<(String, Outcome, u64)> {
        let mut tags: BTreeMap<(&str, Outcome), u64> = BTreeMap::new();
        for (key, count) in &self.counts {
            *tags.entry((&key.tag, key.outcome)).or_default() += count;
        }
        let mut tags: Vec<_> = tags
            .into_iter()
            .map(|((tag, outcome), count)| (tag.to_owned(), outcome, count))
            .collect();
        tags.sort_by_key(|(_, _, count)| std::cmp::Reverse(*count));
        tags.truncate(most);
        tags
    }
}
