//! The arguments that say what an operation is given and allowed, and which operations there are.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::{Args, ValueEnum};

use super::settings::Opens;
use super::{misused, output, values};
use crate::clock;
use crate::component::cache::Cache;
use crate::component::config::Shape;
use crate::component::{Artifact, Bounds, Parameters, same_variable};
use crate::data::{self, Data};
use crate::error::Result;
use crate::http_client;
use crate::policy::{Grant, Policy};
use crate::source::{self, Trust};

/// Memory of an instance unless `--memory` says otherwise.
const MEMORY_DEFAULT: &str = "256MiB";
/// The most that a 32-bit guest can have.
const MEMORY_MAX: u64 = 4 << 30;

#[derive(Debug, Args)]
pub(super) struct OperationArgs {
    /// Give the operation a parameter; repeat for more
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = values::pair)]
    parameters: Vec<(String, String)>,

    /// Give each call a row of this table: `.csv` or `.tsv` with a header, or `.jsonl`
    #[arg(long, value_name = "FILE")]
    data: Option<PathBuf>,

    /// Which row a call gets: one after the other and then from the beginning, each once (the run ends with the last), or
    /// any
    #[arg(
        long,
        value_name = "ORDER",
        default_value = "circular",
        requires = "data"
    )]
    rows: Rows,

    /// Let it reach a host besides loopback: a name, `*.example.com`, an address or a CIDR block, each with an optional
    /// `:PORT`; `any` for all; repeat for more
    #[arg(long = "allow-host", value_name = "HOST", add = Opens)]
    allow_hosts: Vec<Grant>,

    /// Trust the certificates in this PEM file too; repeat for more
    #[arg(long = "cacert", value_name = "FILE", add = Opens)]
    extra_roots: Vec<PathBuf>,

    /// Accept any certificate. The report says so
    #[arg(long, add = Opens)]
    insecure: bool,

    /// The limit for one call
    #[arg(long, value_name = "TIME", default_value = "10s", value_parser = values::duration, allow_hyphen_values = true)]
    pub(super) timeout: Duration,

    /// The memory one instance may have
    #[arg(long, value_name = "SIZE", default_value = MEMORY_DEFAULT, value_parser = values::size, allow_hyphen_values = true)]
    pub(super) memory: u64,

    /// What everything random comes from; fresh unless given
    #[arg(long, value_name = "NUMBER", value_parser = values::count, allow_hyphen_values = true)]
    seed: Option<u64>,
}

/// In which order the rows of `--data` are handed out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Rows {
    /// One after the other, and then from the beginning
    Circular,
    /// Each once; the run ends with the last
    Unique,
    /// Any, which follows from the seed and the number
    Random,
}

/// The seed of a run, and whether the person chose it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seed {
    pub(super) value: u64,
    pub(super) given: bool,
}

impl OperationArgs {
    /// Checks what clap cannot.
    pub(super) fn check(&self) -> Result<()> {
        if self.timeout.is_zero() {
            return Err(misused("`--timeout 0s` leaves a call no time")
                .hint("say how long one call may take: `--timeout 10s`"));
        }
        if self.memory < 64 << 10 || self.memory > MEMORY_MAX {
            return Err(misused(format!(
                "`--memory` of {} bytes is not possible",
                self.memory
            ))
            .because("a WebAssembly memory has between 64KiB and 4GiB")
            .hint(format!("the default is {MEMORY_DEFAULT}")));
        }
        Ok(())
    }

    /// Reads and compiles the operation that `name` stands for.
    pub(super) fn artifact(&self, name: &str, shape: Shape) -> Result<Artifact> {
        load(name, shape, &self.trust())
    }

    /// The shape of a pool that holds `instances` of each of `operations` operations.
    pub(super) fn shape(&self, instances: u32, operations: u32, backtrace_frames: usize) -> Shape {
        Shape {
            instances,
            operations,
            memory_bytes: self.memory,
            backtrace_frames,
        }
    }

