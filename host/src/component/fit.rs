//! Whether a component fits the contract, and if not, what is wrong with it in the user's words.

use wasmtime::component::types::ComponentItem;
use wasmtime::component::{Component, Linker};
use wasmtime::{Engine, Module, ResourcesRequired};

use super::contract;
use super::exports::{COMMAND, LIFECYCLE, OPERATION};
use super::kind::listed;
use super::state::State;
use super::types;
use crate::error::{Error, Exit, Result};

/// What a component imports and exports, for `gorgon inspect`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interfaces {
    /// Names of the imports.
    pub imports: Vec<String>,
    /// Names of the exports, each with the functions of an interface.
    pub exports: Vec<(String, Vec<String>)>,
}

const WASM_PAGE_BYTES: u64 = 64 << 10;

/// The WASI 0.2 packages that are served.
const SERVED: [&str; 6] = [
    "wasi:cli/",
    "wasi:clocks/",
    "wasi:filesystem/",
    "wasi:io/",
    "wasi:random/",
    "wasi:sockets/",
];

pub(super) fn interfaces(component: &Component) -> Interfaces {
    let (ty, engine) = (component.component_type(), component.engine());
    let imports = ty
        .imports(engine)
        .map(|(name, _)| name.to_owned())
        .collect();
    let exports = ty
        .exports(engine)
        .map(|(name, item)| (name.to_owned(), functions_of(&item.ty, engine)))
        .collect();
    Interfaces { imports, exports }
}

fn functions_of(item: &ComponentItem, engine: &Engine) -> Vec<String> {
    match item {
        ComponentItem::ComponentFunc(function) => vec![types::function(function)],
        ComponentItem::ComponentInstance(instance) => types::functions(instance, engine)
            .into_iter()
            .map(|(name, function)| format!("{name}: {}", types::function(&function)))
            .collect(),
        _ => Vec::new(),
    }
}

/// Checks exports, then imports.
pub(super) fn check(name: &str, component: &Component, linker: &Linker<State>) -> Result<()> {
    check_exports(name, component)?;
    check_imports(name, component)?;
    // What the lists above do not know: a function with another type, a resource that is not served.
    linker.instantiate_pre(component).map_err(|cause| {
        let error = Error::new(Exit::Unusable, format!("`{name}` does not fit this gorgon"));
        let causes = cause.chain().map(ToString::to_string);
        causes.fold(error, Error::because).hint(
            "it asks for something of WASI that version 0.2 does not have in this form; build it with a tool chain for WASI 0.2",
        )
    })?;
    Ok(())
}

fn check_exports(name: &str, component: &Component) -> Result<()> {
    let (ty, engine) = (component.component_type(), component.engine());
    let exports: Vec<(String, ComponentItem)> = ty
        .exports(engine)
        .map(|(name, item)| (name.to_owned(), item.ty))
        .collect();
    let is_there = |prefix| exports.iter().any(|(export, _)| export.starts_with(prefix));
    if !is_there(OPERATION) && is_there(COMMAND) {
        return Ok(());
    }
    if !is_there(OPERATION) {
        return Err(no_operation(
            name,
            &exports
                .into_iter()
                .map(|(name, _)| name)
                .collect::<Vec<_>>(),
        ));
    }
    for (prefix, interface) in [(OPERATION, "operation"), (LIFECYCLE, "lifecycle")] {
        let Some((export, item)) = exports
            .iter()
            .find(|(export, _)| export.starts_with(prefix))
        else {
            continue;
        };
        let found = functions_in(item, engine);
        for (function, expected) in contract::functions(interface).unwrap_or_default() {
            let found = found.iter().find(|(name, _)| name == function);
            check_type(name, export, function, expected, found.map(|(_, ty)| &**ty))?;
        }
    }
    Ok(())
}

fn functions_in(item: &ComponentItem, engine: &Engine) -> Vec<(String, String)> {
    let ComponentItem::ComponentInstance(instance) = item else {
        return Vec::new();
    };
    let functions = types::functions(instance, engine).into_iter();
    functions
        .map(|(name, function)| (name, types::function(&function)))
        .collect()
}

