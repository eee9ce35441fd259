//! From what a suite says to the runs that are made: lists become several runs, presets their rounds, and the order is decided.

use std::fmt;

use super::file::{Around, Entry, File};
use super::settings::{Alternative, Setting, With, escaped};
use crate::cli::values;
use crate::error::{Error, Exit, Result};
use crate::splitmix;

/// The most runs that a suite may have.
const MOST_RUNS: usize = 1_000;

/// What is set in a closed load and means nothing, or something else, where calls are due by the clock.
const CLOSED_ONLY: [&str; 2] = ["workers", "think"];

/// The rounds after the first of a preset: what they are called, and their part of the highest rate.
const ROUNDS: [(&str, f64, &str); 2] = [("fixed rate", 0.7, "70%"), ("low rate", 0.1, "10%")];

/// The runs of a suite, in the order in which they are made.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Plan {
    /// What the suite is about.
    pub title: Option<String>,
    /// What the order follows from, where it is random.
    pub order_seed: Option<u64>,
    /// Whether the numbers of a run go on where those of the run before it ended.
    pub numbers_continue: bool,
    /// Whether the suite ends with the first run that fails.
    pub fail_fast: bool,
    /// What is done around all of them.
    pub around: Around,
    /// The runs.
    pub runs: Vec<PlannedRun>,
}

/// A run that is to be made.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PlannedRun {
    /// What it is called; runs of one list share it.
    pub name: String,
    /// Which entry of the suite it is of.
    pub entry: usize,
    /// The line of that entry, where there is a file.
    pub line: usize,
    /// Its place among the different runs of that entry. Repetitions of one run share it.
    pub point: usize,
    /// What tells it from its neighbours.
    pub with: Vec<With>,
    /// Which repetition of it this is, from 1 on, where there are several.
    pub repetition: Option<u32>,
    /// What follows `gorgon run`.
    pub args: Vec<String>,
    /// Its rate, where that is known only when another run has ended.
    pub rate_of: Option<RateOf>,
    /// The run whose rate that is, by its index in the plan.
    pub base: Option<usize>,
    /// What is done around it.
    pub around: Around,
}

/// A rate that is a part of the one that an earlier run came to: `70% of highest`.
#[derive(Debug, Clone, PartialEq)]
pub struct RateOf {
    /// The part, above 0 and at most 1.
    pub share: f64,
    /// The part as it was written.
    pub text: String,
    /// The name of the run.
    pub run: String,
}

impl RateOf {
    /// Reads such a rate; nothing where the text is something else.
    pub(super) fn read(text: &str) -> Option<RateOf> {
        let (part, run) = text.split_once(" of ")?;
        let (part, run) = (part.trim(), run.trim());
        let share = values::share(part).ok().filter(|share| *share > 0.0)?;
        (!run.is_empty()).then(|| RateOf {
            share,
            text: part.to_owned(),
            run: run.to_owned(),
        })
    }
}

impl fmt::Display for RateOf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {}", self.text, self.run)
    }
}

impl PlannedRun {
    /// What it is called, with what tells it from others: `growing -w 4 #2`.
    pub fn label(&self) -> String {
        label(&self.name, &self.with, self.repetition)
    }
}

/// See [`PlannedRun::label`].
pub(super) fn label(name: &str, with: &[With], repetition: Option<u32>) -> String {
    let mut label = name.to_owned();
    for value in with {
        label = format!("{label} {}", value.text);
    }
    match repetition {
        Some(repetition) => format!("{label} #{repetition}"),
        None => label,
    }
}

/// The runs of a suite. `fresh` is what a random order follows from unless the file says.
///
/// # Errors
/// They are too many, or one needs the rate of a run that is not before it.
pub fn expand(file: &File, fresh: u64) -> Result<Plan> {
    let mut runs = Vec::new();
    for (index, entry) in file.entries.iter().enumerate() {
        let many = count(entry).saturating_add(runs.len());
        if many > MOST_RUNS {
            return Err(Error::new(
                Exit::Usage,
                format!("the suite has more than {MOST_RUNS} runs"),
            )
            .because(format!("with `{}` there are {many}", escaped(&entry.name)))
            .hint("every value of a list is tried with every value of the others: shorten the lists, or `repeat`"));
        }
        add(&mut runs, entry, index);
    }
    link(&mut runs)?;
    let order_seed = file.is_shuffled.then(|| file.order_seed.unwrap_or(fresh));
    if let Some(seed) = order_seed {
        runs = shuffled(runs, seed);
    }
    if file.numbers_continue {
        refuse_starts(&runs)?;
    }
    Ok(Plan {
        title: file.title.clone(),
        order_seed,
        numbers_continue: file.numbers_continue,
        fail_fast: file.fail_fast,
        around: file.around.clone(),
        runs,
    })
}

/// How many runs an entry stands for.
fn count(entry: &Entry) -> usize {
    let rounds = if entry.is_three_rounds {
        1 + ROUNDS.len()
    } else {
        1
    };
    let lengths = entry
        .settings
        .iter()
        .map(|setting| setting.alternatives.len());
    lengths.fold(rounds * entry.repeat as usize, usize::saturating_mul)
}

/// Adds the runs of an entry. A repetition is of all of them, so that what drifts does not look like one of them.
fn add(runs: &mut Vec<PlannedRun>, entry: &Entry, index: usize) {
    let points: usize = entry
        .settings
        .iter()
        .map(|setting| setting.alternatives.len())
        .product();
    for repetition in 1..=entry.repeat {
        for point in 0..points {
            let run = PlannedRun {
                name: entry.name.clone(),
                entry: index,
                line: entry.line,
                point,
                repetition: (entry.repeat > 1).then_some(repetition),
                around: entry.around.clone(),
                ..PlannedRun::default()
            };
            let chosen = chosen(&entry.settings, point);
            match entry.is_three_rounds {
                false => runs.push(filled(run, chosen)),
                true => runs.extend(rounds(run, &chosen)),
            }
        }
    }
}

