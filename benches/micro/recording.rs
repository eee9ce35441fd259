//! Recording a call, and putting together what threads recorded.

use std::sync::Arc;

use divan::{Bencher, black_box};
use gorgon::stats::{Histogram, Interner, Recorder, Times};

/// A duration that differs from call to call, within 1 to 2 ms.
fn duration(number: u64) -> u64 {
    1_000_000 + number.wrapping_mul(0x9e37_79b9_7f4a_7c15) % 1_000_000
}

fn times(number: u64) -> Times {
    let start_ns = number * 2_000_000;
    Times {
        due_ns: start_ns,
        start_ns,
        end_ns: start_ns + duration(number),
    }
}

fn recorder(is_open: bool) -> Recorder {
    Recorder::new(Arc::new(Interner::new(None)), is_open)
}

#[divan::bench]
fn a_sample(bencher: Bencher) {
    let (mut histogram, mut number) = (Histogram::new(), 0);
    bencher.bench_local(|| {
        number += 1;
        histogram.record(black_box(duration(number)));
    });
}

#[divan::bench(args = [false, true])]
fn a_call(bencher: Bencher, is_open: bool) {
    let (mut recorder, mut number) = (recorder(is_open), 0);
    bencher.bench_local(|| {
        number += 1;
        let row = recorder.row_of_tag(0, black_box(Ok("200")));
        recorder.call(row, black_box(times(number)));
    });
}

/// What one thread recorded in a tick, with so many tags.
fn recorded(tags: u64) -> Recorder {
    let mut recorder = recorder(false);
    for number in 0..10_000 {
        let tag = (number % tags).to_string();
        let row = recorder.row_of_tag(0, Ok(&tag));
        recorder.call(row, times(number));
    }
    recorder
}

#[divan::bench(args = [1, 5, 256])]
fn merging_a_tick(bencher: Bencher, tags: u64) {
    let (part, mut all) = (recorded(tags), recorded(tags));
    bencher
        .with_inputs(|| part.clone())
        .bench_local_values(|part| all.merge(part));
}
