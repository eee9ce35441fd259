//! Who makes which call when.

use divan::{Bencher, black_box};
use gorgon::engine::numbers::{Block, Numbers};
use gorgon::schedule::{Arrivals, Curve, Options, Schedule, WarmUp};

/// Calls so short that numbers are claimed in blocks, and so long that they are claimed one by one.
#[divan::bench(args = [100, 1_000_000])]
fn a_number(bencher: Bencher, call_ns: u64) {
    let numbers = Numbers::new(WarmUp::None, None, u64::MAX, 8);
    let mut block = Block::default();
    bencher.bench_local(|| block.next(&numbers, black_box(call_ns)));
}

#[divan::bench(args = ["1000/s", "0..500/30s, 500/2m, 500..0/10s"])]
fn when_a_call_is_due(bencher: Bencher, rate: &str) {
    each_due(bencher, rate, Arrivals::Uniform);
}

#[divan::bench]
fn when_a_call_of_poisson_arrivals_is_due(bencher: Bencher) {
    each_due(bencher, "1000/s", Arrivals::Poisson);
}

fn each_due(bencher: Bencher, rate: &str, arrivals: Arrivals) {
    let curve: Curve = rate
        .parse()
        .unwrap_or_else(|error| panic!("{rate}: {error}"));
    let options = Options {
        arrivals,
        ..Options::default()
    };
    let schedule = Schedule::new(&curve, options);
    let schedule = schedule.unwrap_or_else(|error| panic!("{rate}: {error}"));
    let last = schedule.expected_calls().unwrap_or(u64::MAX);
    let (mut walk, mut index) = (schedule.walk(), 0);
    bencher.bench_local(|| {
        index = (index + 1) % last;
        if index == 0 {
            walk = schedule.walk();
        }
        walk.due(black_box(index))
    });
}
