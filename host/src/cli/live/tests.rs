use super::terminal::{Resizing, Terminal};
use super::*;
use crate::stats::Outcome;

/// A run whose guest chose names and messages that are up to no good.
fn hostile(done: u64) -> Progress {
    let long = "very-long-name-".repeat(40);
    Progress {
        name: format!("\u{1b}[2J\u{1b}[H尺寸尺寸尺寸{long}"),
        load: "open load, 400/s\u{1b}[31m".to_owned(),
        elapsed_ns: done * 10_000_000,
        planned_calls: Some(4_000),
        done,
        ok: done / 2,
        fail: done - done / 2,
        rate_per_s: Some(done as f64),
        busy: 8,
        workers: 8,
        tags: vec![
            ("\u{202e}abc\r\n\u{1b}[2J".to_owned(), Outcome::Ok, done / 2),
            ("尺寸".repeat(60), Outcome::Fail, done - done / 2),
            (String::new(), Outcome::Fault, 1),
        ],
        rates: (0..done.min(60)).map(|second| second as f64).collect(),
        logs: (0..8)
            .map(|worker| (worker, format!("{long}\u{9b}2J\u{7}尺\u{8}\n")))
            .collect(),
        ..Progress::default()
    }
}

/// A terminal on which a run is shown, and what was written above.
struct Stage {
    terminal: Terminal,
    screen: Screen,
    size: Size,
    style: Style,
    above: String,
}

impl Stage {
    fn new(columns: usize, rows: usize, unicode: bool, resizing: Resizing) -> Stage {
        let mut stage = Stage {
            terminal: Terminal::new(columns, rows, resizing),
            screen: Screen::new(),
            size: Size { columns, rows },
            style: Style {
                color: true,
                unicode,
                width: 80,
            },
            above: String::new(),
        };
        stage.terminal.feed(b"$\n");
        stage.above.push_str("$\n");
        stage
    }

    /// Shows the run, and checks that nothing above is gone, nothing is too long, and all is in sight.
    #[track_caller]
    fn show(&mut self, done: u64) {
        let lines = lines(&hostile(done), Some(1), self.style, self.size);
        let overlong = self.terminal.overlong;
        self.terminal.feed(&self.screen.show(&lines, self.size));
        assert_eq!(self.terminal.overlong, overlong, "{}", self.terminal.text());
        assert!(lines.len() < self.size.rows);
        self.check(lines.len());
    }

    #[track_caller]
    fn check(&mut self, lines: usize) {
        let text = self.terminal.text();
        let above = self.above.trim_end();
        assert!(text.starts_with(above), "{text}\n---\n{above}");
        let block = &text[above.len()..];
        // In fewer columns some lines have nothing that can be seen.
        if lines > 0 && self.size.columns >= 8 {
            assert!(block.starts_with("\n\n"), "{text}");
            assert_eq!(block[2..].lines().count(), lines, "{text}");
        } else if lines == 0 {
            assert_eq!(block, "");
        }
        assert_eq!(self.terminal.cursor().1, 0);
        assert!(self.terminal.is_all_on_screen(), "{text}");
        assert!(!self.terminal.is_waiting);
    }

    #[track_caller]
    fn print(&mut self, text: &str) {
        let bytes = self.screen.above(text.as_bytes(), Some(self.size));
        self.terminal.feed(&bytes);
        self.above.push_str(text);
        if !text.is_empty() && !text.ends_with('\n') {
            self.above.push('\n');
        }
        let lines = lines(&hostile(1), Some(1), self.style, self.size).len();
        self.check(if self.screen.is_shown() { lines } else { 0 });
    }

    #[track_caller]
    fn clear(&mut self) {
        self.terminal.feed(&self.screen.clear());
        self.check(0);
        assert_eq!(self.terminal.cursor().0, self.above.lines().count());
    }

    fn resize(&mut self, columns: usize, rows: usize) {
        self.terminal.resize(columns, rows);
        self.size = Size { columns, rows };
    }
}

const SIZES: [(usize, usize); 6] = [(80, 24), (40, 10), (20, 5), (200, 50), (7, 3), (1, 1)];

#[test]
fn a_block_stays_below_what_is_written_and_leaves_nothing_behind() {
    for (columns, rows) in SIZES {
        for unicode in [true, false] {
            let mut stage = Stage::new(columns.max(20), rows, unicode, Resizing::Reflow);
            for done in [0, 1, 999, 1_000, 4_000] {
                stage.show(done);
            }
            for number in 0..60 {
                stage.print(&format!("message {number}\n"));
                stage.show(number);
            }
            stage.print("two\nlines\n");
            stage.clear();
            stage.show(5);
            stage.clear();
            stage.clear();
        }
    }
}

