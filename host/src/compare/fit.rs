//! Whether two runs can be compared at all.

use crate::stats::{Model, RunFacts, Status};

/// What keeps two runs from being compared, and what to know of them if nothing does. Each a sentence without full stop.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fit {
    /// Why a difference between them would not be one of what was loaded.
    pub refusals: Vec<String>,
    /// What is different besides, and may have a part in it.
    pub differences: Vec<String>,
}

/// How well `b` can be compared with the baseline `a`. Components of other digests are what a comparison is for.
pub fn fit(a: &RunFacts, b: &RunFacts) -> Fit {
    let mut fit = Fit::default();
    for (label, run) in [("A", a), ("B", b)] {
        fit.refusals.extend(status(label, run));
    }
    fit.refusals.extend(loads(a, b));
    fit.refusals.extend(operations(a, b));
    if a.expect != b.expect {
        let [a, b] = [a, b].map(|run| expected(run.expect.as_deref()));
        fit.refusals.push(format!(
            "their tags mean different things: A has {a}, B has {b}"
        ));
    }
    fit.differences = surroundings(a, b);
    fit
}

fn status(label: &str, run: &RunFacts) -> Option<String> {
    match run.status {
        Status::Completed | Status::Interrupted => None,
        Status::Incomplete => Some(format!("{label} did not come to its end, or goes on")),
        Status::Aborted => Some(format!("{label} ended itself before its time")),
    }
}

fn loads(a: &RunFacts, b: &RunFacts) -> Vec<String> {
    let (a, b) = (&a.load, &b.load);
    let word = |model: Model| match model {
        Model::Closed => "closed",
        Model::Open => "open",
    };
    if a.model != b.model {
        let text = format!(
            "their loads are of different models: A is {}, B is {}",
            word(a.model),
            word(b.model)
        );
        return vec![text];
    }
    let mut different = Vec::new();
    let mut compare = |what: &str, a: String, b: String| {
        if a != b {
            different.push(format!("their {what} differ: A has {a}, B has {b}"));
        }
    };
    let text = |text: &Option<String>| text.clone().unwrap_or_else(|| "none".to_owned());
    match a.model {
        Model::Open => {
            compare("rates", text(&a.rate), text(&b.rate));
            compare("arrivals", text(&a.arrivals), text(&b.arrivals));
        }
        Model::Closed => {
            compare("workers", a.workers.to_string(), b.workers.to_string());
            let think = |ns: u64| format!("{} ms", ns as f64 / 1e6);
            compare("think times", think(a.think_ns), think(b.think_ns));
        }
    }
    different
}

/// A run of one operation may be compared with a run of any other; in mixes, each has its place.
fn operations(a: &RunFacts, b: &RunFacts) -> Option<String> {
    let names = |run: &RunFacts| {
        let names = run
            .components
            .iter()
            .map(|component| component.name.clone());
        names.collect::<Vec<_>>()
    };
    let [of_a, of_b] = [a, b].map(names);
    let is_mix = of_a.len() > 1 || of_b.len() > 1;
    if is_mix && of_a != of_b {
        let [a, b] = [of_a, of_b].map(|names| format!("`{}`", names.join("`, `")));
        return Some(format!(
            "their mixes are of different operations: A has {a}, B has {b}"
        ));
    }
    (a.load.weights != b.load.weights).then(|| {
        let weights = |run: &RunFacts| format!("{:?}", run.load.weights);
        format!(
            "the weights of their mixes differ: A has {}, B has {}",
            weights(a),
            weights(b)
        )
    })
}

fn expected(expect: Option<&[String]>) -> String {
    match expect {
        None => "no `--expect`".to_owned(),
        Some(tags) => format!("`--expect {}`", tags.join(",")),
    }
}

