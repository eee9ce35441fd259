//! How much memory a guest may have.

use wasmtime::ResourceLimiter;

/// Elements of one table; the pool reserves as many at most.
const TABLE_ELEMENTS_MAX: usize = 1_000_000;

/// The limits of one instance, and what it has used of them.
#[derive(Debug)]
pub(super) struct Limits {
    memory_max: usize,
    memory: usize,
    peak: usize,
    refused: bool,
}

impl Limits {
    /// Limits of an instance that may have `memory_max` bytes, over all its linear memories.
    pub(super) fn new(memory_max: u64) -> Limits {
        Limits {
            memory_max: usize::try_from(memory_max).unwrap_or(usize::MAX),
            memory: 0,
            peak: 0,
            refused: false,
        }
    }

    /// The most memory the instance has had, in bytes.
    pub(super) fn peak(&self) -> u64 {
        self.peak as u64
    }

    /// Whether growth was refused since the last time this was asked.
    pub(super) fn take_refused(&mut self) -> bool {
        std::mem::take(&mut self.refused)
    }
}

impl ResourceLimiter for Limits {
    fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        let after = self.memory.saturating_add(desired.saturating_sub(current));
        if after > self.memory_max || maximum.is_some_and(|maximum| desired > maximum) {
            self.refused = true;
            return Ok(false);
        }
        self.memory = after;
        self.peak = self.peak.max(after);
        Ok(true)
    }

    fn table_growing(
        &mut self,
        _current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        Ok(desired <= TABLE_ELEMENTS_MAX && maximum.is_none_or(|maximum| desired <= maximum))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_limited_over_all_memories_of_an_instance_together() {
        let mut limits = Limits::new(100);
        assert!(limits.memory_growing(0, 60, None).unwrap());
        assert!(
            !limits.memory_growing(0, 60, None).unwrap(),
            "a second memory"
        );
        assert!(limits.take_refused());
        assert!(!limits.take_refused());
        assert!(limits.memory_growing(60, 100, None).unwrap());
        assert!(!limits.memory_growing(0, 1, None).unwrap());
        assert_eq!(limits.peak(), 100);
    }

    #[test]
    fn the_guest_s_own_maximum_counts_too() {
        let mut limits = Limits::new(100);
        assert!(!limits.memory_growing(0, 60, Some(50)).unwrap());
        assert!(limits.table_growing(0, 10, None).unwrap());
        assert!(
            !limits
                .table_growing(0, TABLE_ELEMENTS_MAX + 1, None)
                .unwrap()
        );
    }
}
