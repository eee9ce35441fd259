//! What the host is told, and what it tells.

use std::time::Duration;

use gorgon_sdk::{Tag, clock, context, log, measure};

/// A line of the log for each function of `context`.
pub(crate) fn context() -> Tag {
    log::info!("number {}", context::number());
    log::info!("worker {} of {}", context::worker(), context::workers());
    log::info!("due {} ns", context::due().as_nanos());
    log::info!("now {} ns", clock::now().as_nanos());
    log::info!("run {}", context::run_id());
    log::info!("stopping {}", context::stopping());
    log::info!("cell of no column {:?}", context::cell("no such column"));
    Tag::ok("SUCCESS")
}

/// A line everywhere one can be written to.
#[expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "that is what this is for"
)]
pub(crate) fn log() -> Tag {
    println!("to stdout");
    eprintln!("to stderr");
    log::debug("at debug");
    log::info("at info");
    log::warn("at warn");
    log::error("at error");
    Tag::ok("SUCCESS")
}

/// Everything of `measure`. The tag tells even and odd numbers apart, and one span is there under `even` alone.
pub(crate) fn measure(number: u64) -> Tag {
    let is_even = number.is_multiple_of(2);
    let outer = measure::span("outer");
    for _ in 0..3 {
        measure::time("inner", || clock::sleep(Duration::from_millis(1)));
    }
    if is_even {
        measure::time("even only", || {});
    }
    std::mem::forget(measure::span("never ended"));
    outer.end();
    measure::record("recorded", Duration::from_millis(7));
    measure::count("pages", 2);
    measure::count("pages", 3);
    measure::check("is even", is_even);
    measure::check("fails", false);
    Tag::ok(if is_even { "even" } else { "odd" })
}

/// A line for each parameter.
pub(crate) fn parameters() -> Tag {
    let parameters = context::parameters();
    for (name, value) in &parameters {
        log::info!("{name}={value}");
    }
    Tag::ok(parameters.len().to_string())
}

/// A line for each cell.
pub(crate) fn row() -> Tag {
    let cell = |(column, _): (String, Vec<u8>)| {
        let cell = context::cell_str(&column).unwrap_or_default();
        log::info!("{column}={cell}");
        cell
    };
    let cells: Vec<String> = context::row().into_iter().map(cell).collect();
    Tag::ok(cells.join(","))
}

/// The item as it is, in characters that a tag can be made of.
pub(crate) fn bytes() -> Tag {
    let item = context::item().unwrap_or_default();
    Tag::ok(
        item.iter()
            .map(|byte| format!("{byte:02x}"))
            .collect::<String>(),
    )
}

/// Which call this is and when it was due. No call may be told of a time that is yet to come.
pub(crate) fn when(number: u64) -> Tag {
    let (due, now) = (context::due(), clock::now());
    let tag = format!("{number}@{}", due.as_nanos());
    if due <= now {
        Tag::ok(tag)
    } else {
        Tag::fail(tag)
    }
}