fn surroundings(a: &RunFacts, b: &RunFacts) -> Vec<String> {
    let mut different = Vec::new();
    let mut note = |is_different: bool, text: String| {
        if is_different {
            different.push(text);
        }
    };
    let host = |run: &RunFacts| format!("{}, {} CPUs", run.host.os, run.host.cpus);
    note(
        a.host != b.host,
        format!("different hosts: A {}; B {}", host(a), host(b)),
    );
    note(
        a.limits != b.limits,
        "different limits of a call: memory, time or hosts".to_owned(),
    );
    note(
        a.load.threads != b.load.threads,
        format!(
            "different threads: A {}, B {}",
            a.load.threads, b.load.threads
        ),
    );
    note(
        a.gorgon != b.gorgon || a.wasmtime != b.wasmtime,
        format!(
            "different versions: A gorgon {} with wasmtime {}, B gorgon {} with wasmtime {}",
            a.gorgon, a.wasmtime, b.gorgon, b.wasmtime
        ),
    );
    for (label, run) in [("A", a), ("B", b)] {
        note(
            run.status == Status::Interrupted,
            format!("{label} was interrupted"),
        );
    }
    different
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::Component;

    fn run() -> RunFacts {
        let mut facts = RunFacts::default();
        facts.load.workers = 8;
        facts.components = vec![component("op", "a1")];
        facts
    }

    fn component(name: &str, sha256: &str) -> Component {
        Component {
            name: name.to_owned(),
            sha256: sha256.to_owned(),
            ..Component::default()
        }
    }

    #[track_caller]
    fn check(change: impl Fn(&mut RunFacts), refused: &str, different: &str) {
        let mut b = run();
        change(&mut b);
        let fit = fit(&run(), &b);
        assert_eq!(
            (fit.refusals.join("|"), fit.differences.join("|")),
            (refused.to_owned(), different.to_owned())
        );
    }

    #[test]
    fn what_is_compared_may_differ_and_how_it_is_loaded_may_not() {
        check(|_| {}, "", "");
        check(|b| b.components = vec![component("other", "b2")], "", "");
        check(|b| b.load.calls = Some(7), "", "");
        check(
            |b| b.load.model = Model::Open,
            "their loads are of different models: A is closed, B is open",
            "",
        );
        check(
            |b| b.load.workers = 9,
            "their workers differ: A has 8, B has 9",
            "",
        );
        check(
            |b| b.load.think_ns = 1_500_000,
            "their think times differ: A has 0 ms, B has 1.5 ms",
            "",
        );
        check(
            |b| b.expect = Some(vec!["200".to_owned(), "x".to_owned()]),
            "their tags mean different things: A has no `--expect`, B has `--expect 200,x`",
            "",
        );
        check(
            |b| b.components.push(component("two", "c3")),
            "their mixes are of different operations: A has `op`, B has `op`, `two`",
            "",
        );
        check(
            |b| b.load.weights = vec![9, 1],
            "the weights of their mixes differ: A has [], B has [9, 1]",
            "",
        );
        check(
            |b| b.status = Status::Incomplete,
            "B did not come to its end, or goes on",
            "",
        );
        check(
            |b| b.status = Status::Aborted,
            "B ended itself before its time",
            "",
        );
        check(|b| b.status = Status::Interrupted, "", "B was interrupted");
        check(
            |b| b.host.cpus = 4,
            "",
            "different hosts: A , 0 CPUs; B , 4 CPUs",
        );
        check(
            |b| b.limits.timeout_ns = 1,
            "",
            "different limits of a call: memory, time or hosts",
        );
        check(|b| b.load.threads = 4, "", "different threads: A 0, B 4");
        check(
            |b| b.gorgon = "2".to_owned(),
            "",
            "different versions: A gorgon  with wasmtime , B gorgon 2 with wasmtime ",
        );
    }

    #[test]
    fn open_loads_are_held_to_their_rate() {
        let open = |rate: &str| {
            let mut facts = run();
            facts.load.model = Model::Open;
            facts.load.rate = Some(rate.to_owned());
            facts
        };
        assert!(fit(&open("5/s"), &open("5/s")).refusals.is_empty());
        assert_eq!(
            fit(&open("5/s"), &open("6/s")).refusals,
            ["their rates differ: A has 5/s, B has 6/s"]
        );
    }
}
