//! `gorgon doctor` looks at the machine before anything runs.

use serde_json::Value;

use crate::support::gorgon;

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

#[test]
fn a_run_that_is_over_soon_shows_nothing_while_it_goes_on() {
    for args in [&["noop", "-n", "10"][..], &["noop", "-n", "10", "-q"]] {
        let run = gorgon("run").args(args).expect_exit(0);
        assert_eq!(run.stderr(), "", "{args:?}");
    }
}
