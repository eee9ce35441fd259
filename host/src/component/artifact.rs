//! A component as a file: read, checked, compiled or found in the cache.

use std::borrow::Cow;

use sha2::{Digest, Sha256};
use wasmtime::component::{Component, InstancePre, Linker};
use wasmtime::{Engine, component::HasSelf};

use super::bindings::Imports;
use super::cache::{self, Cache};
use super::config::{self, Shape};
use super::exports::ExportIndices;
use super::kind::{self, Kind};
use super::state::State;
use super::{adapt, contract, fit, sockets};
use crate::error::{Error, Exit, Result};

/// A component, checked and compiled, of which instances can be made in any number of runs.
#[derive(Debug, Clone)]
pub struct Artifact {
    name: String,
    digest: String,
    /// What its compilation goes by in the cache.
    cache_key: String,
    is_core: bool,
    size: u64,
    shape: Shape,
    component: Component,
    /// What was compiled just now and could not be put into a cache, to be loaded from memory.
    compiled: Option<Vec<u8>>,
    cache: Option<Cache>,
}

impl Artifact {
    /// An operation, ready for runs: [`Artifact::compile`], and the check that it fits.
    ///
    /// # Errors
    /// The bytes are not an operation that this host can run; `name` is what the person called them.
    pub fn load(
        name: &str,
        bytes: &[u8],
        shape: Shape,
        cache: Option<&Cache>,
        on_compile: &mut dyn FnMut(),
    ) -> Result<Artifact> {
        let artifact = Artifact::compile(name, bytes, shape, cache, on_compile)?;
        artifact.check_fit()?;
        Ok(artifact)
    }

    /// Compiles a component or takes its compilation from `cache`; `on_compile` is called before the former.
    ///
    /// # Errors
    /// The bytes are not a component that this host can run.
    pub fn compile(
        name: &str,
        bytes: &[u8],
        shape: Shape,
        cache: Option<&Cache>,
        on_compile: &mut dyn FnMut(),
    ) -> Result<Artifact> {
        let kind = kind::tell(name, bytes)?;
        let key = cache_key(&kind, bytes);
        let engine = config::compiler(shape).map_err(|cause| no_engine(&cause))?;
        let of = |component| Artifact::of(name, bytes, &kind, key.clone(), shape, component, cache);
        if let Some(component) = cache.and_then(|cache| cache.load(&engine, &key)) {
            return Ok(of(component));
        }
        on_compile();
        let bytes = match &kind {
            Kind::Component => Cow::Borrowed(bytes),
            Kind::Core(core) => Cow::Owned(adapt::component(name, bytes, core)?),
        };
        let component =
            Component::from_binary(&engine, &bytes).map_err(|cause| fit::invalid(name, &cause))?;
        let mut artifact = of(component);
        artifact.keep(&engine)?;
        Ok(artifact)
    }

    /// Checks that the component is an operation of the contract, asks for nothing that is not served, and can have the
    /// memory it begins with.
    ///
    /// # Errors
    /// What does not fit, and what to do about it.
    pub fn check_fit(&self) -> Result<()> {
        let engine = self.component.engine();
        fit::check(&self.name, &self.component, &linker(engine)?)?;
        fit::check_memory(&self.name, &self.component, self.shape.memory_bytes)
    }

    fn of(
        name: &str,
        bytes: &[u8],
        kind: &Kind,
        cache_key: String,
        shape: Shape,
        component: Component,
        cache: Option<&Cache>,
    ) -> Artifact {
        Artifact {
            name: name.to_owned(),
            digest: hex(&Sha256::digest(bytes)),
            cache_key,
            is_core: matches!(kind, Kind::Core(_)),
            size: bytes.len() as u64,
            shape,
            component,
            compiled: None,
            cache: cache.cloned(),
        }
    }

    /// Puts the compilation where the engine of a run will find it: into the cache, else into memory.
    fn keep(&mut self, engine: &Engine) -> Result<()> {
        let compiled = self
            .component
            .serialize()
            .map_err(|cause| fit::invalid(&self.name, &cause))?;
        let stored = self
            .cache
            .as_ref()
            .is_some_and(|cache| cache.store(engine, &self.cache_key, &compiled).is_ok());
        if !stored {
            self.compiled = Some(compiled);
        }
        Ok(())
    }

    /// What the person called the file.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it goes by in a report: the name of the file without its folder.
    pub fn short_name(&self) -> String {
        // An address may have a pin at its end.
        let is_address = self.name.contains("://");
        let name = if is_address {
            self.name.split('#').next()
        } else {
            None
        };
        let name = name.unwrap_or(&self.name).trim_end_matches('/');
        name.rsplit('/').next().unwrap_or(name).to_owned()
    }

