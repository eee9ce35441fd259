//! Keys that get small numbers, and the per-thread memory of them.
//!
//! Invariant: of the keys that ask ([`Table::claim`]) the first `cap` get a number, and which ones those are is decided
//! once, for all threads. From then on a table answers without its lock.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

/// Keys shared by threads. See the module's description.
#[derive(Debug)]
pub(super) struct Table<K> {
    cap: usize,
    known: Mutex<Known<K>>,
    /// The claimed keys, once there are `cap` of them: nobody needs the lock to learn that a key came too late.
    full: OnceLock<HashMap<K, u32>>,
}

#[derive(Debug)]
struct Known<K> {
    ids: HashMap<K, u32>,
    keys: Vec<K>,
    claimed: usize,
}

impl<K: Clone + Eq + Hash> Table<K> {
    /// An empty table in which `cap` keys can be claimed.
    pub(super) fn new(cap: usize) -> Table<K> {
        let known = Known {
            ids: HashMap::new(),
            keys: Vec::new(),
            claimed: 0,
        };
        Table {
            cap,
            known: Mutex::new(known),
            full: OnceLock::new(),
        }
    }

    /// The number of a key, a new one while there is room; `None` for a key that came too late.
    pub(super) fn claim(&self, key: &K) -> Option<u32> {
        if let Some(full) = self.full.get() {
            return full.get(key).copied();
        }
        let mut known = self.lock();
        let id = match known.ids.get(key) {
            Some(&id) => Some(id),
            None if known.claimed < self.cap => {
                known.claimed += 1;
                Some(known.add(key.clone()))
            }
            None => None,
        };
        if known.claimed >= self.cap {
            self.full.get_or_init(|| known.ids.clone());
        }
        id
    }

    /// The number of a key that the cap does not concern: one of the host's own, or one that another table decided on.
    pub(super) fn admit(&self, key: K) -> u32 {
        let mut known = self.lock();
        match known.ids.get(&key) {
            Some(&id) => id,
            None => known.add(key),
        }
    }

    /// Every key at the index of its number.
    pub(super) fn keys(&self) -> Vec<K> {
        self.lock().keys.clone()
    }

    fn lock(&self) -> MutexGuard<'_, Known<K>> {
        // No state between two valid ones is ever visible, so a panic elsewhere while the lock was held spoils nothing.
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: Clone + Eq + Hash> Known<K> {
    fn add(&mut self, key: K) -> u32 {
        let id = self.keys.len() as u32;
        self.keys.push(key.clone());
        self.ids.insert(key, id);
        id
    }
}

/// How many names are searched one by one before a map takes over: comparing a few short strings is the faster way.
const FEW: usize = 8;

/// The names that one thread has met, with their numbers.
#[derive(Debug, Clone, Default)]
pub(super) struct Names {
    few: Vec<(Box<str>, u32)>,
    many: HashMap<Box<str>, u32>,
}

impl Names {
    /// The number of a name, if it was met.
    pub(super) fn get(&self, name: &str) -> Option<u32> {
        match self.few.iter().find(|(known, _)| **known == *name) {
            Some(&(_, id)) => Some(id),
            None if self.many.is_empty() => None,
            None => self.many.get(name).copied(),
        }
    }

    /// Keeps a name.
    pub(super) fn insert(&mut self, name: &str, id: u32) {
        if self.few.len() < FEW {
            self.few.push((name.into(), id));
        } else {
            self.many.insert(name.into(), id);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_keys_up_to_the_cap_get_numbers_and_keep_them() {
        let table = Table::new(2);
        assert_eq!(table.claim(&"a"), Some(0));
        assert_eq!(table.claim(&"b"), Some(1));
        assert_eq!(table.claim(&"c"), None);
        assert_eq!(table.claim(&"a"), Some(0));
        assert_eq!(table.keys(), ["a", "b"]);
    }

    #[test]
    fn admitted_keys_take_no_room() {
        let table = Table::new(1);
        assert_eq!(table.admit("host"), 0);
        assert_eq!(table.claim(&"guest"), Some(1));
        assert_eq!(table.claim(&"late"), None);
        assert_eq!(table.admit("late host"), 2);
        assert_eq!(table.admit("host"), 0);
        assert_eq!(table.claim(&"host"), Some(0));
    }

    #[test]
    fn threads_agree_on_which_keys_came_in_time() {
        let table = Table::new(50);
        let answers: Vec<Vec<Option<u32>>> = std::thread::scope(|scope| {
            let ask = |_| scope.spawn(|| (0..200).filter_map(|key| table.claim(&key)).count());
            (0..4)
                .map(ask)
                .collect::<Vec<_>>()
                .into_iter()
                .for_each(|thread| assert!(thread.join().unwrap() <= 50));
            let ask = |_| scope.spawn(|| (0..200).map(|key| table.claim(&key)).collect());
            let threads: Vec<_> = (0..4).map(ask).collect();
            threads
                .into_iter()
                .map(|thread| thread.join().unwrap())
                .collect()
        });
        assert_eq!(answers[0].iter().flatten().count(), 50);
        assert!(answers.iter().all(|answer| *answer == answers[0]));
    }

    #[test]
    fn names_are_found_beyond_the_few() {
        let mut names = Names::default();
        let all: Vec<String> = (0..40).map(|i| format!("name {i}")).collect();
        all.iter()
            .zip(0..)
            .for_each(|(name, id)| names.insert(name, id));
        for (name, id) in all.iter().zip(0..) {
            assert_eq!(names.get(name), Some(id));
        }
        assert_eq!(names.get("another"), None);
    }
}
