//! What is shown of a run while it goes on.

use super::super::live::LiveView;
use crate::engine::Load;
use crate::monitor::Screen;
use crate::report::format;
use crate::report::live::Progress;
use crate::stats::RunFacts;

/// The view as the monitor uses it; nothing if nothing is to be shown.
pub(super) fn screen(mut view: LiveView) -> Option<Screen> {
    let every = view.period()?;
    Some(Screen {
        every,
        show: Box::new(move |progress| view.show(progress)),
    })
}

/// The run before it has begun.
pub(super) fn progress(facts: &RunFacts, load: &Load) -> Progress {
    let names = facts.components.iter().map(|component| &*component.name);
    let how = match &facts.load.rate {
        Some(rate) => format!("open load, {rate}"),
        None => format::plural(facts.load.workers, "worker", "workers"),
    };
    let planned_calls = match (&load.schedule, load.calls) {
        (Some(schedule), _) => schedule.expected_calls(),
        (None, _) => load.calls_in_all(),
    };
    Progress {
        name: names.collect::<Vec<_>>().join(" + "),
        load: how,
        planned_calls,
        planned_ns: load.window_ns(),
        ..Progress::default()
    }
}
