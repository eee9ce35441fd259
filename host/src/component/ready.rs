//! Everything of a run's instances that can be decided before the first one.

use wasmtime::component::{HasSelf, InstancePre, Linker};
use wasmtime::{Engine, InstancePre as ProgramPre, Linker as ProgramLinker, Store};

use super::bindings::Imports;
use super::code::Code;
use super::exports::{Entry, ExportIndices, Exports};
use super::state::State;
use super::{fit, sockets, web};
use crate::error::{Error, Exit, Result};

/// All that the instances of a run have in common.
pub(super) struct Prepared {
    pub(super) engine: Engine,
    ready: Ready,
}

enum Ready {
    Component {
        instance: InstancePre<State>,
        exports: ExportIndices,
    },
    Program(ProgramPre<State>),
}

impl Prepared {
    /// Joins code, which the engine has loaded, with what it imports.
    pub(super) fn new(name: &str, engine: Engine, code: &Code) -> Result<Prepared> {
        let invalid = |cause: wasmtime::Error| fit::invalid(name, &cause);
        let ready = match code {
            Code::Component(component) => Ready::Component {
                instance: linker(&engine)?
                    .instantiate_pre(component)
                    .map_err(invalid)?,
                exports: ExportIndices::of(component).ok_or_else(|| {
                    Error::new(Exit::Unusable, format!("`{name}` exports no operation"))
                })?,
            },
            Code::Program(module) => Ready::Program(
                program_linker(&engine)?
                    .instantiate_pre(module)
                    .map_err(invalid)?,
            ),
        };
        Ok(Prepared { engine, ready })
    }

    /// Whether instances are used once, as those of programs are.
    pub(super) fn is_command(&self) -> bool {
        match &self.ready {
            Ready::Component { exports, .. } => exports.is_command(),
            Ready::Program(_) => true,
        }
    }

    pub(super) fn has_lifecycle(&self) -> bool {
        match &self.ready {
            Ready::Component { exports, .. } => exports.has_lifecycle(),
            Ready::Program(_) => false,
        }
    }

    /// Makes an instance.
    pub(super) async fn instantiate(&self, store: &mut Store<State>) -> wasmtime::Result<Exports> {
        match &self.ready {
            Ready::Component { instance, exports } => {
                let instance = instance.instantiate_async(&mut *store).await?;
                exports.load(store, &instance)
            }
            Ready::Program(program) => {
                let instance = program.instantiate_async(&mut *store).await?;
                let start = instance.get_typed_func(&mut *store, "_start")?;
                Ok(Exports {
                    entry: Entry::Start(start),
                    lifecycle: None,
                })
            }
        }
    }
}

/// Everything a component may import.
pub(super) fn linker(engine: &Engine) -> Result<Linker<State>> {
    let mut linker = Linker::new(engine);
    wasmtime_wasi::p2::add_to_linker_async(&mut linker)
        .and_then(|()| wasmtime_wasi_http::p2::add_only_http_to_linker_async(&mut linker))
        .and_then(|()| web::texts::bound(&mut linker))
        .and_then(|()| sockets::add_to_linker(&mut linker))
        .and_then(|()| Imports::add_to_linker::<State, HasSelf<State>>(&mut linker, |state| state))
        .map_err(|cause| no_linker(&cause))?;
    Ok(linker)
}

/// Everything a program for WASI 0.1 may import.
pub(super) fn program_linker(engine: &Engine) -> Result<ProgramLinker<State>> {
    let mut linker = ProgramLinker::new(engine);
    wasmtime_wasi::p1::add_to_linker_async(&mut linker, State::program)
        .map_err(|cause| no_linker(&cause))?;
    Ok(linker)
}

fn no_linker(cause: &wasmtime::Error) -> Error {
    Error::new(Exit::Bug, "the host functions do not fit together").because(format!("{cause:#}"))
}
