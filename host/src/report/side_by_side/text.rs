//! Operations beside each other, as a person reads them in a terminal.

mod answers;

use std::io::{self, Write};

use super::{Side, SideBySide, excess};
use crate::compare::{Compared, Metric, RuleResult, Verdict};
use crate::report::bars::{BAR_MIN, bar};
use crate::report::comparison::words::interval;
use crate::report::printable::name;
use crate::report::style::{Ink, Style};
use crate::report::table::{Cell, Table};
use crate::report::tables::NAME_MIN;
use crate::report::{findings, format, text};

/// Writes the comparison, and what else there is to say about the run.
///
/// # Errors
/// When the writer fails.
pub fn write(out: &mut dyn Write, of: &SideBySide<'_>, style: Style) -> io::Result<()> {
    let run = of.run;
    header(out, of, style)?;
    ranking(out, of, style)?;
    figures(out, of, style)?;
    evidence(out, of, style)?;
    sentences(out, of, style)?;
    if let Some(agreement) = &run.summary.facts.agreement {
        answers::agreement(out, of, agreement, style)?;
    }
    answers::tags(out, of, style)?;
    findings::failures(out, &run.summary, style)?;
    rules(out, of, style)?;
    text::closing(out, &run.summary, &run.rules, run.exit_code, style)
}

fn header(out: &mut dyn Write, of: &SideBySide<'_>, style: Style) -> io::Result<()> {
    let facts = &of.run.summary.facts;
    let names = facts.components.iter();
    let names: Vec<_> = names.map(|one| name(&one.name, style)).collect();
    let each = of.sides.iter().map(Side::calls).max().unwrap_or(0);
    let elapsed = format::duration(facts.elapsed_ns);
    let pace = format!(
        "{} of each in {elapsed}",
        format::plural(each, "call", "calls")
    );
    let workers = format::plural(facts.load.workers, "worker", "workers");
    let warm_up = match &facts.load.warm_up {
        Some(warm_up) => format!(", warm-up {warm_up} of each"),
        None => ", no warm-up".to_owned(),
    };
    // A time is one for all.
    let warm_up = match facts.load.warm_up.as_deref() {
        Some(time) if !time.ends_with("calls") => format!(", warm-up {time}"),
        _ => warm_up,
    };
    let how = format!("{workers}, random order, seed {}{warm_up}", facts.load.seed);
    let parts = [
        (names.join(" / "), Ink::Strong),
        (style.text(&pace).into_owned(), Ink::Plain),
        (style.text(&how).into_owned(), Ink::Dim),
    ];
    text::paragraph(out, &parts, "   ", style)?;
    writeln!(out)
}

/// The fastest first, with bars.
fn ranking(out: &mut dyn Write, of: &SideBySide<'_>, style: Style) -> io::Result<()> {
    // Long names leave room for the bars.
    let squeezed = |room: usize| {
        let mut table = ranking_table(of, room, style);
        let without_bars = style.columns().saturating_sub(HEADING.len());
        let width = if room == 0 {
            without_bars
        } else {
            style.columns()
        };
        table.squeeze(0, width, NAME_MIN, style);
        table
    };
    let room = style.columns().saturating_sub(squeezed(0).width());
    let mut table = squeezed(if room < BAR_MIN { 0 } else { room });
    if room < BAR_MIN {
        table.drop_column(4);
    }
    table.write(out, style)?;
    writeln!(out)
}

/// Above the bars.
const HEADING: &str = "shorter is better";

fn ranking_table(of: &SideBySide<'_>, room: usize, style: Style) -> Table {
    let mut table = Table::default();
    table.head(vec![
        Cell::left("Fastest first"),
        Cell::right("calls"),
        Cell::right("median"),
        Cell::right("difference"),
        Cell::left(if room >= HEADING.len() { HEADING } else { "" }),
    ]);
    let longest = of.sides.iter().filter_map(Side::median).max().unwrap_or(0);
    for (place, side) in of.sides.iter().enumerate() {
        let median = side.median();
        let difference = match (place, of.excess(side)) {
            (0, Some(_)) => "fastest".to_owned(),
            (_, Some(part)) => excess(part),
            (_, None) => "–".to_owned(),
        };
        let part = median.map_or(0.0, |median| median as f64 / longest.max(1) as f64);
        let ink = if place == 0 { Ink::Strong } else { Ink::Plain };
        table.row(vec![
            Cell::left(name(of.name(side), style)).ink(ink),
            Cell::right(format::count(side.calls())),
            Cell::right(duration(median, style)).ink(ink),
            Cell::right(style.text(&difference)).ink(ink),
            Cell::left(bar(part, room, style)).ink(Ink::Bar),
        ]);
    }
    table
}

