//! Ours and hyper's, fed the same.
//!
//! What hyper takes we take, with the same status, fields and body, but for what [`on_purpose`] lists. What we take
//! hyper takes. And a connection that we would use again has nothing of the answer, or behind it, left in it.
//!
//! `PROPTEST_CASES=1000000 cargo test -p gorgon-cli --release differences` goes on for longer.

use http::Method;
use proptest::prelude::*;

use super::corpus::CLASSICS;
use super::grammar::{Case, case, latin1};
use super::reference::{self, Reference};
use super::script::{Read, Script};
use super::{Http1, Outcome, exchange, get, head};
use crate::http_client::error::Error;
use crate::http_client::tests::answers::{After, DOUBTFUL, MALFORMED, SHORT, SOUND};

/// What we refuse on purpose although hyper takes it: the list in `docs/design/http-client.md`.
fn on_purpose(error: &Error) -> bool {
    let Error::Protocol(text) = error else {
        return false;
    };
    [
        // A message with two statements on its length, which is how answers are smuggled.
        "the answer has both a transfer-encoding and a content-length",
        // A transfer coding that was not asked for.
        "the transfer-encoding is not `chunked` alone",
        // Another protocol, which was not asked for either.
        "the server changed the protocol (101)",
        // Empty lines before an answer.
        "the answer does not begin with `HTTP/`",
        // Control characters in chunk extensions.
        "the answer is malformed: invalid chunk extension",
        // Trailers that are no fields: hyper takes `0\r\n\nHTTP/1.1 200 OK\r\n\r\n` for an end and what went before it.
        "the answer is malformed: invalid trailer after the last chunk",
    ]
    .iter()
    .any(|listed| text.starts_with(listed))
}

/// Compares what both make of an answer.
fn compare(case: &Case) -> Result<(), String> {
    let (outgoing, method) = if case.to_head {
        (head(), Method::HEAD)
    } else {
        (get(), Method::GET)
    };
    let mut link = Http1::new(Script::pieces(&case.bytes, &case.cuts, case.ends));
    let ours = exchange(&mut link, &outgoing);
    let theirs = reference::ask(Script::pieces(&case.bytes, &case.cuts, case.ends), method);
    let differ = || Err(format!("{case:?}\n ours: {ours:?}\n theirs: {theirs:?}"));
    match (&ours, &theirs) {
        (Outcome::Answer(ours), Reference::Answer(theirs)) => {
            let same = (ours.status, &ours.headers, &ours.body)
                == (theirs.status, &theirs.headers, &theirs.body);
            // We may be more careful with the connection, never less.
            if !same || (ours.reusable && !theirs.reusable) {
                return differ();
            }
        }
        (Outcome::Failed { error, .. }, Reference::Answer(_)) if on_purpose(error) => {}
        (Outcome::Failed { .. }, Reference::Failed(_)) => {}
        // What is malformed already need not be waited for.
        (
            Outcome::Failed {
                error: Error::Protocol(_),
                ..
            },
            Reference::Waits,
        ) => {}
        (Outcome::Waits, Reference::Waits) => {}
        // The two largest lengths mean something else inside of hyper.
        (Outcome::Waits, Reference::Failed(cause)) if cause.contains("TooLarge") => {}
        _ => return differ(),
    }
    Ok(())
}

/// A connection that would be used again gives the next request its own answer, whatever the first one was.
fn ask_again(case: &Case) -> Result<(), String> {
    let script = Script::pieces(&case.bytes, &case.cuts, case.ends);
    let mut link = Http1::new(script.clone());
    let first = exchange(&mut link, &if case.to_head { head() } else { get() });
    match &first {
        Outcome::Answer(answer) if answer.reusable => {}
        _ => return Ok(()),
    }
    let mine = b"HTTP/1.1 234 Mine\r\ncontent-length: 4\r\n\r\nmine";
    script.then([Read::Bytes(mine.to_vec())]);
    match exchange(&mut link, &get()) {
        Outcome::Answer(second) if (second.status, &second.body[..]) == (234, b"mine") => Ok(()),
        second => Err(format!("{case:?}\n first: {first:?}\n second: {second:?}")),
    }
}

fn check(case: &Case) {
    for result in [compare(case), ask_again(case)] {
        if let Err(text) = result {
            panic!("{text}");
        }
    }
}

/// An answer in one piece, in two that are cut anywhere, and byte by byte.
fn check_all_cuts(bytes: &[u8], ends: bool) {
    let cuts = (0..=bytes.len()).map(|cut| vec![cut]);
    for cuts in cuts.chain([(0..bytes.len()).collect()]) {
        for to_head in [false, true] {
            check(&Case {
                bytes: bytes.to_vec(),
                cuts: cuts.clone(),
                ends,
                to_head,
            });
        }
    }
}

#[test]
fn the_tables_of_answers_make_no_difference_however_they_are_cut() {
    for (answer, after, _) in [SOUND, DOUBTFUL, MALFORMED, SHORT].into_iter().flatten() {
        check_all_cuts(&latin1(answer), *after == After::Close);
    }
}

#[test]
fn classics_of_request_smuggling_make_no_difference_however_they_are_cut() {
    for answer in CLASSICS {
        for ends in [false, true] {
            check_all_cuts(&latin1(answer), ends);
        }
    }
}

proptest! {
    #[test]
    fn no_answer_makes_a_difference(case in case()) {
        check(&case);
    }
}

#[test]
fn the_grammar_makes_answers_of_all_kinds() {
    use proptest::strategy::ValueTree;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let (mut kept, mut given_up, mut failed, mut waits) = (0, 0, 0, 0);
    for _ in 0..2000 {
        let case = case().new_tree(&mut runner).expect("a case").current();
        let script = Script::pieces(&case.bytes, &case.cuts, case.ends);
        match exchange(&mut Http1::new(script), &get()) {
            Outcome::Answer(answer) if answer.reusable => kept += 1,
            Outcome::Answer(_) => given_up += 1,
            Outcome::Failed { .. } => failed += 1,
            Outcome::Waits => waits += 1,
        }
    }
    for count in [kept, given_up, failed, waits] {
        assert!(count > 50, "{kept} {given_up} {failed} {waits}");
    }
}
