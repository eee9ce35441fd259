//! A mix gives each operation exactly its weight.

use crate::support::gorgon;

#[track_caller]
fn check(args: &[&str], hash: u64, noop: u64) {
    let summary = gorgon("run").args(args).json();
    let rows = summary.at("/tags").as_array().expect("a list");
    let of = |name: &str| -> u64 {
        let rows = rows.iter().filter(|row| row["component"] == name);
        rows.filter_map(|row| row["count"].as_u64()).sum()
    };
    assert_eq!((of("hash"), of("noop")), (hash, noop), "{args:?}");
}

#[test]
fn calls_are_divided_as_the_weights_say() {
    check(&["hash=3", "noop=1", "-n", "400", "-w", "4"], 300, 100);
    check(&["hash=30", "noop=10", "-n", "40", "-w", "1"], 30, 10);
    check(&["hash", "noop", "-n", "100", "-w", "3"], 50, 50);
    check(&["hash=1", "noop=9", "-n", "100", "--rate", "1k"], 10, 90);
    check(
        &[
            "hash=3", "noop=1", "-n", "400", "-w", "1", "--order", "repeat",
        ],
        300,
        100,
    );
}

#[test]
fn the_same_seed_mixes_alike() {
    let order = |seed: &str| {
        let args = ["hash=1", "noop=4", "-n", "3", "-w", "1", "--seed", seed];
        gorgon("run").args(args).json().tags()
    };
    assert_eq!(order("5"), order("5"));
}

#[test]
fn the_text_tells_the_operations_apart() {
    gorgon("run")
        .args(["hash", "noop", "-n", "20"])
        .expect_exit(0)
        .stdout_contains("hash + noop")
        .stdout_contains(" Operation ");
}

#[test]
fn a_mix_that_cannot_be_is_told() {
    gorgon("run")
        .args(["hash=0", "noop", "-n", "20"])
        .expect_exit(64)
        .stderr_contains("hash=0");
    gorgon("run")
        .args(["hash", "nop", "-n", "20"])
        .expect_exit(66)
        .stderr_contains("did you mean `noop`?");
}
