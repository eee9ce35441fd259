//! Saved runs beside each other.

use std::path::Path;

use super::super::saved_run;
use crate::compare::{Batch, Fit, Settings, batches, fit, independent};
use crate::error::{Error, Exit, Result};
use crate::report::RunView;
use crate::report::comparison::{Against, ComparisonView, Kind, Note, Side};

/// Compares the runs of these names with the first of them. What speaks against a comparison is an error, or with `force` a
/// warning.
///
/// # Errors
/// One of the runs is not there, cannot be used, has no calls, or cannot be compared with the first.
pub(super) fn compare(names: &[String], settings: Settings, force: bool) -> Result<ComparisonView> {
    let mut view = ComparisonView {
        kind: Kind::Runs,
        settings,
        ..ComparisonView::default()
    };
    let mut all: Vec<Vec<Batch>> = Vec::new();
    for name in names {
        let (side, batches) = read(name)?;
        view.sides.push(side);
        all.push(batches);
    }
    for index in 1..view.sides.len() {
        let (a, b) = (&view.sides[0], &view.sides[index]);
        let fit = fit(&a.summary.facts, &b.summary.facts);
        let notes = notes(fit, index, [a, b], force)?;
        let mut comparison = independent(&all[0], &all[index], &settings);
        // That a run is itself needs no belief in its figures.
        let is_valid = a.invalid().is_none() && b.invalid().is_none();
        let is_believed = is_valid || comparison.is_identical;
        if !is_believed {
            comparison.doubt();
        }
        view.notes.extend(notes);
        view.against.push(Against {
            side: index,
            comparison,
            is_believed,
        });
    }
    Ok(view)
}

/// What a run is called: as it was named, but for the folder of a file, and for `last`, which is another run tomorrow.
fn name_of(named: &str, run: &RunView) -> String {
    let file = Path::new(named)
        .file_name()
        .map(|file| file.to_string_lossy().into_owned());
    match named {
        "last" => run.summary.facts.run_id.clone(),
        named => file.unwrap_or_else(|| named.to_owned()),
    }
}

fn read(name: &str) -> Result<(Side, Vec<Batch>)> {
    let run = saved_run::named(name)?;
    if run.summary.done() == 0 {
        let error = Error::new(
            Exit::Unusable,
            format!("there is no data in the run `{name}`"),
        );
        return Err(error.because("no call of it ended"));
    }
    let batches = batches(&run.series.ticks);
    let side = Side {
        name: name_of(name, &run),
        summary: run.summary,
        batches: batches.len(),
        series: run.series,
    };
    Ok((side, batches))
}

/// What to know of a comparison with the side of this index.
///
/// # Errors
/// They cannot be compared, and `force` does not say to do it all the same.
fn notes(fit: Fit, index: usize, [a, b]: [&Side; 2], force: bool) -> Result<Vec<Note>> {
    let Fit {
        refusals,
        differences,
    } = fit;
    if !refusals.is_empty() && !force {
        let what = format!("the runs `{}` and `{}` cannot be compared", a.name, b.name);
        let error = Error::new(Exit::Unusable, what);
        let error = refusals.into_iter().fold(error, Error::because);
        return Err(error.hint("`--force` compares them all the same"));
    }
    let label = ComparisonView::label(index);
    let about = |text: String| match index {
        1 => Note::warning(text),
        // Each sentence calls the sides A and B.
        _ => Note::warning(format!("{label} as B: {text}")),
    };
    let refused = refusals
        .into_iter()
        .map(|text| format!("compared all the same: {text}"));
    Ok(refused.chain(differences).map(about).collect())
}
