//! What all instances of a run are told.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::log::RunLog;
use crate::data::Data;
use crate::engine::control::Control;
use crate::http_client;

/// The parameters of a run, and which of them guests have asked for.
#[derive(Debug, Default)]
pub struct Parameters {
    values: BTreeMap<String, (String, AtomicBool)>,
}

impl Parameters {
    /// Parameters by name; of one given twice the last counts.
    pub fn new(pairs: impl IntoIterator<Item = (String, String)>) -> Parameters {
        let values = pairs
            .into_iter()
            .map(|(name, value)| (name, (value, AtomicBool::new(false))));
        Parameters {
            values: values.collect(),
        }
    }

    /// Those that no guest has asked for: most likely misspelt.
    pub fn unused(&self) -> Vec<String> {
        let unused = self
            .values
            .iter()
            .filter(|(_, (_, asked))| !asked.load(Ordering::Relaxed));
        unused.map(|(name, _)| name.clone()).collect()
    }

    /// Those that none of the operations they were given to has asked for.
    pub fn unused_by_all(of_operations: &[Arc<Parameters>]) -> Vec<String> {
        let mut unused: Vec<String> = of_operations.iter().flat_map(|of| of.unused()).collect();
        unused.sort();
        unused.dedup();
        let is_used = |name: &String| {
            let asked = |of: &Arc<Parameters>| {
                of.values
                    .get(name)
                    .is_some_and(|(_, asked)| asked.load(Ordering::Relaxed))
            };
            of_operations.iter().any(asked)
        };
        unused.retain(|name| !is_used(name));
        unused
    }

    pub(super) fn get(&self, name: &str) -> Option<String> {
        let (value, asked) = self.values.get(name)?;
        asked.store(true, Ordering::Relaxed);
        Some(value.clone())
    }

    pub(super) fn all(&self) -> Vec<(String, String)> {
        let all = self.values.iter().map(|(name, (value, asked))| {
            asked.store(true, Ordering::Relaxed);
            (name.clone(), value.clone())
        });
        all.collect()
    }
}

/// What all instances of a run are told, decided before it starts.
#[derive(Debug)]
pub struct RunContext {
    /// Names the run.
    pub run_id: String,
    /// How many workers it has.
    pub workers: u32,
    /// What every random stream of the run comes from.
    pub seed: u64,
    /// True if the person gave the seed: then `wasi:random` follows from it too.
    pub seed_given: bool,
    /// What was given with `--set`.
    pub parameters: Arc<Parameters>,
    /// What was given with `--data`.
    pub data: Option<Arc<Data>>,
    /// Where guests write.
    pub log: Arc<RunLog>,
    /// What the HTTP clients of the workers share.
    pub http: Arc<http_client::Shared>,
    /// Tells guests that the run is ending.
    pub control: Arc<Control>,
    /// Keep every exchange, for `gorgon try`.
    pub trace: bool,
}
