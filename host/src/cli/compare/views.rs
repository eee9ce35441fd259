//! Where a comparison of operations goes.

use std::io::{self, Write};
use std::path::Path;

use super::super::sink::Sink;
use super::super::views::Present;
use super::super::{misused, output};
use crate::compare::Settings;
use crate::error::{Exit, Result};
use crate::report::RunView;
use crate::report::side_by_side::{self, SideBySide};

/// The views of a comparison of operations, each with its file open.
#[derive(Debug)]
pub(super) struct Views {
    settings: Settings,
    json: Option<Sink>,
    markdown: Option<Sink>,
}

impl Views {
    /// Makes sure that each can be written, before anything is done for it.
    ///
    /// # Errors
    /// One cannot be written, or both are to go to stdout.
    pub(super) fn open(
        settings: Settings,
        json: Option<&Path>,
        markdown: Option<&Path>,
    ) -> Result<Views> {
        let views = Views {
            settings,
            json: json.map(Sink::open).transpose()?,
            markdown: markdown.map(Sink::open).transpose()?,
        };
        let sinks = [&views.json, &views.markdown].into_iter().flatten();
        match sinks.filter(|sink| sink.is_stdout()).count() {
            0 | 1 => Ok(views),
            _ => Err(misused("several views are to be written to stdout")
                .hint("give all but one of them a file")),
        }
    }
}

impl Present for Views {
    /// What is told of a difference rests on how the run went.
    fn need_series(&self) -> bool {
        true
    }

    fn give_up_series(&mut self) {
        output::notice(
            "how sure the differences are is not known: it rests on the file of the run",
        );
    }

    /// Everything is shown once the run is saved.
    fn text(&self, _: &RunView) -> Exit {
        Exit::Done
    }

    fn write(&mut self, run: &RunView) -> Exit {
        let compared = SideBySide::of(run, self.settings);
        let mut is_shown = false;
        let mut exit = Exit::Done;
        if let Some(sink) = &mut self.json {
            is_shown |= sink.is_stdout();
            let write = |out: &mut dyn Write| side_by_side::json::write(out, &compared);
            exit = Exit::first([exit, to(sink, write)]);
        }
        if let Some(sink) = &mut self.markdown {
            is_shown |= sink.is_stdout();
            let write = |out: &mut dyn Write| side_by_side::markdown::write(out, &compared);
            exit = Exit::first([exit, to(sink, write)]);
        }
        if !is_shown {
            let shown = output::to_stdout(|out| {
                side_by_side::text::write(out, &compared, output::stdout_style())
            });
            exit = Exit::first([exit, shown]);
        }
        exit
    }
}

/// Writes to a file or to stdout, and tells what keeps it from being written.
fn to(sink: &mut Sink, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Exit {
    if sink.is_stdout() {
        return output::to_stdout(write);
    }
    sink.write(write).map_or_else(output::told, |()| Exit::Done)
}
