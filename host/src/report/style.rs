//! How text looks where it is shown: colours or none, Unicode or ASCII, and how wide.

use std::borrow::Cow;
use std::io::{self, Write};

use anstyle::{AnsiColor, Color};

/// What the place that text is written to can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Colours and bold, as ANSI escapes. Without them the words alone say everything.
    pub color: bool,
    /// Characters beyond ASCII.
    pub unicode: bool,
    /// Columns; 0 if unknown.
    pub width: usize,
}

/// Columns assumed where they are not known.
const WIDTH: usize = 80;

/// Beyond this many columns lines get no longer: the eye would lose the row.
const WIDTH_MAX: usize = 100;

/// Below this many columns nothing is made to fit any more.
const WIDTH_MIN: usize = 24;

impl Style {
    /// Neither colours nor Unicode, at the usual width.
    pub const PLAIN: Style = Style {
        color: false,
        unicode: false,
        width: WIDTH,
    };

    /// The columns to lay text out for.
    pub fn columns(self) -> usize {
        if self.width == 0 {
            WIDTH
        } else {
            self.width.clamp(WIDTH_MIN, WIDTH_MAX)
        }
    }

    /// Our own text in the characters that can be shown. What a guest chose goes through
    /// [`super::printable::printable`] instead.
    pub fn text(self, text: &str) -> Cow<'_, str> {
        if self.unicode || text.is_ascii() {
            return Cow::Borrowed(text);
        }
        let mut plain = String::with_capacity(text.len());
        for c in text.chars() {
            match c {
                'µ' => plain.push('u'),
                '×' => plain.push('x'),
                '–' | '−' => plain.push('-'),
                '✓' => plain.push('+'),
                '✗' => plain.push('x'),
                '…' => plain.push_str(".."),
                c if c.is_ascii() => plain.push(c),
                _ => plain.push('?'),
            }
        }
        Cow::Owned(plain)
    }

    /// Writes text in an ink.
    ///
    /// # Errors
    /// When the writer fails.
    pub fn paint(self, out: &mut dyn Write, ink: Ink, text: &str) -> io::Result<()> {
        let look = ink.look();
        if self.color && !look.is_plain() && !text.is_empty() {
            write!(out, "{look}{text}{look:#}")
        } else {
            out.write_all(text.as_bytes())
        }
    }
}

/// The role of a piece of text, from which its look follows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Ink {
    /// As the terminal has it.
    #[default]
    Plain,
    /// What to read first.
    Strong,
    /// Headings and what may be skipped.
    Dim,
    /// A success.
    Good,
    /// A failure.
    Bad,
    /// A warning, and what the host found.
    Warn,
    /// The bars.
    Bar,
}

impl Ink {
    /// The escapes of this role.
    pub fn look(self) -> anstyle::Style {
        let look = anstyle::Style::new();
        let colored = |color: AnsiColor| look.fg_color(Some(Color::Ansi(color)));
        match self {
            Ink::Plain => look,
            Ink::Strong => look.bold(),
            Ink::Dim => look.dimmed(),
            Ink::Good => colored(AnsiColor::Green),
            Ink::Bad => colored(AnsiColor::Red),
            Ink::Warn => colored(AnsiColor::Yellow),
            Ink::Bar => colored(AnsiColor::Cyan),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_bounded_and_known() {
        for (width, columns) in [(0, 80), (1, 24), (40, 40), (80, 80), (1000, 100)] {
            assert_eq!(
                Style {
                    width,
                    ..Style::PLAIN
                }
                .columns(),
                columns
            );
        }
    }

    #[test]
    fn without_unicode_our_text_is_ascii() {
        assert_eq!(Style::PLAIN.text("7.89 µs × 3 – …"), "7.89 us x 3 - ..");
        let unicode = Style {
            unicode: true,
            ..Style::PLAIN
        };
        assert_eq!(unicode.text("7.89 µs"), "7.89 µs");
    }

    #[test]
    fn escapes_are_written_only_where_colour_is_wanted() {
        let painted = |style: Style, ink| {
            let mut out = Vec::new();
            style.paint(&mut out, ink, "x").unwrap();
            String::from_utf8(out).unwrap()
        };
        assert_eq!(painted(Style::PLAIN, Ink::Bad), "x");
        let color = Style {
            color: true,
            ..Style::PLAIN
        };
        assert_eq!(painted(color, Ink::Bad), "\u{1b}[31mx\u{1b}[0m");
        assert_eq!(painted(color, Ink::Plain), "x");
    }
}
