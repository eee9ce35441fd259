//! What a person sees of a run while it goes on: a block on a terminal, and nothing of it once the run is over.

use crate::support::{Gorgon, Tally, Terminal, gorgon};

/// Begins a change of the terminal, and erases what is below the cursor.
const FRAME: &str = "\x1b[?2026h\r\x1b[J";
const FRAME_END: &str = "\x1b[?2026l";

/// A run that goes on until it is interrupted.
fn endless(tally: &Tally) -> Gorgon {
    gorgon("run")
        .args(["http", "-n", "1G", "-w", "2"])
        .set("url", tally.url("/"))
        .env("TERM", "xterm-256color")
}

/// Whether a text sets colours or a weight.
fn is_painted(text: &str) -> bool {
    let sequences = text.split("\x1b[").skip(1);
    let mut ends = sequences.filter_map(|rest| rest.chars().find(char::is_ascii_alphabetic));
    ends.any(|end| end == 'm')
}

/// What a text looks like without its colours.
fn plain(text: &str) -> String {
    let mut parts = text.split("\x1b[");
    let first = parts.next().unwrap_or_default().to_owned();
    let rest = parts.map(|part| part.split_once(|c: char| c.is_ascii_alphabetic()));
    first
        + &rest
            .map(|part| part.map_or("", |(_, text)| text))
            .collect::<String>()
}

#[test]
fn a_terminal_shows_a_block_that_is_gone_when_the_report_comes() {
    let tally = Tally::start();
    let mut terminal = Terminal::new(100, 30);
    let running = endless(&tally)
        .stdout(terminal.stream())
        .stderr(terminal.stream())
        .start();
    terminal.wait_for(" / 1 000 000 000");
    running.signal("INT");
    assert_eq!(running.finish().status.code(), Some(130));
    let shown = terminal.end();
    let frames = shown.matches(FRAME).count();
    assert!(
        frames >= 1 && frames == shown.matches(FRAME_END).count(),
        "{shown:?}"
    );
    assert!(is_painted(&shown), "{shown:?}");
    assert!(!shown.contains("\x1b[?25"), "the cursor is never hidden");
    // What stands after the last erasure stays on the screen.
    let (before, after) = shown.rsplit_once("\r\x1b[J").expect("the block is removed");
    let (before, after) = (plain(before), plain(after));
    assert!(
        before.contains("busy") && before.contains("http"),
        "{before:?}"
    );
    assert!(
        before.contains("stopping: calls in flight may end"),
        "{before:?}"
    );
    assert!(
        after.contains("interrupted: ") && after.contains("gorgon report"),
        "{after:?}"
    );
    assert!(
        !after.contains("busy ") && !after.contains("ETA"),
        "{after:?}"
    );
}

#[test]
fn ctrl_z_leaves_no_block_behind_and_there_is_one_again_when_the_run_goes_on() {
    let tally = Tally::start();
    let mut terminal = Terminal::new(100, 30);
    let running = endless(&tally).stderr(terminal.stream()).in_a_job().start();
    terminal.wait_for(" / 1 000 000 000");
    running.signal("TSTP");
    running.is_stopped();
    let shown = terminal.shown_so_far();
    let (_, after) = shown.rsplit_once("\r\x1b[J").expect("the block is removed");
    assert_eq!(after, "");
    running.signal("CONT");
    terminal.wait_for(" / 1 000 000 000");
    // It stops as well the second time.
    running.signal("TSTP");
    running.is_stopped();
    running.signal("CONT");
    running.signal("INT");
    assert_eq!(running.finish().status.code(), Some(130));
}

#[test]
fn no_line_of_the_block_is_wider_than_the_terminal() {
    let tally = Tally::start();
    let mut terminal = Terminal::new(30, 10);
    let running = endless(&tally).stderr(terminal.stream()).start();
    terminal.wait_for("200 ");
    running.signal("INT");
    running.finish();
    let shown = terminal.end();
    for frame in shown.split(FRAME).skip(1) {
        let frame = frame.split(FRAME_END).next().unwrap_or_default();
        let lines: Vec<String> = frame.split("\r\n").map(plain).collect();
        // Messages stand above the block, and the terminal breaks them as it likes.
        for line in lines.iter().filter(|line| !line.starts_with("gorgon: ")) {
            assert!(
                line.trim_end().chars().count() <= 30,
                "{line:?} in {shown:?}"
            );
        }
    }
}

#[test]
fn what_a_terminal_is_not_to_be_shown_is_not() {
    let tally = Tally::start();
    let on_terminal = |run: Gorgon| {
        let terminal = Terminal::new(80, 24);
        let running = run.stderr(terminal.stream()).start();
        while tally.seen().is_empty() {
            std::thread::yield_now();
        }
        running.signal("INT");
        running.finish();
        terminal.end()
    };
    assert_eq!(on_terminal(endless(&tally).arg("-q")), "");
    let dumb = on_terminal(endless(&tally).env("TERM", "dumb"));
    let unnamed = on_terminal(endless(&tally).without("TERM"));
    for text in [dumb, unnamed] {
        assert!(
            !text.contains("\x1b[J") && !text.contains("busy"),
            "{text:?}"
        );
    }
    let uncoloured = on_terminal(endless(&tally).env("NO_COLOR", "1"));
    assert!(!is_painted(&uncoloured), "{uncoloured:?}");
}

#[test]
fn a_block_has_the_latest_line_that_a_worker_logged() {
    let mut terminal = Terminal::new(100, 30);
    let running = gorgon("run")
        .args([gorgon_fixtures::PROBE, "-n", "1G", "-w", "1", "-v"])
        .set("do", "log")
        .env("TERM", "xterm")
        .stderr(terminal.stream())
        .start();
    terminal.wait_for("worker 0");
    running.signal("INT");
    assert_eq!(running.finish().status.code(), Some(130));
    terminal.end();
}

#[test]
fn without_a_terminal_a_short_run_says_nothing() {
    for flags in [
        &["-n", "100"][..],
        &["-n", "100", "-q"],
        &["-n", "30", "--rate", "1k"],
    ] {
        let finished = gorgon("run").arg("noop").args(flags).expect_exit(0);
        assert_eq!(finished.stderr(), "", "{flags:?}");
    }
}
