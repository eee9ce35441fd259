//! A line in the making: pieces of text in their inks, whose columns are counted before there are escapes among them.

use unicode_width::UnicodeWidthChar;

use crate::report::style::{Ink, Style};

/// Spaces between two parts of a line.
pub(super) const GAP: usize = 2;

/// Pieces of text that will stand on one line.
#[derive(Debug, Clone, Default)]
pub(super) struct Line {
    pieces: Vec<(Ink, String)>,
}

/// How many columns text takes. Of characters that some terminals join and others do not, the columns apart: a line may
/// turn out shorter, never longer.
pub(super) fn columns(text: &str) -> usize {
    text.chars().map(|c| c.width().unwrap_or(0)).sum()
}

impl Line {
    /// A line of one piece.
    pub(super) fn of(ink: Ink, text: impl Into<String>) -> Line {
        Line::default().and(ink, text)
    }

    /// Adds a piece.
    #[must_use]
    pub(super) fn and(mut self, ink: Ink, text: impl Into<String>) -> Line {
        self.pieces.push((ink, text.into()));
        self
    }

    /// Adds the pieces of another line, some spaces apart.
    #[must_use]
    pub(super) fn then(self, spaces: usize, other: Line) -> Line {
        let mut line = self.and(Ink::Plain, " ".repeat(spaces));
        line.pieces.extend(other.pieces);
        line
    }

    /// Adds the pieces of another line so that it ends at a column, or a gap behind this one if that is farther.
    #[must_use]
    pub(super) fn then_at_end(self, end: usize, other: Line) -> Line {
        let used = self.columns() + other.columns();
        self.then(end.saturating_sub(used).max(GAP), other)
    }

    /// The columns it takes.
    pub(super) fn columns(&self) -> usize {
        self.pieces.iter().map(|(_, text)| columns(text)).sum()
    }

    /// The line with its escapes, cut to at most `room` columns and without spaces at its end.
    pub(super) fn painted(&self, room: usize, style: Style) -> String {
        let mut out = Vec::new();
        let (mut left, mut spaces) = (room, 0);
        for (ink, text) in &self.pieces {
            let text = cut(text, left, style);
            left -= columns(&text);
            let (shown, trailing) = trimmed(&text);
            if !shown.is_empty() {
                out.resize(out.len() + spaces, b' ');
                // Writing to memory does not fail.
                let _ = style.paint(&mut out, *ink, shown);
                spaces = 0;
            }
            spaces += trailing;
            if left == 0 {
                break;
            }
        }
        String::from_utf8_lossy(&out).into_owned()
    }
}

/// The text without the spaces at its end, and how many those are.
fn trimmed(text: &str) -> (&str, usize) {
    let shown = text.trim_end_matches(' ');
    (shown, text.len() - shown.len())
}

/// The text in at most `room` columns, marked where something is missing if there is room for that.
pub(super) fn cut(text: &str, room: usize, style: Style) -> String {
    if columns(text) <= room {
        return text.to_owned();
    }
    let mark = match style.text("…") {
        mark if columns(&mark) <= room => mark,
        _ => "".into(),
    };
    let mut left = room - columns(&mark);
    let fits = |c: &char| match left.checked_sub(c.width().unwrap_or(0)) {
        Some(rest) => {
            left = rest;
            true
        }
        None => false,
    };
    let mut kept: String = text.chars().take_while(fits).collect();
    kept.push_str(&mark);
    kept
}
