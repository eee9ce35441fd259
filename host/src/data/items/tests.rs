//! Items from files, pipes and scripted readers, taken by threads with runtimes of their own.

use std::collections::BTreeSet;
use std::future::Future;
use std::io::Write;
use std::pin::pin;
use std::sync::mpsc::{Receiver, Sender, TryRecvError, channel};
use std::task::{Context, Poll, Waker};

use proptest::prelude::*;
use tokio::runtime::{Builder, Runtime};
use tokio::task::LocalSet;

use super::super::feed::{AHEAD_BYTES_MAX, AHEAD_ITEMS_MAX};
use super::*;

/// A runtime as each thread of a run has it.
fn runtime() -> Runtime {
    Builder::new_current_thread().build().unwrap()
}

/// The next item, in a runtime of its own.
#[track_caller]
fn next(items: &Items) -> Option<(u64, Vec<u8>)> {
    let item = runtime().block_on(items.next())?;
    Some((item.index, item.bytes.to_vec()))
}

/// All items from now on, as text.
fn all(items: &Items) -> Vec<String> {
    let texts = std::iter::from_fn(|| next(items));
    texts
        .map(|(_, bytes)| String::from_utf8(bytes).unwrap())
        .collect()
}

/// The rest, as text.
fn rest(items: &Items) -> Vec<(u64, String)> {
    let rest = items.rest();
    rest.map(|item| (item.index, String::from_utf8(item.bytes.to_vec()).unwrap()))
        .collect()
}

fn file(text: &[u8]) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(text).unwrap();
    file
}

fn opened(text: &[u8], separator: Separator) -> Items {
    let file = file(text);
    Items::open(file.path(), separator).unwrap()
}

/// A reader that does what a test says: each message is what one read brings, and the end of the channel that of the
/// file.
struct Script(Receiver<io::Result<Vec<u8>>>);

impl Read for Script {
    fn read(&mut self, chunk: &mut [u8]) -> io::Result<usize> {
        let Ok(read) = self.0.recv() else {
            return Ok(0);
        };
        let bytes = read?;
        chunk[..bytes.len()].copy_from_slice(&bytes);
        Ok(bytes.len())
    }
}

fn scripted(reads_on: bool) -> (Sender<io::Result<Vec<u8>>>, Items) {
    let (send, receive) = channel();
    let script = Script(receive);
    let items = Items::read("`list`".to_owned(), script, reads_on, Separator::Newline).unwrap();
    (send, items)
}

fn say(script: &Sender<io::Result<Vec<u8>>>, text: &str) {
    script.send(Ok(text.into())).unwrap();
}

fn poll_once<T>(future: std::pin::Pin<&mut impl Future<Output = T>>) -> Poll<T> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

#[test]
fn a_file_s_lines_or_records_are_the_items() {
    #[track_caller]
    fn check(text: &[u8], separator: Separator, expected: &[&str], skipped: u64) {
        let items = opened(text, separator);
        assert_eq!(all(&items), expected);
        let count = expected.len() as u64;
        let progress = Progress {
            taken: count,
            known: count,
            skipped,
            is_complete: true,
        };
        assert_eq!(items.progress(), progress);
        assert_eq!((items.try_next(), items.error()), (Taken::End, None));
    }
    check(b"a\nb\r\n\nc", Separator::Newline, &["a", "b", "c"], 1);
    check(b"a\nb\0\0c", Separator::Nul, &["a\nb", "", "c"], 0);
    check(b"", Separator::Newline, &[], 0);
    check(b"\n\n", Separator::Newline, &[], 2);
}

#[test]
fn what_cannot_be_read_is_refused_before_anything_runs() {
    let folder = tempfile::tempdir().unwrap();
    for path in [folder.path(), &folder.path().join("missing")] {
        let error = Items::open(path, Separator::Newline).unwrap_err();
        assert_eq!(error.exit(), Exit::NoInput);
        assert!(
            !error.causes().is_empty() && !error.hints().is_empty(),
            "{error:?}"
        );
    }
}

#[test]
fn a_read_that_fails_ends_the_items_after_those_before_it() {
    let (script, items) = scripted(true);
    say(&script, "a\nb\nhal");
    script.send(Err(io::ErrorKind::Interrupted.into())).unwrap();
    script
        .send(Err(io::Error::other("the disk is on fire")))
        .unwrap();
    assert_eq!(all(&items), ["a", "b"]);
    let error = items.error().unwrap();
    assert_eq!(
        (error.exit(), error.what()),
        (Exit::NoInput, "cannot read `list`")
    );
    assert_eq!(
        error.causes(),
        ["the disk is on fire", "this happened after 2 items"]
    );
    assert!(items.progress().is_complete);
}

#[test]
fn an_item_that_is_too_long_ends_the_items_and_is_named() {
    let items = opened(
        &[b"a\n\n", &vec![b'x'; 1 << 21][..]].concat(),
        Separator::Newline,
    );
    assert_eq!(all(&items), ["a"]);
    let error = items.error().unwrap();
    assert_eq!(error.exit(), Exit::Unusable);
    assert!(error.causes()[0].contains("line 3"), "{error:?}");
    assert!(error.hints()[0].contains("-0"), "{error:?}");
    let items = opened(
        &[b"a\0\0", &vec![b'\n'; 1 << 21][..]].concat(),
        Separator::Nul,
    );
    assert_eq!(all(&items), ["a", ""]);
    assert!(items.error().unwrap().causes()[0].contains("record 3"));
}

