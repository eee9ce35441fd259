//! What is said of operations beside each other, on made-up batches.

use super::*;
use crate::compare::Batch;
use crate::report::Style;
use crate::report::printable::columns;
use crate::splitmix;
use crate::stats::{Agreement, Component, Difference, Said};
use crate::watch::Verdict as Trust;

/// Stretches of a hundred calls each around a duration, a tenth longer or shorter.
fn stretches(seed: u64, around_ns: u64, count: u64) -> Vec<Histogram> {
    let one = |stretch: u64| {
        let mut durations = Histogram::new();
        for call in 0..100 {
            let random = splitmix::unit(splitmix::after(seed, stretch * 100 + call));
            durations.record((around_ns as f64 * (0.9 + 0.2 * random)) as u64);
        }
        durations
    };
    (0..count).map(one).collect()
}

fn side(operation: u16, of: &[Histogram], fastest: Option<&[Histogram]>) -> Side {
    let mut durations = Histogram::new();
    of.iter().for_each(|stretch| durations.merge(stretch));
    let batch = |felt: &Histogram| Batch::new(50_000_000, felt.len(), felt.len(), felt);
    let pairs = fastest.map(|fastest| {
        let pairs = fastest.iter().zip(of);
        pairs.map(|(a, b)| (batch(a), batch(b))).collect::<Vec<_>>()
    });
    Side {
        operation,
        outcomes: [durations.len(), 0, 0],
        durations,
        memory_peak_bytes: Some(1 << 20),
        against_fastest: pairs.map(|pairs| compare::paired(&pairs, &Settings::default())),
    }
}

fn named(names: [&str; 2]) -> RunView {
    let mut run = RunView::default();
    run.summary.facts.components = names
        .map(|name| Component {
            name: name.to_owned(),
            ..Component::default()
        })
        .to_vec();
    run.summary.facts.elapsed_ns = 100_000_000;
    run.summary.facts.load.side_by_side = true;
    run
}

/// Two operations of these durations, the second of which is no faster.
fn two(run: &RunView, around_ns: [u64; 2], count: u64) -> SideBySide<'_> {
    let [a, b] = [
        stretches(1, around_ns[0], count),
        stretches(2, around_ns[1], count),
    ];
    SideBySide::made_of(
        run,
        Settings::default(),
        vec![side(0, &a, None), side(1, &b, Some(&a))],
    )
}

#[track_caller]
fn check(around_ns: [u64; 2], count: u64, expected: &str) {
    let run = named(["one", "two"]);
    let of = two(&run, around_ns, count);
    let sentence = of.sentence(&of.sides[1], &str::to_owned).unwrap();
    assert!(sentence.starts_with(expected), "{sentence}");
    assert_eq!(of.sentence(&of.sides[0], &str::to_owned), None);
}

#[test]
fn a_sentence_says_what_follows() {
    check([100_000, 150_000], 64, "one is 1.50");
    check([1_000, 1_234_000], 64, "one is 12");
    check(
        [100_000, 100_010],
        64,
        "one and two take equally long, to 2 %",
    );
    check(
        [100_000, 150_000],
        5,
        "not enough data to tell one from two",
    );
}

#[test]
fn what_cannot_be_told_says_what_would_tell_it() {
    // The second is about as fast, but not at any time.
    let a = stretches(1, 100_000, 64);
    let b = (0..64).map(|index| {
        let around = 60_000.0 + 90_000.0 * splitmix::unit(splitmix::after(5, index));
        stretches(index + 9, around as u64, 1).remove(0)
    });
    let b: Vec<Histogram> = b.collect();
    let run = named(["one", "two"]);
    let of = SideBySide::made_of(
        &run,
        Settings::default(),
        vec![side(0, &a, None), side(1, &b, Some(&a))],
    );
    let sentence = of.sentence(&of.sides[1], &str::to_owned).unwrap();
    assert!(
        sentence.starts_with("which of one and two is faster cannot be told; `-n "),
        "{sentence}"
    );
}

