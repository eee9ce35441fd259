//! The functions of a guest that the host calls, found once for a component and then taken by index.

use wasmtime::component::{Component, ComponentExportIndex, Instance, TypedFunc};
use wasmtime::{AsContextMut, Result};

/// `gorgon:load/operation`, without the version's last number: 0.1.7 fits a host that knows 0.1.0.
pub(super) const OPERATION: &str = "gorgon:load/operation@0.1.";
/// `gorgon:load/lifecycle`, likewise.
pub(super) const LIFECYCLE: &str = "gorgon:load/lifecycle@0.1.";

type Run = TypedFunc<(u64,), (std::result::Result<String, String>,)>;
type Setup = TypedFunc<(), (std::result::Result<Vec<u8>, String>,)>;
type Teardown = TypedFunc<(Vec<u8>,), ()>;
type Start = TypedFunc<(Vec<u8>,), (std::result::Result<(), String>,)>;
type Stop = TypedFunc<(), ()>;

/// Where in a component its exports are.
#[derive(Debug, Clone)]
pub(super) struct ExportIndices {
    run: ComponentExportIndex,
    lifecycle: Option<[ComponentExportIndex; 4]>,
}

/// The exports of one instance.
pub(super) struct Exports {
    pub(super) run: Run,
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
    /// Finds the exports of `component`; nothing if it has no operation.
    pub(super) fn of(component: &Component) -> Option<ExportIndices> {
        let operation = interface(component, OPERATION)?;
        let run = component.get_export_index(Some(&operation), "run")?;
        let lifecycle = interface(component, LIFECYCLE).and_then(|lifecycle| {
            let index = |name| component.get_export_index(Some(&lifecycle), name);
            Some([
                index("setup")?,
                index("teardown")?,
                index("start")?,
                index("stop")?,
            ])
        });
        Some(ExportIndices { run, lifecycle })
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
        let run = instance.get_typed_func(&mut store, self.run)?;
        let lifecycle = match &self.lifecycle {
            Some([setup, teardown, start, stop]) => Some(Lifecycle {
                setup: instance.get_typed_func(&mut store, setup)?,
                teardown: instance.get_typed_func(&mut store, teardown)?,
                start: instance.get_typed_func(&mut store, start)?,
                stop: instance.get_typed_func(&mut store, stop)?,
            }),
            None => None,
        };
        Ok(Exports { run, lifecycle })
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