#[test]
fn a_slow_pipe_s_items_arrive_as_they_are_written() {
    let (reader, mut writer) = io::pipe().unwrap();
    let items = Items::read("`pipe`".to_owned(), reader, false, Separator::Newline).unwrap();
    let (step, steps) = channel::<&[u8]>();
    std::thread::scope(|scope| {
        scope.spawn(move || {
            steps
                .into_iter()
                .for_each(|text| writer.write_all(text).unwrap())
        });
        step.send(b"one\ntw").unwrap();
        assert_eq!(next(&items), Some((0, b"one".to_vec())));
        // The writer writes no more until it is told, and half an item is none.
        assert_eq!(items.try_next(), Taken::Wait);
        let progress = Progress {
            taken: 1,
            known: 1,
            skipped: 0,
            is_complete: false,
        };
        assert_eq!(items.progress(), progress);
        step.send(b"o\n").unwrap();
        assert_eq!(next(&items), Some((1, b"two".to_vec())));
        step.send(b"three").unwrap();
        drop(step);
        assert_eq!(next(&items), Some((2, b"three".to_vec())));
        assert_eq!(next(&items), None);
    });
}

/// Takes items with `threads` runtimes of `tasks` tasks each, of which each takes at most `most`.
fn taken_by(items: &Arc<Items>, threads: usize, tasks: usize, most: usize) -> Vec<Item> {
    let task = |items: Arc<Items>| async move {
        let mut mine = Vec::new();
        while mine.len() < most
            && let Some(item) = items.next().await
        {
            mine.push(item);
            tokio::task::yield_now().await;
        }
        // Each is served in the order of the file.
        assert!(mine.is_sorted_by_key(|item| item.index));
        mine
    };
    let thread = || {
        runtime().block_on(LocalSet::new().run_until(async {
            let tasks = (0..tasks).map(|_| tokio::task::spawn_local(task(Arc::clone(items))));
            let mut all = Vec::new();
            for task in tasks.collect::<Vec<_>>() {
                all.extend(task.await.unwrap());
            }
            all
        }))
    };
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(thread)).collect();
        let all = threads.into_iter().map(|thread| thread.join().unwrap());
        all.flatten().collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn every_item_is_given_out_exactly_once_over_threads(
        reads in prop::collection::vec(0usize..40, 0..40),
        threads in 1usize..5,
        tasks in 1usize..9,
    ) {
        let (script, items) = scripted(true);
        let items = Arc::new(items);
        let mut count = 0;
        let mut given = std::thread::scope(|scope| {
            let takers = scope.spawn(|| taken_by(&items, threads, tasks, usize::MAX));
            for lines in reads {
                let text: String = (count..count + lines).map(|line| format!("{line}\n")).collect();
                // An empty read would be the end.
                say(&script, if lines == 0 { "\n" } else { &text });
                count += lines;
            }
            drop(script);
            takers.join().unwrap()
        });
        given.sort_by_key(|item| item.index);
        let expected = (0..count).map(|line| Item {
            index: line as u64,
            bytes: line.to_string().into(),
        });
        prop_assert_eq!(given, expected.collect::<Vec<_>>());
        prop_assert_eq!(items.progress().taken, count as u64);
    }
}

#[test]
fn a_wait_that_is_given_up_loses_no_item() {
    let (script, items) = scripted(true);
    // Two wait; then one is dropped, which may have been woken already.
    for round in 0..50 {
        let mut second = pin!(items.next());
        {
            let mut first = pin!(items.next());
            assert!(poll_once(first.as_mut()).is_pending());
            assert!(poll_once(second.as_mut()).is_pending());
            say(&script, "item\n");
            while items.progress().known == round {
                std::thread::yield_now();
            }
        }
        let item = runtime().block_on(second).unwrap();
        assert_eq!(item.index, round);
    }
    drop(script);
    assert_eq!(next(&items), None);
}

#[test]
fn one_read_serves_all_that_wait_for_it() {
    let (script, items) = scripted(false);
    let items = Arc::new(items);
    std::thread::scope(|scope| {
        let takers = scope.spawn(|| taken_by(&items, 3, 5, 1));
        while items.feed.waiting() < 15 {
            std::thread::yield_now();
        }
        say(&script, &"item\n".repeat(15));
        // The file goes on: nobody is woken by its end.
        assert_eq!(takers.join().unwrap().len(), 15);
    });
    assert_eq!(items.try_next(), Taken::Wait);
    drop(script);
}

