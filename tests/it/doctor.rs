//! `gorgon doctor` looks at the machine before anything runs.

use serde_json::Value;

use crate::support::{Gorgon, Target, gorgon};

#[test]
fn the_doctor_tells_what_was_found() {
    let shown = gorgon("doctor").finish();
    assert!(
        matches!(shown.status.code(), Some(0 | 75)),
        "{}",
        shown.all()
    );
    for what in [
        "open files",
        "memory maps",
        "ports",
        "clock source",
        "saved runs",
    ] {
        shown.stdout_contains(what);
    }
}

#[test]
fn every_finding_that_is_not_fine_has_a_cure() {
    let shown = gorgon("doctor").arg("--json").finish();
    let findings: Value = serde_json::from_str(shown.stdout()).expect("JSON");
    let findings = findings.as_array().expect("a list");
    assert!(findings.len() >= 5);
    for finding in findings {
        let is_fine = finding["state"] == "fine";
        assert_eq!(finding["cure"].is_null(), is_fine, "{finding}");
    }
}

#[cfg(unix)]
#[test]
fn a_limit_that_gets_in_the_way_is_named_with_its_cure() {
    #[track_caller]
    fn check(limit: &str, id: &str, found: &str, cure: &str) {
        let shown = Gorgon::limited(limit, "doctor").arg("--json");
        let shown = shown.expect_exit(75);
        let findings: Value = serde_json::from_str(shown.stdout()).expect("JSON");
        let mut findings = findings.as_array().expect("a list").iter();
        let finding = findings.find(|finding| finding["id"] == id).expect(id);
        assert_eq!(finding["state"], "bad", "{finding}");
        let says =
            |field: &str, text: &str| finding[field].as_str().is_some_and(|is| is.contains(text));
        assert!(says("found", found) && says("cure", cure), "{finding}");
        let told = Gorgon::limited(limit, "doctor").expect_exit(75);
        told.stdout_contains(found).has_no_sign_of_a_bug();
    }
    check("ulimit -n 64", "open_files", "64 allowed", "nofile");
    check(
        "ulimit -v 30000000",
        "address_space",
        "28.6 GiB",
        "ulimit -v unlimited",
    );
}

#[cfg(unix)]
#[test]
fn open_load_takes_no_more_instances_than_fit_below_a_limit() {
    for limit in ["ulimit -v 30000000", "ulimit -n 64"] {
        let summary = Gorgon::limited(limit, "run")
            .args(["noop", "--rate", "200", "-n", "20"])
            .json();
        assert_eq!(summary.calls("ok"), 20, "{limit}");
    }
}

#[cfg(unix)]
#[test]
fn what_does_not_fit_below_a_limit_is_refused_before_any_call() {
    let target = Target::start();
    let refused = Gorgon::limited("ulimit -n 100", "run")
        .args(["http", "-n", "1k", "-w", "200"])
        .set("url", target.url("/"))
        .expect_exit(75);
    refused
        .stderr_contains("open files")
        .stderr_contains("at most")
        .stdout_is_empty()
        .has_no_sign_of_a_bug();
    assert_eq!(target.stop().requests, 0);
}

#[test]
fn a_run_that_is_over_soon_shows_nothing_while_it_goes_on() {
    for args in [&["noop", "-n", "10"][..], &["noop", "-n", "10", "-q"]] {
        let run = gorgon("run").args(args).expect_exit(0);
        assert_eq!(run.stderr(), "", "{args:?}");
    }
}