/// Checks that a function has the type that the contract says.
fn check_type(
    name: &str,
    interface: &str,
    function: &str,
    expected: &str,
    found: Option<&str>,
) -> Result<()> {
    if found.map(without_names) == Some(without_names(expected)) {
        return Ok(());
    }
    let found = found.unwrap_or("nothing of that name");
    Err(Error::new(
        Exit::Unusable,
        format!("`{name}` does not fit the contract `gorgon:load@0.1.0`"),
    )
    .because(format!("`{function}` of `{interface}` has another type"))
    .because(format!("expected: {function}: {expected}"))
    .because(format!("found:    {function}: {found}"))
    .hint("build it against `wit/load.wit` of this version, or with its SDK"))
}

/// The types of a function without the names of its parameters, which are no part of what must fit.
fn without_names(signature: &str) -> String {
    let Some((before, rest)) = signature.split_once('(') else {
        return signature.to_owned();
    };
    let Some((params, after)) = rest.split_once(')') else {
        return signature.to_owned();
    };
    // No parameter of the contract has a type with a comma or a colon in it.
    let params: Vec<&str> = params
        .split(", ")
        .map(|param| param.split_once(": ").map_or(param, |(_, ty)| ty))
        .collect();
    format!("{before}({}){after}", params.join(", "))
}

fn no_operation(name: &str, exports: &[String]) -> Error {
    let error = Error::new(Exit::Unusable, format!("`{name}` does not export an operation"))
        .because("missing: `gorgon:load/operation@0.1.0` with `run: func(number: u64) -> result<string, string>`")
        .because(format!("it exports {}", listed(exports)));
    let newer = exports
        .iter()
        .find(|export| export.starts_with("gorgon:load/operation@"));
    if let Some(newer) = newer {
        return error.hint(format!(
            "`{newer}` is another version of the contract; this gorgon speaks 0.1"
        ));
    }
    if exports
        .iter()
        .any(|export| export.starts_with("wasi:cli/run@"))
    {
        return error.hint("it is a program for another version of WASI; gorgon runs those for 0.1 and 0.2, such as Rust's `wasm32-wasip2`");
    }
    if exports
        .iter()
        .any(|export| export.starts_with("wasi:http/incoming-handler@"))
    {
        return error.hint("it is an HTTP server component; gorgon makes requests, so run it with `wasmtime serve` and call it");
    }
    error.hint("in Rust: put `#[gorgon_sdk::operation]` before `fn run(number: u64)` and build for `wasm32-wasip2`")
}

fn check_imports(name: &str, component: &Component) -> Result<()> {
    let (ty, engine) = (component.component_type(), component.engine());
    for (import, item) in ty.imports(engine) {
        if let Some((cause, hint)) = unserved(import) {
            let import = import.escape_debug();
            return Err(Error::new(
                Exit::Unusable,
                format!("`{name}` asks for `{import}`, which gorgon does not give"),
            )
            .because(cause)
            .hint(hint));
        }
        check_ours(name, import, &functions_in(&item.ty, engine))?;
    }
    Ok(())
}

/// Checks the functions that a component takes from an interface of the contract.
fn check_ours(name: &str, import: &str, functions: &[(String, String)]) -> Result<()> {
    let interface = import.strip_prefix("gorgon:load/").unwrap_or_default();
    let interface = interface.split('@').next().unwrap_or_default();
    let Some(contract) = contract::functions(interface) else {
        return Ok(());
    };
    for (function, found) in functions {
        let expected = contract.iter().find(|(name, _)| name == function);
        let Some((_, expected)) = expected else {
            return Err(Error::new(
                Exit::Unusable,
                format!("`{name}` asks for `{function}` of `{import}`, which this gorgon does not have"),
            )
            .because("it was built against a later `wit/load.wit` than this gorgon knows, or the name is misspelt")
            .hint("use a later gorgon, or build the operation with the SDK of this version"));
        };
        check_type(name, import, function, expected, Some(found))?;
    }
    Ok(())
}