#[test]
fn those_that_wait_are_woken_by_the_end() {
    #[track_caller]
    fn check(end: impl FnOnce(&Items, Sender<io::Result<Vec<u8>>>)) {
        let (script, items) = scripted(false);
        let items = Arc::new(items);
        std::thread::scope(|scope| {
            let takers = scope.spawn(|| taken_by(&items, 3, 5, usize::MAX));
            while items.feed.waiting() < 15 {
                std::thread::yield_now();
            }
            end(&items, script);
            assert_eq!(takers.join().unwrap(), []);
        });
        assert_eq!(items.try_next(), Taken::End);
        assert_eq!(items.feed.waiting(), 0);
    }
    check(|_, script| drop(script));
    check(|_, script| script.send(Err(io::Error::other("broken"))).unwrap());
    // The script, and with it the reader in its read, outlives the items.
    check(|items, script| {
        items.close();
        std::mem::forget(script);
    });
}

#[test]
fn after_the_close_a_file_is_read_to_its_end_for_the_rest() {
    let lines: String = (0..300_000).map(|line| format!("{line}\n")).collect();
    let items = opened(lines.as_bytes(), Separator::Newline);
    for index in 0..10 {
        assert_eq!(next(&items).unwrap().0, index);
    }
    items.close();
    assert_eq!((next(&items), items.try_next()), (None, Taken::End));
    let rest = rest(&items);
    assert_eq!(rest.len(), 299_990);
    assert!(
        rest.iter()
            .zip(10..)
            .all(|((index, text), line)| { *index == line && *text == line.to_string() })
    );
    let progress = items.progress();
    assert_eq!((progress.taken, progress.known), (10, 300_000));
}

#[test]
fn the_rest_of_a_pipe_is_what_had_been_read() {
    let (script, items) = scripted(false);
    say(&script, "a\nb\nc\nhal");
    assert_eq!(next(&items).unwrap().0, 0);
    // The reader is in its next read, which nobody ends.
    let expected = [(1, "b".to_owned()), (2, "c".to_owned())];
    assert_eq!(rest(&items), expected);
    assert_eq!(rest(&items), []);
    drop(script);
}

#[test]
fn an_error_in_the_rest_can_be_asked_for() {
    let (script, items) = scripted(true);
    say(&script, "a\n");
    script.send(Err(io::Error::other("broken"))).unwrap();
    assert_eq!(rest(&items).len(), 1);
    assert!(items.error().is_some());
}

#[test]
fn a_file_of_ten_megabytes_passes_through_a_bounded_queue() {
    let text = "x\n".repeat(5_000_000);
    let items = opened(text.as_bytes(), Separator::Newline);
    let (mut count, mut fullest) = (0, 0);
    while count < 5_000_000 {
        if count % 1_000_000 == 0 && count < 4_000_000 {
            let (queued, _) = items.feed.wait_until_full();
            fullest = fullest.max(queued);
        }
        if let Taken::Item(item) = items.try_next() {
            assert_eq!(item.index, count);
            count += 1;
        }
    }
    // Full enough to keep calls busy, and never fuller than promised.
    assert!(
        (AHEAD_ITEMS_MAX / 2..=AHEAD_ITEMS_MAX).contains(&fullest),
        "{fullest}"
    );
    assert_eq!(next(&items), None);
}

#[test]
fn long_items_fill_the_queue_by_their_bytes() {
    let line = [&vec![b'x'; 1 << 20][..], b"\n"].concat();
    let lines = io::Cursor::new(line.repeat(80));
    let items = Items::read("`list`".to_owned(), lines, true, Separator::Newline).unwrap();
    let (queued, bytes) = items.feed.wait_until_full();
    assert_eq!(bytes, queued << 20);
    assert!(
        (AHEAD_BYTES_MAX / 2..=AHEAD_BYTES_MAX).contains(&bytes),
        "{bytes}"
    );
    assert_eq!(std::iter::from_fn(|| next(&items)).count(), 80);
}

#[test]
fn the_reader_goes_when_the_items_are_dropped() {
    /// Endless, and tells when it is dropped with its thread.
    struct Endless(#[expect(dead_code, reason = "held to be dropped")] Sender<()>);
    impl Read for Endless {
        fn read(&mut self, chunk: &mut [u8]) -> io::Result<usize> {
            chunk.fill(b'\n');
            chunk.iter_mut().step_by(2).for_each(|byte| *byte = b'x');
            Ok(chunk.len())
        }
    }
    for reads_on in [true, false] {
        let (alive, gone) = channel();
        let source = Endless(alive);
        let items = Items::read("`list`".to_owned(), source, reads_on, Separator::Newline).unwrap();
        items.feed.wait_until_full();
        assert_eq!(gone.try_recv(), Err(TryRecvError::Empty));
        drop(items);
        assert!(gone.recv().is_err());
    }
}

#[test]
fn an_item_keeps_no_memory_but_its_own() {
    let items = opened("ab\n".repeat(1_000).as_bytes(), Separator::Newline);
    let taken: Vec<Item> = items.rest().collect();
    let apart: BTreeSet<usize> = taken
        .iter()
        .map(|item| item.bytes.as_ptr() as usize)
        .collect();
    assert_eq!(apart.len(), 1_000);
    let first = taken.into_iter().next().unwrap().bytes;
    assert_eq!(first.try_into_mut().map(|bytes| bytes.capacity()), Ok(2));
}
