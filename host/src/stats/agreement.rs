//! Whether operations that are given the same numbers answer them alike.

use serde::{Deserialize, Serialize};

use super::tags::Outcome;

/// So many of the numbers that were answered differently are kept, the lowest.
const DIFFERENCES_KEPT: usize = 10;

/// What came of comparing the answers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agreement {
    /// Numbers that every operation has answered.
    pub compared: u64,
    /// Those of them that were not answered alike.
    pub differing: u64,
    /// The lowest of those.
    pub first: Vec<Difference>,
}

/// A number that was not answered alike.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// The number.
    pub number: u64,
    /// What each operation answered, by its index.
    pub said: Vec<Said>,
}

/// What an operation answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// The index of the operation.
    pub operation: u16,
    /// How the call ended.
    pub outcome: Outcome,
    /// Its tag, as a row of the results has it.
    pub tag: String,
}

impl Agreement {
    /// Compares what all operations answered a number.
    pub fn compare(&mut self, number: u64, said: &[Said]) {
        self.compared += 1;
        let alike =
            |pair: &[Said]| (pair[0].outcome, &pair[0].tag) == (pair[1].outcome, &pair[1].tag);
        if said.windows(2).all(alike) {
            return;
        }
        self.differing += 1;
        let is_kept = self.first.len() < DIFFERENCES_KEPT
            || self.first.last().is_some_and(|last| number < last.number);
        if is_kept {
            let said = said.to_vec();
            self.keep([Difference { number, said }]);
        }
    }

    /// Adds what another thread has compared.
    pub fn merge(&mut self, other: Agreement) {
        self.compared += other.compared;
        self.differing += other.differing;
        self.keep(other.first);
    }

    fn keep(&mut self, more: impl IntoIterator<Item = Difference>) {
        self.first.extend(more);
        self.first.sort_by_key(|difference| difference.number);
        self.first.truncate(DIFFERENCES_KEPT);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(tags: [&str; 2]) -> Vec<Said> {
        let tags = (0..).zip(tags);
        tags.map(|(operation, tag)| Said {
            operation,
            outcome: Outcome::Ok,
            tag: tag.to_owned(),
        })
        .collect()
    }

    #[test]
    fn answers_are_alike_where_outcome_and_tag_are() {
        let mut agreement = Agreement::default();
        agreement.compare(0, &said(["a", "a"]));
        assert_eq!((agreement.compared, agreement.differing), (1, 0));
        agreement.compare(1, &said(["a", "b"]));
        let mut other_outcome = said(["a", "a"]);
        other_outcome[1].outcome = Outcome::Fail;
        agreement.compare(2, &other_outcome);
        assert_eq!((agreement.compared, agreement.differing), (3, 2));
        assert_eq!(agreement.first[0].said, said(["a", "b"]));
    }

    #[test]
    fn the_lowest_are_kept_whatever_the_order_and_however_they_are_merged() {
        let differ = |numbers: &mut dyn Iterator<Item = u64>| {
            let mut agreement = Agreement::default();
            numbers.for_each(|number| agreement.compare(number, &said(["a", "b"])));
            agreement
        };
        let numbers = |of: &Agreement| of.first.iter().map(|one| one.number).collect::<Vec<_>>();
        let lowest: Vec<u64> = (0..10).collect();
        assert_eq!(numbers(&differ(&mut (0..50))), lowest);
        assert_eq!(numbers(&differ(&mut (0..50).rev())), lowest);
        let mut even = differ(&mut (0..50).step_by(2));
        even.merge(differ(&mut (1..50).step_by(2)));
        assert_eq!((numbers(&even), even.differing), (lowest, 50));
    }
}
