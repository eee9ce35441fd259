//! The functions of a guest that the host calls, found once for a component and then taken by index.

use wasmtime::component::{Component, ComponentExportIndex, Instance, TypedFunc};
use wasmtime::{AsContextMut, Result};

/// `gorgon:load/operation`, without the version's last number: 0.1.7 fits a host that knows 0.1.0.
pub(super) const OPERATION: &str = "gorgon:load/operation@0.1.";
/// `gorgon:load/lifecycle`, likewise.
pub(super) const LIFECYCLE: &str = "gorgon:load/lifecycle@0.1.";

/// `wasi:cli/run`, of any version of WASI 0.2.
pub(super) const COMMAND: &str = "wasi:cli/run@0.2.";

type Run = TypedFunc<(u64,), (std::result::Result<String, String>,)>;
type Main = TypedFunc<(), (std::result::Result<(), ()>,)>;
type Setup = TypedFunc<(), (std::result::Result<Vec<u8>, String>,)>;
type Teardown = TypedFunc<(Vec<u8>,), ()>;
type Start = TypedFunc<(Vec<u8>,), (std::result::Result<(), String>,)>;
type Stop = TypedFunc<(), ()>;

/// Where in a component its exports are.
#[derive(Debug, Clone)]
pub(super) struct ExportIndices {
    entry: EntryIndex,
    lifecycle: Option<[ComponentExportIndex; 4]>,
}

#[derive(Debug, Clone)]
enum EntryIndex {
    Run(ComponentExportIndex),
    Main(ComponentExportIndex),
}

/// The function that makes a call.
#[derive(Clone)]
pub(super) enum Entry {
    /// `run` of an operation: called as often as there are calls.
    Run(Run),
    /// The main function of a program: called once in an instance.
    Main(Main),
    /// That of a program for WASI 0.1.
    Start(wasmtime::TypedFunc<(), ()>),
}

/// The exports of one instance.
pub(super) struct Exports {
    pub(super) entry: Entry,
    pub(super) lifecycle: Option<Lifecycle>,
}

/// What an operation of the world `op-full` exports besides.
pub(super) struct Lifecycle {
    pub(super) setup: Setup,
    pub(super) teardown: Teardown,
    pub(super) start: Start,
    pub(super) stop: Stop,
}

impl ExportIndices {
    /// Finds the exports of `component`; nothing if it is neither an operation nor a program. Of one that is both the
    /// operation counts.
    pub(super) fn of(component: &Component) -> Option<ExportIndices> {
        let function = |prefix| {
            let interface = interface(component, prefix)?;
            component.get_export_index(Some(&interface), "run")
        };
        let entry = match function(OPERATION) {
            Some(run) => EntryIndex::Run(run),
            None => {
                return Some(ExportIndices {
                    entry: EntryIndex::Main(function(COMMAND)?),
                    lifecycle: None,
                });
            }
        };
        let lifecycle = interface(component, LIFECYCLE).and_then(|lifecycle| {
            let index = |name| component.get_export_index(Some(&lifecycle), name);
            Some([
                index("setup")?,
                index("teardown")?,
                index("start")?,
                index("stop")?,
            ])
        });
        Some(ExportIndices { entry, lifecycle })
    }

    /// Whether it is a program, whose instances are used once.
    pub(super) fn is_command(&self) -> bool {
        matches!(self.entry, EntryIndex::Main(_))
    }

    pub(super) fn has_lifecycle(&self) -> bool {
        self.lifecycle.is_some()
    }

    /// Takes the exports of an instance. Fails where their types are not those of the contract.
    pub(super) fn load(
        &self,
        mut store: impl AsContextMut,
        instance: &Instance,
    ) -> Result<Exports> {
        let entry = match &self.entry {
            EntryIndex::Run(run) => Entry::Run(instance.get_typed_func(&mut store, run)?),
            EntryIndex::Main(main) => Entry::Main(instance.get_typed_func(&mut store, main)?),
        };
        let lifecycle = match &self.lifecycle {
            Some([setup, teardown, start, stop]) => Some(Lifecycle {
                setup: instance.get_typed_func(&mut store, setup)?,
                teardown: instance.get_typed_func(&mut store, teardown)?,
                start: instance.get_typed_func(&mut store, start)?,
                stop: instance.get_typed_func(&mut store, stop)?,
            }),
            None => None,
        };
        Ok(Exports { entry, lifecycle })
    }
}

fn interface(component: &Component, prefix: &str) -> Option<ComponentExportIndex> {
    let ty = component.component_type();
    let name = ty
        .exports(component.engine())
        .map(|(name, _)| name.to_owned())
        .find(|name| name.starts_with(prefix))?;
    component.get_export_index(None, &name)
}
