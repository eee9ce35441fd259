//! Bounds on what a file can make its reader hold. A file may come from anywhere.

use super::problem::Problem;

/// The most memory that tables may take. Ten times what a large run needs.
pub(super) const MOST_BYTES: usize = 256 << 20;

/// How far the bound may be passed before it is looked at how much memory there really is: far enough that looking
/// stays rare.
const SLACK_BYTES: usize = 64 << 20;

/// The most calls, samples, checks and failures together: what a number in JSON can be and stay exact, and so far from
/// 2^64 that no sum in a table can overflow.
pub(super) const MOST_COUNTED: u64 = 1 << 53;

/// What has been spent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Budget {
    /// Everything counted.
    counted: u64,
    /// Memory, or more.
    bytes: usize,
}

impl Budget {
    /// Everything counted so far.
    pub(super) fn counted(self) -> u64 {
        self.counted
    }

    /// Counts `more`, so that merging it cannot overflow.
    pub(super) fn count(&mut self, more: u64) -> Result<(), Problem> {
        let counted = self.counted.checked_add(more);
        self.counted = counted
            .filter(|&counted| counted <= MOST_COUNTED)
            .ok_or(Problem::TooMany)?;
        Ok(())
    }

    /// Spends so many bytes for an entry, of which merging may give back a part: `held` tells how much there is.
    pub(super) fn hold(
        &mut self,
        bytes: usize,
        held: impl FnOnce() -> usize,
    ) -> Result<(), Problem> {
        self.bytes = self.bytes.saturating_add(bytes);
        if self.bytes > MOST_BYTES + SLACK_BYTES {
            self.bytes = held() + bytes;
            if self.bytes > MOST_BYTES {
                return Err(Problem::TooMuch);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_end_before_they_could_overflow() {
        let mut budget = Budget::default();
        assert_eq!(budget.count(MOST_COUNTED), Ok(()));
        assert_eq!(budget.count(0), Ok(()));
        assert_eq!(budget.count(1), Err(Problem::TooMany));
        assert_eq!(budget.count(u64::MAX), Err(Problem::TooMany));
    }

    #[test]
    fn memory_that_merging_gave_back_is_not_held_against_a_file() {
        let mut budget = Budget::default();
        for _ in 0..1_000 {
            assert_eq!(budget.hold(1 << 20, || 5 << 20), Ok(()));
        }
        let kept = (0..1_000).find(|&kept| budget.hold(1 << 20, || kept << 20).is_err());
        assert!(kept.is_some_and(|kept| kept >= 256), "{kept:?}");
    }
}