#[test]
fn how_long_it_takes_to_tell_is_said_in_what_was_asked_for() {
    let mut run = named(["one", "two"]);
    // Five stretches in a tenth of a second; 64 of 50 ms would be good.
    let of = |run: &RunView| {
        let of = two(run, [100_000, 150_000], 5);
        of.sentence(&of.sides[1], &str::to_owned).unwrap()
    };
    assert!(of(&run).ends_with("`-n 16000` would do"), "{}", of(&run));
    run.summary.facts.load.duration_ns = Some(100_000_000);
    assert!(of(&run).ends_with("`-d 4s` would do"), "{}", of(&run));
}

#[test]
fn an_invalid_run_tells_nothing_of_who_is_faster() {
    let mut run = named(["one", "two"]);
    run.summary.facts.verdict = Some(Trust {
        state: State::Invalid,
        reasons: Vec::new(),
    });
    let mut of = two(&run, [100_000, 150_000], 64);
    let comparison = of.sides[1].against_fastest.as_mut().unwrap();
    comparison.doubt();
    let sentence = of.sentence(&of.sides[1], &str::to_owned).unwrap();
    assert!(
        sentence.ends_with("cannot be told: the run is invalid"),
        "{sentence}"
    );
}

#[test]
fn a_difference_has_a_sign_and_digits_that_suit_it() {
    #[track_caller]
    fn check(part: f64, expected: &str) {
        assert_eq!(excess(part), expected);
    }
    check(0.392, "+39.2 %");
    check(-0.115, "-11.5 %");
    check(0.0031, "+0.31 %");
    check(0.0, "+0.00 %");
    check(8.99, "+899.0 %");
    check(13.2, "×14.20");
}

fn rendered(of: &SideBySide<'_>, style: Style) -> String {
    let mut out = Vec::new();
    text::write(&mut out, of, style).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn lines_fit_the_screen_whatever_the_names() {
    let long = "x".repeat(70);
    for names in [["one", "two"], [&*long, "two"]] {
        let run = named(names);
        let of = two(&run, [100_000, 150_000], 64);
        for width in [40, 60, 80, 100] {
            for unicode in [true, false] {
                let style = Style {
                    unicode,
                    width,
                    ..Style::PLAIN
                };
                let text = rendered(&of, style);
                let longest = text.lines().map(columns).max();
                assert!(longest <= Some(width), "{width}\n{text}");
                assert!(unicode || text.is_ascii(), "{text}");
            }
        }
    }
}

#[test]
fn what_others_chose_has_no_power_over_terminal_or_page() {
    let mut run = named(["a\u{1b}[31m|b", "<i>`*c*`"]);
    run.summary.facts.agreement = Some(Agreement {
        compared: 5,
        differing: 1,
        first: vec![Difference {
            number: 3,
            said: vec![Said {
                operation: 0,
                outcome: Outcome::Ok,
                tag: "\u{1b}]0;owned\u{7}".to_owned(),
            }],
        }],
    });
    let of = two(&run, [100_000, 150_000], 64);
    let text = rendered(&of, Style::PLAIN);
    assert!(
        !text.contains('\u{1b}') && !text.contains('\u{7}'),
        "{text}"
    );
    let mut page = Vec::new();
    markdown::write(&mut page, &of).unwrap();
    let page = String::from_utf8(page).unwrap();
    assert!(!page.contains('\u{1b}'), "{page}");
    assert!(page.contains("\\<i\\>\\`\\*c\\*\\`"), "{page}");
    assert!(page.contains("\\|b | "), "{page}");
    assert!(
        page.contains("1 of 5 numbers were not answered alike"),
        "{page}"
    );
}

#[test]
fn the_document_has_the_fastest_as_a_and_no_rate() {
    let run = named(["one", "two"]);
    let of = two(&run, [100_000, 150_000], 64);
    let mut out = Vec::new();
    json::write(&mut out, &of).unwrap();
    let document: serde_json::Value = serde_json::from_slice(&out).unwrap();
    assert_eq!(document["sides"][0]["label"], "A");
    assert_eq!(document["sides"][0]["figures"]["ok"], 6_400);
    let compared = &document["comparisons"][0];
    assert_eq!((&compared["a"], &compared["b"]), (&"A".into(), &"B".into()));
    assert_eq!(compared["figures"][0]["figure"], "p50");
    assert_eq!(compared["figures"][0]["verdict"], "worse");
}