    /// The table of `--data`.
    pub(super) fn data(&self, seed: Seed) -> Result<Option<Arc<Data>>> {
        let order = match self.rows {
            Rows::Circular => data::Order::Circular,
            Rows::Unique => data::Order::Unique,
            Rows::Random => data::Order::Random,
        };
        let data = self.data.as_deref();
        let data = data.map(|path| Data::load(path, order, seed.value));
        Ok(data.transpose()?.map(Arc::new))
    }

    /// Whether the run ends with the last row of data.
    pub(super) fn has_rows_that_end(&self) -> bool {
        self.data.is_some() && self.rows == Rows::Unique
    }

    fn trust(&self) -> Trust<'_> {
        Trust {
            extra_roots: &self.extra_roots,
            insecure: self.insecure,
        }
    }

    pub(super) fn bounds(&self) -> Bounds {
        Bounds {
            memory_bytes: self.memory,
            timeout: self.timeout,
        }
    }

    pub(super) fn policy(&self) -> Policy {
        Policy::new(self.allow_hosts.clone())
    }

    /// What was granted, as it would be written.
    pub(super) fn grants(&self) -> Vec<String> {
        self.allow_hosts.iter().map(ToString::to_string).collect()
    }

    pub(super) fn is_insecure(&self) -> bool {
        self.insecure
    }

    pub(super) fn http(&self) -> Result<Arc<http_client::Shared>> {
        let settings = http_client::Settings {
            policy: self.policy(),
            extra_roots: self.extra_roots.clone(),
            insecure: self.insecure,
            ..http_client::Settings::default()
        };
        http_client::Shared::new(settings)
    }

    /// The parameters of `--set`, and more that take their place where they have their names.
    pub(super) fn parameters(&self, more: &[(String, String)]) -> Arc<Parameters> {
        let pairs = self.parameters.iter().chain(more);
        Arc::new(Parameters::new(pairs.cloned()))
    }

    /// Refuses parameters that a program among the operations could not tell apart.
    pub(super) fn check_names(&self, artifacts: &[Artifact]) -> Result<()> {
        if !artifacts.iter().any(Artifact::is_command) {
            return Ok(());
        }
        let names = self.parameters.iter().map(|(name, _)| name.as_str());
        let Some((one, other, variable)) = same_variable(names) else {
            return Ok(());
        };
        let (one, other) = (one.escape_debug(), other.escape_debug());
        let what = format!("the parameters `{one}` and `{other}` are the same to a program");
        Err(misused(what)
            .because(format!("it finds both in the variable `{variable}`"))
            .hint("give one of them another name"))
    }

    pub(super) fn seed(&self) -> Seed {
        let value = self.seed.unwrap_or_else(fresh);
        Seed {
            value,
            given: self.seed.is_some(),
        }
    }
}

/// Reads the operation that `name` stands for and makes it ready.
fn load(name: &str, shape: Shape, trust: &Trust<'_>) -> Result<Artifact> {
    let source = source::read(name, trust)?;
    let megabytes = source.bytes.len() >> 20;
    let cache = Cache::of_user();
    Artifact::load(
        &source.name,
        &source.bytes,
        shape,
        cache.as_ref(),
        &mut || {
            // Smaller ones are compiled before a person has read the line.
            if megabytes >= 2 {
                output::notice(&format!(
                    "compiling {} ({megabytes} MiB); the next run will find it compiled",
                    source.name
                ));
            }
        },
    )
}

/// A number nobody can guess, from the hasher that the standard library seeds from the system's randomness.
pub(super) fn fresh() -> u64 {
    use std::hash::{BuildHasher, RandomState};
    RandomState::new().hash_one(0)
}

/// The name of a run: when it started, and something that no other run has.
pub(super) fn run_id() -> String {
    let digits: String = clock::rfc3339(clock::wall())
        .chars()
        .take(19)
        .filter(|c| !matches!(c, '-' | ':'))
        .collect();
    format!("{digits}Z-{:08x}", fresh() as u32)
}