/// What is set in the run at a place: the last list varies fastest.
fn chosen(settings: &[Setting], point: usize) -> Vec<(&Setting, &Alternative)> {
    let mut rest = point;
    let mut chosen: Vec<(&Setting, &Alternative)> = settings
        .iter()
        .rev()
        .filter_map(|setting| {
            let alternatives = &setting.alternatives;
            let index = rest % alternatives.len().max(1);
            rest /= alternatives.len().max(1);
            Some((setting, alternatives.get(index)?))
        })
        .collect();
    chosen.reverse();
    chosen
}

fn filled(mut run: PlannedRun, chosen: Vec<(&Setting, &Alternative)>) -> PlannedRun {
    for (_, alternative) in &chosen {
        run.args.extend(alternative.operations.iter().cloned());
    }
    for (setting, alternative) in chosen {
        run.args.extend(alternative.args.iter().cloned());
        if setting.is_list {
            run.with.push(alternative.with.clone());
        }
        if alternative.rate_of.is_some() {
            run.rate_of.clone_from(&alternative.rate_of);
        }
    }
    run
}

/// The rounds of the preset: as fast as the workers go, then at parts of that rate.
fn rounds(run: PlannedRun, chosen: &[(&Setting, &Alternative)]) -> Vec<PlannedRun> {
    let name = run.name.clone();
    let round = |title: &str| PlannedRun {
        name: format!("{name}: {title}"),
        ..run.clone()
    };
    let highest = filled(round("highest rate"), chosen.to_vec());
    let open = chosen
        .iter()
        .filter(|(setting, _)| !CLOSED_ONLY.contains(&&*setting.key));
    let open: Vec<_> = open.copied().collect();
    let mut rounds = vec![highest];
    for (title, share, text) in ROUNDS {
        let mut next = filled(round(title), open.clone());
        // The list that it is left out of tells it from its neighbours all the same.
        next.with.clone_from(&rounds[0].with);
        next.rate_of = Some(RateOf {
            share,
            text: text.to_owned(),
            run: rounds[0].name.clone(),
        });
        rounds.push(next);
    }
    rounds
}

/// Finds the run that each rate is a part of: the last one before it that is called so, of the same repetition and place
/// where it is of the same entry.
fn link(runs: &mut [PlannedRun]) -> Result<()> {
    for index in 0..runs.len() {
        let (before, rest) = runs.split_at_mut(index);
        let Some(run) = rest.first_mut() else { break };
        let Some(rate_of) = &run.rate_of else {
            continue;
        };
        let fits = |other: &PlannedRun| {
            other.name == rate_of.run
                && other.rate_of.is_none()
                && (other.repetition.is_none()
                    || run.repetition.is_none()
                    || other.repetition == run.repetition)
                && (other.entry != run.entry || other.point == run.point)
        };
        let Some(base) = before.iter().rposition(fits) else {
            let what = format!(
                "the rate of `{}` is a part of that of `{}`",
                escaped(&run.name),
                escaped(&rate_of.run)
            );
            return Err(Error::new(Exit::Usage, what)
                .because("no run before it is called so and has a rate of its own")
                .hint("write `rate = \"70% of NAME\"` below the run with that `name`"));
        };
        run.base = Some(base);
    }
    Ok(())
}

/// The runs in an order that follows from a seed. One that needs the rate of another stays behind it.
fn shuffled(runs: Vec<PlannedRun>, seed: u64) -> Vec<PlannedRun> {
    // Each with its old index, since others may name it.
    let mut units: Vec<Vec<(usize, PlannedRun)>> = Vec::new();
    for (index, run) in runs.into_iter().enumerate() {
        let unit = run.base.and_then(|base| {
            let holds =
                |unit: &&mut Vec<(usize, PlannedRun)>| unit.iter().any(|(index, _)| *index == base);
            units.iter_mut().find(holds)
        });
        match unit {
            Some(unit) => unit.push((index, run)),
            None => units.push(vec![(index, run)]),
        }
    }
    // Fisher and Yates.
    for left in (1..units.len()).rev() {
        let value = splitmix::after(seed, left as u64);
        units.swap(left, (value % (left as u64 + 1)) as usize);
    }
    let ordered: Vec<(usize, PlannedRun)> = units.into_iter().flatten().collect();
    let place = |old: usize| ordered.iter().position(|(index, _)| *index == old);
    let bases: Vec<Option<usize>> = ordered
        .iter()
        .map(|(_, run)| run.base.and_then(place))
        .collect();
    let runs = ordered.into_iter().zip(bases);
    runs.map(|((_, run), base)| PlannedRun { base, ..run })
        .collect()
}

/// Numbers that go on and numbers that begin somewhere do not go together.
fn refuse_starts(runs: &[PlannedRun]) -> Result<()> {
    match runs
        .iter()
        .find(|run| run.args.iter().any(|arg| arg == "--start"))
    {
        None => Ok(()),
        Some(run) => Err(Error::new(
            Exit::Usage,
            format!(
                "`{}` has a `start`, and the numbers of the suite go on",
                escaped(&run.name)
            ),
        )
        .hint("leave out `start`, or `numbers = \"continue\"`")),
    }
}
