//! The flags that feed calls one by one, and what is left of it in the end.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;

use super::super::sink::Sink;
use super::super::{misused, output};
use crate::data::{self, Failed, Items, Separator};
use crate::engine::{Feed, Finished, Load};
use crate::error::{Error, Result};
use crate::report::format;
use crate::schedule::WarmUp;

#[derive(Debug, Args)]
pub(in crate::cli) struct FeedArgs {
    /// Give each line of this file to one call, and end with the last; `-` reads standard input
    #[arg(long, value_name = "FILE")]
    items: Option<PathBuf>,

    /// Items end with a NUL byte instead of a line
    #[arg(short = '0', long = "null", requires = "items")]
    null: bool,

    /// Write the items of calls that did not succeed to this file, and those that no call was made for: what to run again
    #[arg(long, value_name = "FILE", requires = "items")]
    failed_items: Option<PathBuf>,
}

impl FeedArgs {
    pub(super) fn has_items(&self) -> bool {
        self.items.is_some()
    }

    /// Refuses what nothing can be fed with. `operations` may be read from standard input, and so may the items, but not
    /// both: whoever reads first has it all.
    pub(super) fn check(&self, operations: &[super::mix::Named]) -> Result<()> {
        if self.reads_stdin() && operations.iter().any(|one| one.name == "-") {
            return Err(misused(
                "the operation and the items cannot both come from standard input",
            )
            .hint("write one of them to a file"));
        }
        Ok(())
    }

    /// Whether the items are read from standard input.
    pub(super) fn reads_stdin(&self) -> bool {
        self.items.as_deref() == Some(Path::new("-"))
    }

    /// Opens what the calls are fed with.
    pub(super) fn open(&self) -> Result<Feed> {
        let Some(path) = &self.items else {
            return Ok(Feed::default());
        };
        Ok(Feed {
            items: Some(Arc::new(Items::open(path, self.separator())?)),
            keep_failed: self.failed_items.is_some(),
        })
    }

    /// Makes sure that what is to be run again can be written.
    pub(super) fn sink(&self) -> Result<Option<Sink>> {
        self.failed_items.as_deref().map(Sink::open).transpose()
    }

    /// Writes what is to be run again.
    pub(super) fn write_failed(
        &self,
        sink: Option<Sink>,
        feed: &Feed,
        load: &Load,
        finished: &mut Finished,
    ) -> Result<()> {
        let (Some(mut sink), Some(items)) = (sink, &feed.items) else {
            return Ok(());
        };
        let mut failed = Failed::default();
        for (index, bytes) in std::mem::take(&mut finished.failed_items) {
            failed.push(index, bytes);
        }
        let had_failed = items.error().is_some();
        let rest = items.rest();
        let wanted = still_wanted(load, finished, items.progress().taken);
        let mut written = 0;
        sink.write(|out| {
            let rest = rest.take(usize::try_from(wanted).unwrap_or(usize::MAX));
            written = data::write(out, failed, rest, self.separator())?;
            Ok(())
        })?;
        output::notice(&format!(
            "{} to run again in `{}`",
            format::plural(written, "item", "items"),
            self.failed_items
                .as_deref()
                .unwrap_or(Path::new("-"))
                .display()
        ));
        match items.error().filter(|_| !had_failed) {
            // Found only now, while the rest was read.
            Some(error) => Err(error.because("what follows it is not among those to run again")),
            None => Ok(()),
        }
    }

    /// Why the items ended before their file did, if that is what ended a run that wanted more of them.
    pub(super) fn broke_off(feed: &Feed, load: &Load, finished: &Finished) -> Option<Error> {
        let items = feed.items.as_ref()?;
        let progress = items.progress();
        let is_short = still_wanted(load, finished, progress.taken) > 0;
        items
            .error()
            .filter(|_| is_short && progress.taken == progress.known)
    }

    fn separator(&self) -> Separator {
        if self.null {
            Separator::Nul
        } else {
            Separator::Newline
        }
    }
}

/// How many more items a run would have been given, had it gone on. With `-n` that may be fewer than there are: what nobody
/// wanted to run is not to be run again.
fn still_wanted(load: &Load, finished: &Finished, taken: u64) -> u64 {
    let Some(calls) = load.calls else {
        return u64::MAX;
    };
    match load.warm_up {
        WarmUp::Calls(warm_up) => calls.saturating_add(warm_up).saturating_sub(taken),
        WarmUp::None | WarmUp::For(_) => {
            let by_warm_up = load.numbers_of(finished.counts.warm_up_started());
            calls.saturating_sub(taken.saturating_sub(by_warm_up))
        }
    }
}