/// All figures of each.
fn figures(out: &mut dyn Write, of: &SideBySide<'_>, style: Style) -> io::Result<()> {
    let mut table = Table::default();
    let heads = [
        "mean", "stdev", "min", "p99", "max", "sum", "fail", "memory",
    ];
    table.head(
        std::iter::once(Cell::left(""))
            .chain(heads.map(Cell::right))
            .collect(),
    );
    for side in &of.sides {
        let durations = &side.durations;
        let whole = |ns: Option<f64>| ns.map(|ns| ns.round() as u64);
        let times = [
            whole(durations.mean()),
            whole(durations.stdev()),
            durations.min(),
            durations.quantile(0.99),
            durations.max(),
            side.sum(),
        ];
        let mut row = vec![Cell::left(name(of.name(side), style))];
        row.extend(times.map(|ns| Cell::right(duration(ns, style))));
        let fail = side.failed() as f64 / side.calls().max(1) as f64;
        let ink = if side.failed() > 0 {
            Ink::Bad
        } else {
            Ink::Plain
        };
        row.push(Cell::right(format::share(fail)).ink(ink));
        let memory = side.memory_peak_bytes.map_or("–".to_owned(), format::bytes);
        row.push(Cell::right(style.text(&memory)));
        table.row(row);
    }
    if !of.has_failures() {
        table.drop_column(7);
    }
    // The sum and the extremes are the first that can be done without.
    fit(&mut table, &[6, 5, 3, 2, 3, 2], style);
    table.write(out, style)?;
    writeln!(out)
}

/// How sure the differences are.
fn evidence(out: &mut dyn Write, of: &SideBySide<'_>, style: Style) -> io::Result<()> {
    let Some(fastest) = of.sides.first().filter(|_| of.sides.len() > 1) else {
        return Ok(());
    };
    let mut table = Table::default();
    table.head(vec![
        Cell::left(format!("Against {}", name(of.name(fastest), style))),
        Cell::left(""),
        Cell::right("difference"),
        Cell::right("95 % interval"),
        Cell::left("verdict"),
    ]);
    for side in &of.sides {
        let Some(comparison) = &side.against_fastest else {
            continue;
        };
        for (figure, word) in [(Metric::P50, "median"), (Metric::Mean, "mean")] {
            let Some(compared) = comparison.figure(figure) else {
                continue;
            };
            let first = if figure == Metric::P50 {
                of.name(side)
            } else {
                ""
            };
            let first = if first.is_empty() {
                "".into()
            } else {
                name(first, style)
            };
            table.row(evidence_row(first.into_owned(), word, compared, style));
        }
    }
    // Without the difference and its interval there is still what they come to.
    fit(&mut table, &[2, 2], style);
    table.write(out, style)?;
    writeln!(out)
}

/// The least columns of a name that another column makes room for.
const NAME_FAIR: usize = 16;

/// Makes a table fit a line: with shorter names, then without these columns, each if need be, then with shorter names still.
fn fit(table: &mut Table, spare: &[usize], style: Style) {
    table.squeeze(0, style.columns(), NAME_FAIR, style);
    for &column in spare {
        if table.width() > style.columns() {
            table.drop_column(column);
        }
    }
    table.squeeze(0, style.columns(), NAME_MIN, style);
}

fn evidence_row(first: String, figure: &str, compared: &Compared, style: Style) -> Vec<Cell> {
    let part = |part: Option<f64>| part.map_or("–".to_owned(), excess);
    let interval = compared.interval.map_or("–".to_owned(), |interval| {
        format!("{} … {}", excess(interval.low), excess(interval.high))
    });
    let ink = match compared.verdict {
        Verdict::Better => Ink::Good,
        Verdict::Worse => Ink::Bad,
        Verdict::Same => Ink::Plain,
        Verdict::NoEvidence | Verdict::NotEnoughData => Ink::Dim,
    };
    vec![
        Cell::left(first),
        Cell::left(figure),
        Cell::right(style.text(&part(compared.difference))),
        Cell::right(style.text(&interval)),
        Cell::left(compared.verdict.word()).ink(ink),
    ]
}

/// What follows, in words.
fn sentences(out: &mut dyn Write, of: &SideBySide<'_>, style: Style) -> io::Result<()> {
    let shown = |text: &str| name(text, style).into_owned();
    for side in &of.sides {
        let Some(sentence) = of.sentence(side, &shown) else {
            continue;
        };
        let sentence = if style.unicode {
            sentence
        } else {
            style.text(&sentence.replace('±', "+/-")).into_owned()
        };
        text::labelled(out, " = ", Ink::Dim, &sentence, Ink::Strong, style)?;
    }
    if let Some(remainder) = of.remainder() {
        text::labelled(out, " i ", Ink::Dim, remainder, Ink::Plain, style)?;
    }
    if of.sides.len() > 1 {
        writeln!(out)?;
    }
    Ok(())
}

/// What became of the rules, each against the operation that was named first.
fn rules(out: &mut dyn Write, of: &SideBySide<'_>, style: Style) -> io::Result<()> {
    for rule in &of.rules {
        let (sign, ink) = match rule.judged.result {
            RuleResult::Pass => ("✓", Ink::Good),
            RuleResult::Fail => ("✗", Ink::Bad),
            RuleResult::NoData => ("?", Ink::Warn),
        };
        let found = match rule.judged.result {
            RuleResult::NoData => "no data".to_owned(),
            _ => interval(rule.judged.interval, rule.judged.is_share),
        };
        let side = of.sides.get(rule.side).map_or("?", |side| of.name(side));
        let side = name(side, style);
        let first = name(of.run.summary.operation(0), style);
        let text = format!("{side} against {first}: {}   {found}", rule.judged.rule);
        let sign = format!(" {} ", style.text(sign));
        text::labelled(out, &sign, ink, &style.text(&text), ink, style)?;
    }
    match of.rules.is_empty() {
        true => Ok(()),
        false => writeln!(out),
    }
}

fn duration(ns: Option<u64>, style: Style) -> String {
    let text = ns.map_or("–".to_owned(), format::duration);
    style.text(&text).into_owned()
}
