//! A component as a file: read, checked, compiled or found in the cache.

use std::borrow::Cow;

use sha2::{Digest, Sha256};
use wasmtime::Engine;

use super::cache::{self, Cache};
use super::code::{Code, Form};
use super::config::{self, Shape};
use super::kind::{self, CoreKind, Kind};
use super::ready::{self, Prepared};
use super::{adapt, contract, fit};
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
    code: Code,
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
        let form = match &kind {
            Kind::Core(CoreKind::Command) => Form::Program,
            Kind::Component | Kind::Core(CoreKind::Operation { .. }) => Form::Component,
        };
        let key = cache_key(&kind, bytes);
        let engine = config::compiler(shape).map_err(|cause| no_engine(&cause))?;
        let of = |code| Artifact::of(name, bytes, &kind, key.clone(), shape, code, cache);
        if let Some(code) = cache.and_then(|cache| cache.load(&engine, &key, form)) {
            return Ok(of(code));
        }
        on_compile();
        let bytes = match &kind {
            Kind::Core(CoreKind::Operation { exports }) => {
                Cow::Owned(adapt::component(name, bytes, exports)?)
            }
            Kind::Component | Kind::Core(CoreKind::Command) => Cow::Borrowed(bytes),
        };
        let code =
            Code::compile(&engine, &bytes, form).map_err(|cause| fit::invalid(name, &cause))?;
        let mut artifact = of(code);
        artifact.keep(&engine)?;
        Ok(artifact)
    }

    /// Checks that the component is an operation of the contract, asks for nothing that is not served, and can have the
    /// memory it begins with.
    ///
    /// # Errors
    /// What does not fit, and what to do about it.
    pub fn check_fit(&self) -> Result<()> {
        match &self.code {
            Code::Component(component) => {
                fit::check(&self.name, component, &ready::linker(self.code.engine())?)?;
            }
            Code::Program(module) => {
                let linker = ready::program_linker(self.code.engine())?;
                fit::check_program(&self.name, module, &linker)?;
            }
        }
        fit::check_memory(&self.name, self.code.needs(), self.shape.memory_bytes)
    }

    fn of(
        name: &str,
        bytes: &[u8],
        kind: &Kind,
        cache_key: String,
        shape: Shape,
        code: Code,
        cache: Option<&Cache>,
    ) -> Artifact {
        Artifact {
            name: name.to_owned(),
            digest: hex(&Sha256::digest(bytes)),
            cache_key,
            is_core: matches!(kind, Kind::Core(_)),
            size: bytes.len() as u64,
            shape,
            code,
            compiled: None,
            cache: cache.cloned(),
        }
    }

    /// Puts the compilation where the engine of a run will find it: into the cache, else into memory.
    fn keep(&mut self, engine: &Engine) -> Result<()> {
        let compiled = self
            .code
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
        let opens = |import: &String| {
            import.starts_with("wasi:sockets/tcp@")
                || import.starts_with("wasi:sockets/ip-name-lookup@")
        };
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
        self.code.is_command()
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
        if self.code.form() == Form::Program {
            "wasi_snapshot_preview1"
        } else if self.is_command() {
            "wasi:cli/command@0.2"
        } else if self.has_lifecycle() {
            "gorgon:load/op-full@0.1.0"
        } else {
            "gorgon:load/op@0.1.0"
        }
    }

    /// Whether it has `setup`, `teardown`, `start` and `stop`.
    pub fn has_lifecycle(&self) -> bool {
        self.code.has_lifecycle()
    }

    /// What it imports and exports.
    pub fn interfaces(&self) -> fit::Interfaces {
        self.code.interfaces()
    }

    /// From the cache a second time, for another engine; compiled anew if somebody has emptied it meanwhile.
    fn load_again(&self, engine: &Engine) -> wasmtime::Result<Code> {
        let form = self.code.form();
        match self
            .cache
            .as_ref()
            .and_then(|cache| cache.load(engine, &self.cache_key, form))
        {
            Some(code) => Ok(code),
            None => cache::from_own_bytes(engine, &self.code.serialize()?, form),
        }
    }

    /// Prepares instances for a run: the engine with its pool, and everything that can be decided before the first one.
    pub(super) fn prepare(&self) -> Result<Prepared> {
        let engine = config::runner(self.shape, self.code.needs().as_ref())
            .map_err(|cause| no_engine(&cause))?;
        let code = match &self.compiled {
            Some(compiled) => cache::from_own_bytes(&engine, compiled, self.code.form()),
            None => self.load_again(&engine),
        };
        let code = code.map_err(|cause| fit::invalid(&self.name, &cause))?;
        Prepared::new(&self.name, engine, &code)
    }
}

fn no_engine(cause: &wasmtime::Error) -> Error {
    Error::new(Exit::Environment, "this machine cannot hold that many instances")
        .because(format!("{cause:#}"))
        .hint("use fewer workers (`-w`) or less memory for each (`--memory`); `ulimit -v` and `sysctl vm.max_map_count` may be too low")
}

/// What a compilation goes by in the cache. That of a core module depends on how it was made a component, too.
fn cache_key(kind: &Kind, bytes: &[u8]) -> String {
    let mut key = Sha256::new();
    if matches!(kind, Kind::Core(CoreKind::Operation { .. })) {
        key.update(contract::WIT);
        key.update(env!("GORGON_WASMTIME_VERSION"));
    }
    key.update(bytes);
    hex(&key.finalize())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