    /// Whether the operation can make HTTP requests at all.
    pub fn uses_http(&self) -> bool {
        let imports = self.interfaces().imports;
        imports.iter().any(|import| {
            ["gorgon:load/http@", "wasi:http/outgoing-handler@"]
                .iter()
                .any(|http| import.starts_with(http))
        })
    }

    /// Whether it can open connections, by HTTP or otherwise.
    pub fn uses_network(&self) -> bool {
        let imports = self.interfaces().imports;
        let opens = |import: &String| import.starts_with("wasi:sockets/tcp@");
        self.uses_http() || imports.iter().any(opens)
    }

    /// The SHA-256 of the file, as 64 hexadecimal digits.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// The size of the file in bytes.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Whether it is a program with a `main`, of which every call gets a fresh instance, rather than an operation of the
    /// contract.
    pub fn is_command(&self) -> bool {
        ExportIndices::of(&self.component).is_some_and(|exports| exports.is_command())
    }

    /// What kind of file it is.
    pub fn kind(&self) -> &'static str {
        match (self.is_command(), self.is_core) {
            (false, false) => "component",
            (false, true) => "core module",
            (true, false) => "command component",
            (true, true) => "command core module",
        }
    }

    /// The world that it fits.
    pub fn world(&self) -> &'static str {
        if self.is_command() {
            "wasi:cli/command@0.2"
        } else if self.has_lifecycle() {
            "gorgon:load/op-full@0.1.0"
        } else {
            "gorgon:load/op@0.1.0"
        }
    }

    /// Whether it has `setup`, `teardown`, `start` and `stop`.
    pub fn has_lifecycle(&self) -> bool {
        ExportIndices::of(&self.component).is_some_and(|exports| exports.has_lifecycle())
    }

    /// What it imports and exports.
    pub fn interfaces(&self) -> fit::Interfaces {
        fit::interfaces(&self.component)
    }

    /// From the cache a second time, for another engine; compiled anew if somebody has emptied it meanwhile.
    fn load_again(&self, engine: &Engine) -> wasmtime::Result<Component> {
        match self
            .cache
            .as_ref()
            .and_then(|cache| cache.load(engine, &self.cache_key))
        {
            Some(component) => Ok(component),
            None => cache::from_own_bytes(engine, &self.component.serialize()?),
        }
    }

    /// Prepares instances for a run: the engine with its pool, and everything that can be decided before the first one.
    pub(super) fn prepare(&self) -> Result<Prepared> {
        let engine =
            config::runner(self.shape, &self.component).map_err(|cause| no_engine(&cause))?;
        let component = match &self.compiled {
            Some(compiled) => cache::from_own_bytes(&engine, compiled),
            None => self.load_again(&engine),
        };
        let component = component.map_err(|cause| fit::invalid(&self.name, &cause))?;
        let instance = linker(&engine)?
            .instantiate_pre(&component)
            .map_err(|cause| fit::invalid(&self.name, &cause))?;
        let exports = ExportIndices::of(&component).ok_or_else(|| {
            Error::new(
                Exit::Unusable,
                format!("`{}` exports no operation", self.name),
            )
        })?;
        Ok(Prepared {
            engine,
            instance,
            exports,
        })
    }
}

/// All that the instances of a run have in common.
pub(super) struct Prepared {
    pub(super) engine: Engine,
    pub(super) instance: InstancePre<State>,
    pub(super) exports: ExportIndices,
}

/// Everything a guest may import.
fn linker(engine: &Engine) -> Result<Linker<State>> {
    let mut linker = Linker::new(engine);
    wasmtime_wasi::p2::add_to_linker_async(&mut linker)
        .and_then(|()| wasmtime_wasi_http::p2::add_only_http_to_linker_async(&mut linker))
        .and_then(|()| sockets::add_to_linker(&mut linker))
        .and_then(|()| Imports::add_to_linker::<State, HasSelf<State>>(&mut linker, |state| state))
        .map_err(|cause| {
            Error::new(Exit::Bug, "the host functions do not fit together")
                .because(format!("{cause:#}"))
        })?;
    Ok(linker)
}

fn no_engine(cause: &wasmtime::Error) -> Error {
    Error::new(Exit::Environment, "this machine cannot hold that many instances")
        .because(format!("{cause:#}"))
        .hint("use fewer workers (`-w`) or less memory for each (`--memory`); `ulimit -v` and `sysctl vm.max_map_count` may be too low")
}

/// What a compilation goes by in the cache. That of a core module depends on how it was made a component, too.
fn cache_key(kind: &Kind, bytes: &[u8]) -> String {
    let mut key = Sha256::new();
    if matches!(kind, Kind::Core(_)) {
        key.update(contract::WIT);
        key.update(env!("GORGON_WASMTIME_VERSION"));
    }
    key.update(bytes);
    hex(&key.finalize())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