#[test]
fn a_terminal_of_any_size_shows_what_fits() {
    for columns in [1, 2, 3, 10, 23, 24, 25, 80, 101, 300] {
        for rows in [1, 2, 3, 4, 5, 6, 7, 50] {
            let mut stage = Stage::new(columns, rows, true, Resizing::Reflow);
            stage.show(70);
            stage.clear();
        }
    }
}

#[test]
fn a_message_without_an_end_gets_one_while_there_is_a_block() {
    let mut stage = Stage::new(80, 24, true, Resizing::Reflow);
    stage.show(1);
    stage.print("one");
    stage.print("two\n");
    stage.print("");
    stage.clear();
}

#[test]
fn a_terminal_that_is_resized_loses_nothing_and_keeps_no_garbage() {
    for resizing in [Resizing::Reflow, Resizing::Cut] {
        let mut stage = Stage::new(80, 24, true, resizing);
        stage.print("before\n");
        stage.show(100);
        for (columns, rows) in [(60, 24), (33, 24), (24, 12), (24, 6), (120, 6), (90, 30)] {
            stage.resize(columns, rows);
            stage.show(200);
        }
        stage.print("after\n");
        stage.clear();
    }
}

#[test]
fn a_message_just_after_a_resize_does_not_draw_lines_that_are_too_long() {
    let mut stage = Stage::new(80, 24, true, Resizing::Reflow);
    stage.show(100);
    stage.resize(30, 24);
    let size = Some(stage.size);
    stage.terminal.feed(&stage.screen.above(b"message", size));
    stage.above.push_str("message\n");
    stage.check(0);
    stage.show(100);
    stage.clear();
}

#[test]
fn what_others_write_to_the_terminal_is_not_lost() {
    let mut stage = Stage::new(80, 24, true, Resizing::Reflow);
    stage.show(100);
    // The echo of a key, which the next frame removes.
    stage.terminal.feed(b"^C");
    stage.show(101);
    // A panic, and a shell after the process was stopped. It is written over lines of the block, whose ends remain.
    for text in ["thread panicked\n", "[1]+  Stopped\n$ fg\n"] {
        stage.terminal.feed(text.as_bytes());
        let lines = lines(&hostile(102), Some(1), stage.style, stage.size);
        let frame = stage.screen.show(&lines, stage.size);
        stage.terminal.feed(&frame);
        let shown = stage.terminal.text();
        for line in text.lines() {
            assert!(shown.lines().any(|row| row.starts_with(line)), "{shown}");
        }
        let (above, _) = shown.split_once("\n\n").unwrap();
        stage.above = format!("{above}\n");
        stage.check(lines.len());
    }
    stage.clear();
}

#[test]
fn without_a_block_messages_are_written_as_they_are() {
    let mut screen = Screen::new();
    assert_eq!(screen.above(b"no end", None), b"no end");
    assert_eq!(screen.clear(), b"");
    assert!(!screen.is_shown());
}

#[test]
fn a_frame_is_one_write_that_begins_and_ends_where_the_cursor_rests() {
    let size = Size {
        columns: 80,
        rows: 24,
    };
    let mut screen = Screen::new();
    let frame = screen.show(&["one".to_owned(), "two".to_owned()], size);
    assert_eq!(
        String::from_utf8(frame).unwrap(),
        "\u{1b}[?2026h\r\u{1b}[J\r\none\r\ntwo\r\u{1b}[2A\u{1b}[?2026l"
    );
    assert_eq!(screen.show(&[], size), b"\r\x1b[J");
    assert!(!screen.is_shown());
}

#[test]
fn only_a_terminal_that_understands_escapes_gets_them() {
    #[track_caller]
    fn check(quiet: bool, is_terminal: bool, term: Option<&str>, expected: Mode) {
        assert_eq!(mode(quiet, is_terminal, term.map(OsStr::new)), expected);
    }
    check(false, true, Some("xterm-256color"), Mode::Block);
    check(false, true, Some("dumb"), Mode::Lines);
    check(false, true, Some(""), Mode::Lines);
    check(false, true, None, Mode::Lines);
    check(false, false, Some("xterm"), Mode::Lines);
    check(true, true, Some("xterm"), Mode::Silent);
    check(true, false, None, Mode::Silent);
}

#[test]
fn the_log_lines_of_many_workers_leave_half_of_the_terminal() {
    let rows = |rows| {
        let size = Size { columns: 80, rows };
        lines(&hostile(5), None, Style::PLAIN, size).len()
    };
    assert_eq!(rows(50), 12);
    assert_eq!(rows(20), 10);
    assert_eq!(rows(10), 5);
    assert_eq!(rows(6), 4);
    assert_eq!(rows(5), 3);
    assert_eq!(rows(3), 1);
    assert_eq!(rows(2), 0);
    assert_eq!(rows(0), 0);
}
