//! Core modules as components, made in memory: so that C, Go and Zig need no tool beside their compiler.
//!
//! A core module that exports the contract's functions says by their names which world it fits. What it imports of WASI 0.1
//! ("preview 1") is translated by the adapter that belongs to this version of wasmtime.

use wasi_preview1_component_adapter_provider::{
    WASI_SNAPSHOT_PREVIEW1_ADAPTER_NAME, WASI_SNAPSHOT_PREVIEW1_REACTOR_ADAPTER,
};
use wasmparser::{Parser, Payload};
use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

use super::contract::WIT;
use super::kind::CORE_LIFECYCLE;
use crate::error::{Error, Exit, Result};

/// Makes a component of a core module that exports the contract's functions. `name` is what the person called it,
/// `exports` are the names of all that it exports.
///
/// # Errors
/// Its functions are not those that the contract says, or it imports what nobody has.
pub fn component(name: &str, module: &[u8], exports: &[String]) -> Result<Vec<u8>> {
    operation(module, exports).map_err(|cause| misfit(name, &cause))
}

fn operation(module: &[u8], exports: &[String]) -> anyhow::Result<Vec<u8>> {
    if describes_itself(module) {
        return encode(module);
    }
    let is_full = exports
        .iter()
        .any(|export| export.starts_with(CORE_LIFECYCLE));
    // A module made for a later 0.1 has its version in the names; what it then lacks is found where it is checked.
    let text = WIT.replace(
        "gorgon:load@0.1.0",
        &format!("gorgon:load@{}", version(exports)),
    );
    let mut wit = Resolve::default();
    let package = wit.push_str("load.wit", &text)?;
    let world = wit.select_world(&[package], Some(if is_full { "op-full" } else { "op" }))?;
    let mut described = module.to_vec();
    embed_component_metadata(&mut described, &wit, world, StringEncoding::UTF8)?;
    encode(&described)
}

/// The version of the contract that a module was made for.
fn version(exports: &[String]) -> &str {
    let operation = exports
        .iter()
        .find_map(|export| export.strip_prefix("gorgon:load/operation@"));
    let version = operation.and_then(|rest| rest.split('#').next());
    version.unwrap_or("0.1.0")
}

/// Whether bindings have left the types of a module's functions in it.
fn describes_itself(module: &[u8]) -> bool {
    Parser::new(0).parse_all(module).any(|payload| {
        matches!(payload, Ok(Payload::CustomSection(section)) if section.name().starts_with("component-type"))
    })
}

/// The adapter's memory comes from the module's own allocator: Go takes for granted that nobody else grows its memory.
fn encode(module: &[u8]) -> anyhow::Result<Vec<u8>> {
    let adapter = WASI_SNAPSHOT_PREVIEW1_REACTOR_ADAPTER;
    ComponentEncoder::default()
        .module(module)?
        .adapter(WASI_SNAPSHOT_PREVIEW1_ADAPTER_NAME, adapter)?
        .encode()
}

fn misfit(name: &str, cause: &anyhow::Error) -> Error {
    let error = Error::new(
        Exit::Unusable,
        format!("`{name}` is a core module that cannot be made a component"),
    );
    let chain = cause.chain().map(ToString::to_string);
    let error = chain.fold(error, Error::because);
    error.hint(
        "its imports and exports have to be those of `wit/load.wit` in this version; build it with the SDK of this version",
    )
}
