//! What is decided and opened before the first call of a run.

use std::sync::Arc;

use super::RunArgs;
use super::load::Given;
use super::mix::{self, Named};
use crate::cli::operation::Seed;
use crate::cli::sink::Sink;
use crate::component::log::RunLog;
use crate::component::{Artifact, Parameters, RunContext};
use crate::data::Data;
use crate::engine::control::Control;
use crate::engine::{Feed, Load};
use crate::environment::{self, Allowed, Needs};
use crate::error::Result;
use crate::http_client;
use crate::report::format;
use crate::stats::RunFacts;

/// What is decided and opened before the first call.
pub(super) struct Prepared {
    pub(super) named: Vec<Named>,
    pub(super) seed: Seed,
    pub(super) load: Load,
    pub(super) feed: Feed,
    pub(super) artifacts: Vec<Artifact>,
    pub(super) parameters: Arc<Parameters>,
    pub(super) data: Option<Arc<Data>>,
    pub(super) json: Option<Sink>,
    pub(super) failed_items: Option<Sink>,
}

impl Prepared {
    /// Why fewer calls were made than `-n` says, where that is nobody's fault.
    pub(super) fn cut_short(&self, facts: &RunFacts) -> Option<String> {
        let calls = self.load.calls?;
        let asked = facts.accounting.asked;
        if asked >= calls || self.load.is_open() {
            return None;
        }
        let what = match (&self.feed.items, self.load.rows) {
            (Some(_), _) => "items",
            (None, Some(_)) => "rows of data",
            (None, None) => return None,
        };
        Some(format!(
            "`-n` asked for {} and there were no more {what} than for {}",
            format::plural(calls, "call", "calls"),
            format::count(asked)
        ))
    }
}

impl RunArgs {
    /// Decides and opens everything, so that no run is made for nothing.
    pub(super) fn prepare(&self) -> Result<Prepared> {
        let named = mix::read(&self.operations)?;
        self.operation.check()?;
        self.rules.check()?;
        self.feed.check(&named)?;
        let seed = self.operation.seed();
        let data = self.operation.data(seed)?;
        let allowed = Allowed::here();
        let load = self.load.load(&Given {
            timeout: self.operation.timeout,
            seed: seed.value,
            operations: &named,
            has_items: self.feed.has_items(),
            rows: data.as_ref().and_then(|data| data.unique_limit()),
            allowed,
        })?;
        let json = self.json.as_deref().map(Sink::open).transpose()?;
        let failed_items = self.feed.sink()?;
        let artifacts = self.artifacts(&named, &load)?;
        check_environment(&artifacts, &load, allowed)?;
        Ok(Prepared {
            feed: self.feed.open()?,
            parameters: self.operation.parameters(),
            named,
            seed,
            load,
            artifacts,
            data,
            json,
            failed_items,
        })
    }

    fn artifacts(&self, named: &[Named], load: &Load) -> Result<Vec<Artifact>> {
        // One more for `setup` and `teardown`.
        let instances = instances(load) + 1;
        let shape = self.operation.shape(instances, named.len() as u32, 0);
        let artifacts = named
            .iter()
            .map(|one| self.operation.artifact(&one.name, shape));
        artifacts.collect()
    }
}

/// Instances of one operation that may live at the same time.
fn instances(load: &Load) -> u32 {
    if load.is_open() {
        load.workers
    } else {
        load.busy_workers()
    }
}

fn check_environment(artifacts: &[Artifact], load: &Load, allowed: Allowed) -> Result<()> {
    let workers = u64::from(instances(load));
    let of_each = if load.is_open() {
        1
    } else {
        artifacts.len() as u64
    };
    let makes_requests = artifacts.iter().any(Artifact::uses_http);
    let needs = Needs {
        instances: workers * of_each,
        connections: if makes_requests { workers * of_each } else { 0 },
        threads: load.threads as u64,
    };
    environment::check(needs, allowed)
}

/// What the instances of the run share.
pub(super) fn context(
    prepared: &Prepared,
    facts: &RunFacts,
    control: &Arc<Control>,
    log: &Arc<RunLog>,
    http: &Arc<http_client::Shared>,
) -> RunContext {
    RunContext {
        run_id: facts.run_id.clone(),
        workers: if prepared.load.is_open() {
            0
        } else {
            prepared.load.workers
        },
        seed: prepared.seed.value,
        seed_given: prepared.seed.given,
        parameters: Arc::clone(&prepared.parameters),
        data: prepared.data.clone(),
        log: Arc::clone(log),
        http: Arc::clone(http),
        control: Arc::clone(control),
        trace: false,
    }
}
