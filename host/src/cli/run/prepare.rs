//! What is decided and opened before the first call of a run.

use std::sync::Arc;

use super::JobArgs;
use super::load::Given;
use super::mix::Named;
use super::sides::SideBySide;
use crate::cli::operation::Seed;
use crate::cli::sink::Sink;
use crate::cli::views::Present;
use crate::component::log::RunLog;
use crate::component::{Artifact, Parameters, RunContext};
use crate::data::Data;
use crate::engine::control::Control;
use crate::engine::{Feed, Load};
use crate::environment::{self, Allowed, Needs};
use crate::error::Result;
use crate::http_client;
use crate::report::format;
use crate::stats::{RunFacts, Status};

/// What is to be run, and how it will be shown.
pub(in crate::cli) struct Asked {
    pub(in crate::cli) operations: Operations,
    pub(in crate::cli) views: Box<dyn Present>,
}

/// The operations of a run.
pub(in crate::cli) enum Operations {
    /// Each call is one of them.
    Mix(Vec<Named>),
    /// Every number is given to each.
    SideBySide(SideBySide),
}

/// What is decided and opened before the first call.
pub(super) struct Prepared {
    pub(super) named: Vec<Named>,
    /// What the operations go by in the report.
    pub(super) names: Vec<String>,
    pub(super) seed: Seed,
    pub(super) load: Load,
    pub(super) feed: Feed,
    pub(super) artifacts: Vec<Artifact>,
    /// Those of each operation.
    pub(super) parameters: Vec<Arc<Parameters>>,
    pub(super) data: Option<Arc<Data>>,
    pub(super) views: Box<dyn Present>,
    pub(super) failed_items: Option<Sink>,
}

impl Prepared {
    /// Why a run that nobody ended made fewer calls than it was asked for.
    pub(super) fn cut_short(&self, facts: &RunFacts) -> Option<String> {
        if facts.status != Status::Completed {
            return None;
        }
        let numbers = |calls| self.load.numbers_of(calls);
        let calls = &facts.accounting;
        let (asked, warm_up) = (numbers(calls.asked), numbers(calls.warmup_done));
        let (what, there) = self.used_up(asked + warm_up)?;
        if asked == 0 && warm_up > 0 {
            let there = format::count(there);
            return Some(format!(
                "the warm-up used up the {what}: there were {there}"
            ));
        }
        match self.load.calls {
            Some(calls) if asked < calls => Some(format!(
                "`-n` asked for {} and there were no more {what} than for {}",
                format::plural(calls, "call", "calls"),
                format::count(asked)
            )),
            None if self.had_time_left(there) => Some(format!(
                "the {what} were at their end before the run was: there were {}",
                format::count(there)
            )),
            _ => None,
        }
    }

    /// What so many calls were fed with and is at its end, and how much there was.
    fn used_up(&self, calls: u64) -> Option<(&'static str, u64)> {
        let items = self.feed.items.as_ref().map(|items| items.progress());
        match (items, self.load.rows) {
            (Some(items), _) if items.is_complete && items.taken == items.known => {
                Some(("items", items.known))
            }
            (_, Some(rows)) if calls >= rows => Some(("rows of data", rows)),
            _ => None,
        }
    }

    /// Whether another call would have been made after this many, were there anything to feed it with.
    fn had_time_left(&self, calls: u64) -> bool {
        match &self.load.schedule {
            Some(schedule) => schedule.has_end() && schedule.walk().due(calls).is_some(),
            None => self.load.duration.is_some(),
        }
    }
}

impl JobArgs {
    /// Decides and opens everything, so that no run is made for nothing.
    pub(super) fn prepare(&self, asked: Asked) -> Result<Prepared> {
        let Asked { operations, views } = asked;
        let (named, side_by_side) = match operations {
            Operations::Mix(named) => (named, None),
            Operations::SideBySide(compared) => (compared.named(), Some(compared)),
        };
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
            side_by_side: side_by_side.as_ref(),
            has_items: self.feed.has_items(),
            rows: data.as_ref().and_then(|data| data.unique_limit()),
            allowed,
        })?;
        let failed_items = self.feed.sink()?;
        let artifacts = self.artifacts(&named, &load)?;
        self.operation.check_names(&artifacts)?;
        check_environment(&artifacts, &load, allowed)?;
        let files = artifacts
            .iter()
            .map(|artifact| (artifact.name(), artifact.short_name()));
        let names = match &side_by_side {
            Some(compared) => compared.names(&files.collect::<Vec<_>>()),
            None => files.map(|(_, short)| short).collect(),
        };
        let parameters = match &side_by_side {
            Some(compared) => compared.parameters(&self.operation),
            None => vec![self.operation.parameters(&[]); named.len()],
        };
        Ok(Prepared {
            feed: self.feed.open()?,
            parameters,
            named,
            names,
            seed,
            load,
            artifacts,
            data,
            views,
            failed_items,
        })
    }

    fn artifacts(&self, named: &[Named], load: &Load) -> Result<Vec<Artifact>> {
        // One more for `setup` and `teardown`.
        let instances = instances(load) + 1;
        let shape = self.operation.shape(instances, named.len() as u32, 0);
        let mut artifacts: Vec<Artifact> = Vec::with_capacity(named.len());
        for (index, one) in named.iter().enumerate() {
            // Standard input, for one, can be read only once.
            let same = named[..index]
                .iter()
                .position(|other| other.name == one.name);
            artifacts.push(match same {
                Some(same) => artifacts[same].clone(),
                None => self.operation.artifact(&one.name, shape)?,
            });
        }
        Ok(artifacts)
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
    let makes_requests = artifacts.iter().any(Artifact::uses_network);
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
    parameters: &Arc<Parameters>,
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
        parameters: Arc::clone(parameters),
        data: prepared.data.clone(),
        log: Arc::clone(log),
        http: Arc::clone(http),
        control: Arc::clone(control),
        trace: false,
    }
}
