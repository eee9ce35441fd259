//! The items of a run: the lines of a file or a pipe, one for each call (`--items FILE|-`, with `-0` for zero bytes).
//!
//! A thread reads ahead, at most [64 MiB or 100,000 items](super::feed), so that a file of any size and a slow pipe both
//! work in flat memory. It is never waited for: it may be stuck in a read of a terminal when the run ends.

use std::fs::File;
use std::io::{self, Read};
use std::os::fd::AsFd;
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;

use super::feed::{Feed, READ_BYTES};
use super::input::{self, cannot_read, shown};
use super::split::{Separator, Splitter, TooLong};
use crate::error::{Error, Exit, Result};

/// What one call is fed with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Its place in the file, counted from 0; skipped lines do not count.
    pub index: u64,
    /// What it consists of, without what ended it.
    pub bytes: Bytes,
}

/// What there is to take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Taken {
    /// The next item.
    Item(Item),
    /// None yet; more may come.
    Wait,
    /// None any more: the file is at its end, it cannot be read further, or the items were closed.
    End,
}

/// How far a run is with its items.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Progress {
    /// Items given out.
    pub taken: u64,
    /// Items read so far, those given out among them.
    pub known: u64,
    /// Empty lines read so far, which are no items.
    pub skipped: u64,
    /// Whether `known` is how many there are, because reading has ended.
    pub is_complete: bool,
}

/// The items of a run, shared by its threads.
///
/// An item is bytes. What ends it is not part of it, nor is a `\r` before a newline. A last one that nothing ends counts.
/// Empty lines are skipped; with [`Separator::Nul`] an empty record is an item.
#[derive(Debug)]
pub struct Items {
    feed: Arc<Feed>,
}

impl Items {
    /// Opens `path`, or standard input for `-`, and starts to read.
    ///
    /// # Errors
    /// It is missing, a directory, or may not be read. What goes wrong later is told by [`Items::error`].
    pub fn open(path: &Path, separator: Separator) -> Result<Items> {
        let (name, file) = if path.as_os_str() == "-" {
            let name = "standard input".to_owned();
            let file = standard_input().map_err(|cause| {
                cannot_read(&name, &cause).hint("give it a file or a pipe: `… | gorgon run …`")
            })?;
            (name, file)
        } else {
            (shown(path), input::open(path)?)
        };
        let is_regular = file.metadata().is_ok_and(|metadata| metadata.is_file());
        Items::read(name, file, is_regular, separator)
    }

    /// Starts to read from `source`. `reads_on` says that a read of it waits for nobody.
    fn read(
        name: String,
        source: impl Read + Send + 'static,
        reads_on: bool,
        separator: Separator,
    ) -> Result<Items> {
        let feed = Arc::new(Feed::new(reads_on));
        let of_reader = Arc::clone(&feed);
        let read = move || read_all(&of_reader, &name, source, separator);
        let thread = std::thread::Builder::new().name("items".to_owned());
        // Detached: see above.
        thread.spawn(read).map_err(|cause| {
            Error::new(
                Exit::Environment,
                "cannot start the thread that reads the items",
            )
            .caused_by(&cause)
        })?;
        Ok(Items { feed })
    }

    /// The next item, as soon as there is one; nothing at the end. Each item is given to exactly one caller, in the
    /// order of the file, and who asks first is served first as long as it has to wait. No item is lost when the future
    /// is dropped.
    pub async fn next(&self) -> Option<Item> {
        self.feed.next().await
    }

    /// The next item if there is one now.
    pub fn try_next(&self) -> Taken {
        self.feed.try_next()
    }

    /// How far the run is.
    pub fn progress(&self) -> Progress {
        self.feed.progress()
    }

    /// Why the items ended before the file did: it could not be read further, or a line is too long. What was read
    /// before that is given out all the same.
    pub fn error(&self) -> Option<Error> {
        self.feed.error()
    }

    /// Gives out nothing more, because the run is ending: whoever waits is told the end. A pipe is not read any more.
    pub fn close(&self) {
        self.feed.close();
    }

    /// Closes the items and goes through those that were read and not given out, followed by the rest of the file where
    /// that is a regular one. The rest of a pipe is not read: its end may be far away, and a line that had not arrived
    /// in full is not there either. At most as many are in memory as during the run. This blocks while the file is read;
    /// afterwards [`Items::error`] says whether that went well.
    pub fn rest(&self) -> Rest<'_> {
        self.close();
        Rest { feed: &self.feed }
    }
}

impl Drop for Items {
    fn drop(&mut self) {
        self.feed.abandon();
    }
}

/// Items that no call was given; see [`Items::rest`].
#[derive(Debug)]
pub struct Rest<'a> {
    feed: &'a Feed,
}

impl Iterator for Rest<'_> {
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        self.feed.take_rest()
    }
}

/// Standard input as a file of our own, without the buffer and the lock of the standard library's.
fn standard_input() -> io::Result<File> {
    let file = File::from(io::stdin().as_fd().try_clone_to_owned()?);
    match file.metadata()?.is_dir() {
        true => Err(io::Error::from(io::ErrorKind::IsADirectory)),
        false => Ok(file),
    }
}

/// What the reading thread does.
fn read_all(feed: &Feed, name: &str, mut source: impl Read, separator: Separator) {
    let mut splitter = Splitter::new(separator);
    let mut chunk = vec![0; READ_BYTES];
    let mut items = Vec::new();
    let mut is_at_end = false;
    while !is_at_end && feed.wait_for_room() {
        let split = match source.read(&mut chunk) {
            Ok(0) => {
                is_at_end = true;
                splitter.finish(&mut items)
            }
            Ok(length) => splitter.feed(&chunk[..length], &mut items),
            Err(cause) if cause.kind() == io::ErrorKind::Interrupted => continue,
            Err(cause) => return feed.complete(Some(broke_off(name, feed, &cause))),
        };
        feed.add(&mut items, splitter.skipped());
        if let Err(too_long) = split {
            return feed.complete(Some(too_long_item(name, separator, &too_long)));
        }
    }
    if is_at_end {
        feed.complete(None);
    }
}

fn broke_off(name: &str, feed: &Feed, cause: &io::Error) -> Error {
    let known = feed.progress().known;
    cannot_read(name, cause).because(format!("this happened after {known} items"))
}

fn too_long_item(name: &str, separator: Separator, too_long: &TooLong) -> Error {
    let error = Error::new(
        Exit::Unusable,
        format!("an item of {name} is longer than 1 MiB"),
    );
    let error = error.because(format!(
        "{} {} has no end within 1,048,576 bytes, and what follows was not read",
        separator.part(),
        too_long.line
    ));
    match separator {
        Separator::Newline => error.hint(
            "items are lines; `-0` reads items that end with a zero byte, and an item may be the name of a file",
        ),
        Separator::Nul => error.hint(
            "with `-0` items end with a zero byte; leave it out if they are lines",
        ),
    }
}

#[cfg(test)]
mod tests;