/// Why an import is not served, and what to do; nothing for one that is.
fn unserved(import: &str) -> Option<(&'static str, &'static str)> {
    if import.starts_with("gorgon:load/") {
        let ours = ["clock", "context", "measure", "http"];
        let known = ours
            .iter()
            .any(|interface| import.starts_with(&format!("gorgon:load/{interface}@0.1.")));
        return (!known).then_some((
            "it belongs to another version of the contract",
            "build the operation against `wit/load.wit` of this version, or use the gorgon it was made for",
        ));
    }
    if import.starts_with("wasi:http/") {
        return unserved_http(import);
    }
    if SERVED.iter().any(|package| import.starts_with(package)) {
        return (!import.contains("@0.2.")).then_some((
            "gorgon serves WASI 0.2",
            "build with a tool chain that targets WASI 0.2, such as Rust's `wasm32-wasip2`",
        ));
    }
    Some((
        "an operation gets `gorgon:load` (clock, context, measure, http) and the parts of WASI 0.2 its standard library needs",
        "leave out what needs it, or put it behind HTTP",
    ))
}

/// The same for `wasi:http`, of which the half that makes requests is served.
fn unserved_http(import: &str) -> Option<(&'static str, &'static str)> {
    if !import.contains("@0.2.") {
        return Some((
            "gorgon serves `wasi:http` 0.2",
            "build with a tool chain that targets WASI 0.2, or use the `http` interface of `gorgon:load`",
        ));
    }
    let served = ["wasi:http/types@", "wasi:http/outgoing-handler@"];
    let known = served.iter().any(|interface| import.starts_with(interface));
    (!known).then_some((
        "of `wasi:http` gorgon serves `types` and `outgoing-handler`, which make requests",
        "leave out what answers requests or passes them on",
    ))
}

/// Checks that a program for WASI 0.1 asks for nothing else.
pub(super) fn check_program(
    name: &str,
    module: &Module,
    linker: &wasmtime::Linker<State>,
) -> Result<()> {
    linker.instantiate_pre(module).map_err(|cause| {
        let error = Error::new(Exit::Unusable, format!("`{name}` is a program that gorgon cannot run"));
        let causes = cause.chain().map(ToString::to_string);
        causes.fold(error, Error::because).hint(
            "a program gets WASI 0.1 (`wasi_snapshot_preview1`) and nothing else; HTTP needs an operation or a component",
        )
    })?;
    Ok(())
}

/// Checks that an instance can have the memory it begins with.
pub(super) fn check_memory(
    name: &str,
    needs: Option<ResourcesRequired>,
    memory_bytes: u64,
) -> Result<()> {
    let pages = needs
        .and_then(|needs| needs.max_initial_memory_size)
        .unwrap_or(0);
    let needed = pages.saturating_mul(WASM_PAGE_BYTES);
    if needed <= memory_bytes {
        return Ok(());
    }
    let kib = needed >> 10;
    Err(Error::new(
        Exit::Unusable,
        format!("`{name}` needs more memory than it is given"),
    )
    .because(format!(
        "an instance begins with {kib} KiB, and may have {} KiB",
        memory_bytes >> 10
    ))
    .hint(format!("give it more with `--memory`, at least `{kib}KiB`"))
    .hint("or build the operation with a smaller initial memory or stack"))
}

/// A component that is not valid.
pub(super) fn invalid(name: &str, cause: &wasmtime::Error) -> Error {
    let text = innermost(cause);
    let hint = if text.contains("gc types are disabled") || text.contains("gc feature") {
        "it uses garbage-collected types (Kotlin, Dart and others make such files), which gorgon does not run"
    } else if text.contains("exceptions") {
        "it uses WebAssembly exceptions, which gorgon does not run; build it with `-fno-exceptions` or its like"
    } else if text.contains("threads") || text.contains("shared memor") {
        "it uses threads; build it without: workers are gorgon's way to do things at the same time"
    } else if text.contains("async") {
        "it has `async` functions (WASI 0.3); build it with synchronous bindings, the host does the waiting"
    } else if text.contains("memory64") || text.contains("64-bit memor") {
        "it uses 64-bit memories; build it for wasm32"
    } else {
        "the file is damaged, or was made by a newer tool chain; build it again"
    };
    Error::new(
        Exit::Unusable,
        format!("`{name}` is not a component that gorgon can run"),
    )
    .because(text)
    .hint(hint)
}

fn innermost(cause: &wasmtime::Error) -> String {
    cause.root_cause().to_string()
}
