//! What ran and how fast, in few words: what the first line of the screen says is what the other views say.

use super::format;
use crate::stats::facts::{Load, Model};
use crate::stats::{RunFacts, Summary};

/// How many calls ended in which time: `4 000 calls in 9.94 s  =  402.4 calls/s`.
pub(super) fn pace(summary: &Summary) -> String {
    let facts = &summary.facts;
    let elapsed = format::duration(facts.elapsed_ns);
    let pace = match summary.done() {
        0 if facts.elapsed_ns == 0 => return "no call was made".to_owned(),
        0 => return format!("no call ended in {elapsed}"),
        done => format!("{} in {elapsed}", format::plural(done, "call", "calls")),
    };
    let Some(rate) = summary.rate_per_s() else {
        return pace;
    };
    let rate = format::rate(rate);
    // Where the window is not the whole run, the quotient of the two figures before is not the rate.
    if facts.window_ns == facts.elapsed_ns {
        format!("{pace}  =  {rate} calls/s")
    } else {
        let window = format::duration(facts.window_ns);
        format!("{pace}, {rate} calls/s over {window}")
    }
}

/// Which load it was: `8 workers, seed 24301`. A rate stands in it as a person wrote it.
pub(super) fn load(facts: &RunFacts) -> String {
    let Load {
        model,
        rate,
        arrivals,
        workers,
        seed,
        ..
    } = &facts.load;
    let load = match (model, rate) {
        (Model::Closed, _) => format::plural(*workers, "worker", "workers"),
        (Model::Open, Some(rate)) => format!("open load, rate {rate}"),
        (Model::Open, None) => "open load".to_owned(),
    };
    let arrivals = match arrivals.as_deref() {
        Some("poisson") => ", Poisson arrivals",
        _ => "",
    };
    format!("{load}{arrivals}, seed {seed}")
}
