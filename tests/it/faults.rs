//! What ended the whole process in older tools ends one call here: it is named, the others go on.

use crate::support::{Files, gorgon};

/// Runs the killer with this kind of crime on every tenth of 100 calls.
#[track_caller]
fn check(kind: &str, fault: &str) {
    let summary = gorgon("run")
        .args([
            gorgon_fixtures::KILLER,
            "-n",
            "100",
            "-w",
            "4",
            "--timeout",
            "1s",
            "--memory",
            "64MiB",
        ])
        .set("kind", kind)
        .set("every", 10)
        .json();
    assert_eq!(
        summary.count("fault", fault),
        10,
        "{kind}: {:?}",
        summary.tags()
    );
    assert_eq!(summary.calls("fault"), 10, "{kind}: {:?}", summary.tags());
    assert_eq!(summary.calls("ok"), 90, "{kind}: {:?}", summary.tags());
}

#[test]
fn an_endless_loop_is_a_timeout_and_the_others_succeed() {
    check("loop", "!timeout");
}

#[test]
fn an_abort_is_a_trap_and_the_others_succeed() {
    check("abort", "!trap");
}

#[test]
fn an_exit_is_an_exit_and_the_others_succeed() {
    check("exit", "!exit");
}

#[test]
fn endless_recursion_is_a_trap_and_the_others_succeed() {
    check("recursion", "!trap");
}

#[test]
fn a_panic_is_a_trap_and_the_others_succeed() {
    check("panic", "!trap");
}

#[test]
fn a_leak_is_found_at_the_limit_and_the_others_succeed() {
    check("leak", "!memory");
}

#[test]
fn a_flood_of_panics_is_told_in_a_few_lines() {
    let finished = gorgon("run")
        .args([
            gorgon_fixtures::KILLER,
            "-n",
            "2000",
            "-w",
            "8",
            "--json",
            "-",
        ])
        .set("kind", "panic")
        .set("every", 1)
        .expect_exit(69);
    finished.summary().has_tags([("!trap", 2_000)]);
    assert!(finished.stderr().lines().count() < 60, "{}", finished.all());
}

#[test]
fn calls_that_all_run_into_their_timeout_are_no_success() {
    let summary = gorgon("run")
        .args([
            gorgon_fixtures::KILLER,
            "-n",
            "4",
            "-w",
            "4",
            "--timeout",
            "200ms",
        ])
        .set("kind", "loop")
        .set("every", 1)
        .json_and_exit(69);
    summary.has_tags([("!timeout", 4)]);
}

#[test]
fn less_memory_than_an_instance_begins_with_is_told_before_the_run() {
    let finished = gorgon("run")
        .args(["noop", "-n", "1", "--memory", "128KiB"])
        .expect_exit(65);
    finished
        .stderr_contains("at least")
        .stdout_is_empty()
        .has_no_sign_of_a_bug();
}

#[test]
fn a_run_whose_calls_never_end_says_how_long_it_was_watched() {
    let summary = gorgon("run")
        .args(["sleep", "-d", "50ms", "--grace", "50ms", "-w", "2"])
        .set("for", "1h")
        .args(["--timeout", "2h"])
        .json_and_exit(69);
    assert_eq!((summary.calls("done"), summary.calls("unfinished")), (0, 2));
    let elapsed = summary.at("/run/elapsed_ns").as_u64().expect("a time");
    assert!(elapsed >= 100_000_000, "{elapsed} ns");
}

/// A component by hand: what runs when it is loaded, and where the tag that `run` returns lies in its memory.
fn by_hand(start: &str, run: &str) -> String {
    format!(
        r#"(component
            (core module $m
                (memory (export "memory") 1)
                (data (i32.const 32) "\00\00\00\00\ff\ff\ff\7f\0a\00\00\00")
                (func (export "realloc") (param i32 i32 i32 i32) (result i32) i32.const 1024)
                (func $start {start})
                (start $start)
                (func (export "run") (param i64) (result i32) {run}))
            (core instance $i (instantiate $m))
            (func $run (param "number" u64) (result (result string (error string)))
                (canon lift (core func $i "run")
                    (memory (core memory $i "memory"))
                    (realloc (core func $i "realloc"))))
            (instance $operation (export "run" (func $run)))
            (export "gorgon:load/operation@0.1.0" (instance $operation)))"#
    )
}

#[test]
fn an_operation_that_fails_or_loops_while_it_is_loaded_is_refused_once() {
    let files = Files::new();
    for (start, words) in [
        ("unreachable", "fails while it starts"),
        ("(loop (br 0))", "fails while it starts"),
    ] {
        let path = files.wat("op.wasm", &by_hand(start, "i32.const 0"));
        let finished = gorgon("run")
            .arg(path)
            .args(["-n", "1000", "-w", "8", "--timeout", "200ms"])
            .expect_exit(65);
        finished
            .stderr_contains(words)
            .stdout_is_empty()
            .has_no_sign_of_a_bug();
        assert_eq!(finished.stderr().matches("error:").count(), 1);
    }
}

#[test]
fn a_tag_that_lies_outside_of_the_memory_breaks_the_contract() {
    let files = Files::new();
    let path = files.wat("op.wasm", &by_hand("nop", "i32.const 32"));
    let summary = gorgon("run")
        .arg(path)
        .args(["-n", "20", "-w", "2"])
        .json_and_exit(69);
    summary.has_tags([("!abi", 20)]);
}

#[test]
fn an_empty_tag_is_a_tag() {
    let files = Files::new();
    let path = files.wat("op.wasm", &by_hand("nop", "i32.const 0"));
    let summary = gorgon("run").arg(path).args(["-n", "20"]).json();
    summary.has_tags([("", 20)]);
}

#[test]
fn isolated_calls_that_crash_harm_nobody() {
    let summary = gorgon("run")
        .args(["trap", "-n", "100", "-w", "4", "--isolate", "call"])
        .set("every", 4)
        .json();
    summary.has_tags([("!trap", 25), ("SUCCESS", 75)]);
    assert_eq!(summary.at("/instances/replaced"), 0);
}

#[test]
fn calls_in_flight_are_given_up_when_the_grace_time_is_over() {
    let (sender, receiver) = std::sync::mpsc::channel();
    let server = crate::support::RawServer::start(move |stream| {
        use std::io::{BufRead, BufReader};
        let mut lines = BufReader::new(stream).lines();
        while let Some(Ok(line)) = lines.next() {
            if line.is_empty() {
                // The test may be over.
                let _ = sender.send(());
            }
        }
    });
    let running = gorgon("run")
        .args([
            "http",
            "-n",
            "100",
            "-w",
            "2",
            "--grace",
            "50ms",
            "--timeout",
            "1h",
        ])
        .args(["--json", "-"])
        .set("url", server.url("/"))
        .start();
    for _ in 0..2 {
        let arrived = receiver.recv_timeout(std::time::Duration::from_secs(60));
        arrived.expect("each worker makes a request");
    }
    running.signal("INT");
    let finished = running.finish();
    assert_eq!(finished.status.code(), Some(130), "{}", finished.all());
    let summary = finished.summary();
    let calls = ["done", "unfinished", "not_started"].map(|name| summary.calls(name));
    assert_eq!(calls, [0, 2, 98]);
}
