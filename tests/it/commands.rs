//! The commands beside `run`.

use crate::support::gorgon;

#[test]
fn the_list_names_what_can_be_run_at_once() {
    let finished = gorgon("list").expect_exit(0);
    for name in ["hash", "http", "sleep", "noop"] {
        finished.stdout_contains(name);
    }
}

#[test]
fn trying_one_call_shows_its_tag() {
    gorgon("try")
        .args(["hash", "--number", "17"])
        .expect_exit(0)
        .stdout_contains("SUCCESS");
    gorgon("try")
        .args(["hash", "--number", "20"])
        .expect_exit(69)
        .stdout_contains("FAIL");
}

#[test]
fn inspecting_a_file_tells_its_world() {
    gorgon("inspect")
        .arg(gorgon_fixtures::PROBE)
        .expect_exit(0)
        .stdout_contains("gorgon:load/op@0.1.0")
        .stdout_contains("sha256    ")
        .stdout_contains("run: func(number: u64) -> result<string, string>")
        .stdout_contains("HTTP requests, as far as the network policy allows")
        .stdout_contains("loopback only");
    gorgon("inspect")
        .arg("hash")
        .expect_exit(0)
        .stdout_contains("language  Rust")
        .stdout_contains("none: it imports neither HTTP nor sockets");
}

#[test]
fn a_target_for_others_has_to_be_asked_for() {
    let finished = gorgon("target")
        .args(["--port", "0", "--address", "0.0.0.0"])
        .expect_exit(75);
    finished.stderr_contains("--allow-remote");
}
