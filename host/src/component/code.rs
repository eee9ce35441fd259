//! What was compiled: a component, or the core module of a program for WASI 0.1.
//!
//! A program is not made a component. The adapter that would do that grows the module's memory for a place of its own, and
//! a language that takes for granted that nobody else does (Go) then writes over it.

use wasmtime::component::Component;
use wasmtime::{Engine, Module, ResourcesRequired, Result};

use super::exports::ExportIndices;
use super::fit;

/// See the module's description.
#[derive(Debug, Clone)]
pub(super) enum Code {
    /// A component.
    Component(Component),
    /// A program.
    Program(Module),
}

/// Which of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Component,
    Program,
}

impl Code {
    /// Compiles it.
    pub(super) fn compile(engine: &Engine, bytes: &[u8], form: Form) -> Result<Code> {
        Ok(match form {
            Form::Component => Code::Component(Component::from_binary(engine, bytes)?),
            Form::Program => Code::Program(Module::from_binary(engine, bytes)?),
        })
    }

    pub(super) fn form(&self) -> Form {
        match self {
            Code::Component(_) => Form::Component,
            Code::Program(_) => Form::Program,
        }
    }

    pub(super) fn serialize(&self) -> Result<Vec<u8>> {
        match self {
            Code::Component(component) => component.serialize(),
            Code::Program(module) => module.serialize(),
        }
    }

    pub(super) fn engine(&self) -> &Engine {
        match self {
            Code::Component(component) => component.engine(),
            Code::Program(module) => module.engine(),
        }
    }

    /// What an instance needs of a pool. A component that imports core modules cannot say; none of ours does.
    pub(super) fn needs(&self) -> Option<ResourcesRequired> {
        match self {
            Code::Component(component) => component.resources_required(),
            Code::Program(module) => Some(module.resources_required()),
        }
    }

    /// Whether it is a program with a `main`, of either WASI.
    pub(super) fn is_command(&self) -> bool {
        match self {
            Code::Component(component) => {
                ExportIndices::of(component).is_some_and(|exports| exports.is_command())
            }
            Code::Program(_) => true,
        }
    }

    pub(super) fn has_lifecycle(&self) -> bool {
        match self {
            Code::Component(component) => {
                ExportIndices::of(component).is_some_and(|exports| exports.has_lifecycle())
            }
            Code::Program(_) => false,
        }
    }

    pub(super) fn interfaces(&self) -> fit::Interfaces {
        match self {
            Code::Component(component) => fit::interfaces(component),
            Code::Program(module) => {
                let imports = module.imports();
                let exports = module.exports();
                fit::Interfaces {
                    imports: imports
                        .map(|import| format!("{} {}", import.module(), import.name()))
                        .collect(),
                    exports: exports
                        .map(|export| (export.name().to_owned(), Vec::new()))
                        .collect(),
                }
            }
        }
    }
}
