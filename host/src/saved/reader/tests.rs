use std::fs;
use std::io::Read;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::saved::testing::{Recorded, line_of, lines, merged, read_bytes, recorded, tables};
use crate::stats::Histogram;
use crate::stats::histogram::Encoded;

fn small() -> Vec<Recorded> {
    let warmup = tables(true, &[(1, 1, 90)]);
    let none = Tables::default();
    vec![
        (none.clone(), warmup),
        (
            tables(true, &[(1, 1, 1_000), (0, 0, 77), (7, 1, 400)]),
            none.clone(),
        ),
        (
            tables(
                true,
                &[(2, 2, 1 << 30), (4, 1, 5), (5, 1, u64::MAX), (9, 0, 60)],
            ),
            none,
        ),
    ]
}

fn said(error: &Error) -> String {
    format!("{} {:?} {:?}", error.what(), error.causes(), error.hints())
}

#[track_caller]
fn check_refused(bytes: &[u8], words: &[&str]) {
    let error = read_bytes(bytes).unwrap_err();
    assert_eq!(error.exit(), Exit::Unusable);
    for word in words {
        assert!(said(&error).contains(word), "{}", said(&error));
    }
}

/// A file with a header, these lines and no summary.
fn with(values: &[Value]) -> Vec<u8> {
    let mut bytes = line_of(&Header::new("id"));
    values.iter().for_each(|value| bytes.extend(line_of(value)));
    bytes
}

fn tick(members: &Value) -> Value {
    let mut tick = json!({"type": "tick", "from_ns": 0, "to_ns": 50});
    let members = members.as_object().unwrap().clone();
    tick.as_object_mut().unwrap().extend(members);
    tick
}

fn row(members: &Value) -> Value {
    let mut row = json!({
        "operation": 0, "outcome": "ok", "tag": "200", "count": 3, "inside": 3, "first_ns": 5,
    });
    let members = members.as_object().unwrap().clone();
    row.as_object_mut().unwrap().extend(members);
    tick(&json!({"rows": [row]}))
}

/// The whole of these lines, which must be read as exactly the first so many ticks of `all`.
#[track_caller]
fn check_prefix(run: &SavedRun, all: &SavedRun, recorded: &[Recorded]) {
    let count = run.ticks.len();
    assert_eq!(run.header, all.header);
    assert_eq!(run.ticks, all.ticks[..count]);
    let (tables, warmup) = merged(&recorded[..count]);
    assert!(run.tables == tables && run.warmup == warmup);
    assert!(all.events.starts_with(&run.events));
    assert!(all.extras.starts_with(&run.extras));
    assert!(run.summary.is_none() || run.summary == all.summary);
}

#[test]
fn a_run_comes_back_as_it_was() {
    let recorded = small();
    let run = read_bytes(&lines("id", &recorded).concat()).unwrap();
    assert!(run.is_complete());
    assert_eq!((run.header.run_id.as_str(), run.end_ns()), ("id", 150));
    assert_eq!(run.header.facts, json!({"seed": 7}));
    let summary = run.summary.unwrap();
    assert_eq!(
        (summary.ticks, summary.done, summary.warmup_done),
        (3, 3, 1)
    );
    let figures = &run.ticks[1];
    assert_eq!((figures.from_ns, figures.to_ns), (50, 100));
    assert_eq!(
        [figures.count, figures.ok, figures.fail, figures.fault],
        [2, 1, 0, 1]
    );
    assert_eq!((figures.max, run.ticks[0].warmup), (Some(667), 1));
    assert_eq!(run.events[0].kind, "gap");
    assert_eq!(
        run.extras[1],
        Extra {
            to_ns: 150,
            value: json!({"cpu": 0.25, "index": 2})
        }
    );
    assert_eq!((run.tables, run.warmup), merged(&recorded));
}

#[test]
fn every_beginning_of_a_file_is_a_beginning_of_the_run() {
    let recorded = small();
    let lines = lines("id", &recorded);
    let bytes = lines.concat();
    let all = read_bytes(&bytes).unwrap();
    let header = lines[0].len() - 1;
    for length in 0..bytes.len() {
        let run = read_bytes(&bytes[..length]);
        if length < header {
            assert_eq!(run.unwrap_err().exit(), Exit::Unusable);
            continue;
        }
        let run = run.unwrap();
        check_prefix(&run, &all, &recorded);
        let ends = lines.iter().scan(0, |end, line| {
            *end += line.len();
            Some(*end)
        });
        let is_cut = ends
            .into_iter()
            .all(|end| length != end && length + 1 != end);
        assert_eq!(run.torn, is_cut, "{length} bytes");
    }
}

#[test]
fn a_flipped_bit_gives_an_error_or_a_beginning_of_the_run() {
    let recorded = small();
    let bytes = lines("id", &recorded).concat();
    let all = read_bytes(&bytes).unwrap();
    let mut bytes = bytes;
    for bit in 0..bytes.len() * 8 {
        bytes[bit / 8] ^= 1 << (bit % 8);
        if let Ok(run) = read_bytes(&bytes) {
            assert!(run.torn || run == all, "bit {bit}");
            check_prefix(&run, &all, &recorded);
        }
        bytes[bit / 8] ^= 1 << (bit % 8);
    }
}

#[test]
fn a_bad_line_in_the_middle_is_told_with_its_place() {
    let lines = lines("id", &small());
    let offset = lines[0].len() + lines[1].len();
    let mut bytes = lines.concat();
    bytes[offset + 10] ^= 1;
    check_refused(
        &bytes,
        &[
            "line 3",
            &format!("byte {offset}"),
            "checksum",
            &format!("head -c {offset}"),
        ],
    );
}

#[test]
fn what_is_no_saved_run_is_told_apart() {
    check_refused(b"", &["it is empty"]);
    check_refused(b"\n", &["does not begin"]);
    check_refused(b"\x7fELF\x00\xff\n", &["does not begin"]);
    check_refused(
        b"{\"schema\":\"gorgon.report/1\"}\n",
        &["does not begin", "--json"],
    );
    check_refused(
        &line_of(&json!({"type": "tick", "format": "gorgon.run/0"})),
        &["does not begin"],
    );
    check_refused(
        &line_of(&json!({"type": "header", "format": "other/0"})),
        &["does not begin"],
    );
    check_refused(&vec![b'x'; 33 << 20], &["does not begin"]);
    check_refused(
        b"{\"type\":\"header\",\"format\":\"gorgon.run/0\",\"run",
        &["ends before its first line"],
    );
    check_refused(
        b"{\"type\":\"header\",\"format\":\"gorgon.run/1\"}\n",
        &["newer gorgon"],
    );
    check_refused(
        &line_of(&json!({"type": "header", "format": "gorgon.run/0"})),
        &["line 1", "run_id"],
    );
    let mut damaged = with(&[tick(&json!({}))]);
    damaged[50] ^= 1;
    check_refused(&damaged, &["line 1, from byte 0", "checksum"]);
}

#[test]
fn a_newer_minor_version_is_read_and_what_is_new_left_alone() {
    let mut header = serde_json::to_value(Header::new("id")).unwrap();
    header["format"] = json!("gorgon.run/0.3");
    header["new"] = json!([1]);
    let mut bytes = line_of(&header);
    bytes.extend(line_of(&json!({"type": "histogram", "of": "tomorrow"})));
    bytes.extend(line_of(&tick(&json!({"new": {"a": 1}}))));
    let run = read_bytes(&bytes).unwrap();
    assert_eq!(
        (run.unknown_lines, run.ticks.len(), run.torn),
        (1, 1, false)
    );
}

#[test]
fn lines_that_do_not_agree_are_refused() {
    #[track_caller]
    fn check(values: &[Value], words: &[&str]) {
        check_refused(&with(values), words);
    }
    let at = |from_ns: u64, to_ns: u64| tick(&json!({"from_ns": from_ns, "to_ns": to_ns}));
    let closing = |ticks: u64, done: u64, warmup_done: u64| {
        let facts = Value::Null;
        let closing = Closing {
            facts,
            ticks,
            done,
            warmup_done,
        };
        serde_json::to_value(closing).unwrap()
    };
    check(&[at(9, 8)], &["line 2", "goes back in time"]);
    check(
        &[at(0, 8), at(7, 9)],
        &["line 3", "from 7 ns to 9 ns, after 8 ns"],
    );
    check(&[at(0, 8), closing(2, 0, 0)], &["counts 2 ticks", "have 1"]);
    check(
        &[row(&json!({})), closing(1, 4, 0)],
        &["counts 4 calls", "have 3"],
    );
    check(&[closing(0, 0, 1)], &["1 calls of the warm-up"]);
    check(
        &[closing(0, 0, 0), at(0, 8)],
        &["line 3", "after the summary"],
    );
    check(&[json!({"type": "header"})], &["a header stands after"]);
    check(&[json!({"from_ns": 0})], &["missing field `type`"]);
    check(
        &[json!({"type": "tick", "from_ns": 0})],
        &["missing field `to_ns`"],
    );
    check(&[tick(&json!({"to_ns": -1}))], &["line 2"]);
    check(
        &[row(&json!({"inside": 4}))],
        &["`200`", "more than the whole"],
    );
    check(
        &[row(&json!({"outcome": "good"}))],
        &["good", "expected one of `ok`, `fail`, `fault`"],
    );
    check(&[tick(&json!({"counters": [["x", 5]]}))], &["line 2"]);
    check(
        &[tick(&json!({"counters": [["x", "18446744073709551616"]]}))],
        &["line 2", "too large"],
    );
}

#[test]
fn histograms_that_do_not_agree_are_refused() {
    #[track_caller]
    fn check(part: &str, change: impl Fn(&mut Encoded), words: &[&str]) {
        let mut encoded = of(&[5, 6, 7]);
        change(&mut encoded);
        check_refused(&with(&[row(&json!({part: encoded}))]), words);
    }
    check(
        "service",
        |it| it.count = 2,
        &["`200`", "a histogram of 2", "3"],
    );
    check("service", |it| it.sum = 100, &["sum of a histogram"]);
    check("service", |it| it.hdr.truncate(8), &["cannot be read"]);
    check("service", |it| *it = of(&[5; 4]), &["more than the whole"]);
    check("lag", |_| {}, &["the load was closed"]);
    let service = of(&[5, 6, 7]);
    assert!(read_bytes(&with(&[row(&json!({"service": service}))])).is_ok());
}

fn of(values: &[u64]) -> Encoded {
    let mut histogram = Histogram::new();
    values.iter().for_each(|&ns| histogram.record(ns));
    histogram.encoded().unwrap()
}

#[test]
fn hostile_json_with_a_good_checksum_is_refused() {
    #[track_caller]
    fn check(json: &str) {
        let mut bytes = with(&[]);
        let content = json.strip_suffix('}').unwrap();
        let checksum = crc32fast::hash(content.as_bytes());
        bytes.extend(format!("{content},\"crc32\":\"{checksum:08x}\"}}\n").as_bytes());
        check_refused(&bytes, &["line 2"]);
    }
    check(r#"{"type":"tick","type":"tick","from_ns":0,"to_ns":1}"#);
    check(r#"{"type":"tick","from_ns":0,"from_ns":0,"to_ns":1}"#);
    check(r#"{"type":"tick","from_ns":0,"to_ns":1,"extra":1e400}"#);
    check(r#"{"type":"event","at_ns":0,"kind":"\ud800","text":""}"#);
    check(r#"{"type":"event","at_ns":0,"kind":"a","text":"b"} {}"#);
    check(&format!(
        r#"{{"type":"tick","from_ns":0,"to_ns":1,"extra":{}}}"#,
        "[".repeat(100_000)
    ));
}

#[test]
fn counts_that_would_overflow_are_refused() {
    let most = 1_u64 << 53;
    let large = |from_ns: u64, count: u64| {
        let mut tick = row(&json!({"count": count, "inside": 0}));
        (tick["from_ns"], tick["to_ns"]) = (json!(from_ns), json!(from_ns));
        tick
    };
    assert!(read_bytes(&with(&[large(0, most)])).is_ok());
    check_refused(
        &with(&[large(0, most), large(1, 1)]),
        &["line 3", "more than any run can"],
    );
    check_refused(&with(&[large(0, u64::MAX)]), &["line 2"]);
    let checks = tick(&json!({"checks": [["a", u64::MAX, 1], ["a", u64::MAX, 1]]}));
    check_refused(&with(&[checks]), &["line 2"]);
    let counters = tick(&json!({"counters": [["a", u64::MAX.to_string()], ["a", "1"]]}));
    let run = read_bytes(&with(&[counters])).unwrap();
    assert_eq!(run.tables.counters["a"], u64::MAX);
}

#[test]
fn rows_that_would_fill_the_memory_are_refused() {
    let wide: Vec<u64> = (0..42).map(|bits| 1 << bits).collect();
    let service = of(&wide);
    let rows = |count: u64| {
        let rows = (0..count).map(|tag| {
            json!({
                "operation": 0, "outcome": "ok", "tag": tag.to_string(), "count": 42,
                "inside": 42, "first_ns": 5, "service": service,
            })
        });
        tick(&json!({"rows": rows.collect::<Vec<_>>()}))
    };
    let run = read_bytes(&with(&[rows(900), rows(1), rows(1)].map(|mut tick| {
        tick["to_ns"] = json!(0);
        tick
    })));
    assert_eq!(run.unwrap().tables.rows.len(), 900);
    check_refused(&with(&[rows(3_000)]), &["line 2", "256 MiB"]);
}

#[test]
fn a_line_without_end_is_not_read_to_the_end() {
    let bytes = with(&[]);
    let endless = bytes.chain(io::repeat(b' '));
    let error = read_from(BufReader::new(endless), "endless").unwrap_err();
    assert!(said(&error).contains("longer than 32 MiB"), "{error:?}");
    let error = read_from(BufReader::new(io::repeat(b'{')), "endless").unwrap_err();
    assert!(said(&error).contains("does not begin"), "{error:?}");
}

#[test]
fn a_long_run_has_few_stretches_and_all_of_its_calls() {
    let one = tables(false, &[(1, 1, 1_000)]);
    let recorded = vec![(one, Tables::default()); 5_000];
    let run = read_bytes(&lines("id", &recorded).concat()).unwrap();
    assert!(run.ticks.len() <= 3_600);
    assert_eq!(run.ticks.iter().map(|tick| tick.count).sum::<u64>(), 5_000);
    assert_eq!(run.tables, merged(&recorded).0);
    assert_eq!(run.summary.unwrap().ticks, 5_000);
}

#[test]
fn a_path_without_a_run_is_told_with_what_helps() {
    #[track_caller]
    fn check(path: &Path, words: &[&str]) {
        let error = read(path).unwrap_err();
        assert_eq!(error.exit(), Exit::NoInput);
        for word in words {
            assert!(said(&error).contains(word), "{}", said(&error));
        }
    }
    let directory = tempfile::tempdir().unwrap();
    check(directory.path(), &["is a directory"]);
    let path = directory.path().join("run.jsonl");
    check(&path, &["run.jsonl", "gorgon report last"]);
    fs::write(partial_of(&path), "").unwrap();
    check(&path, &["run.jsonl.partial", "still going on"]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_was_recorded_is_what_is_read(recorded in recorded()) {
        let run = read_bytes(&lines("id", &recorded).concat()).unwrap();
        prop_assert!(run.is_complete());
        prop_assert_eq!(run.ticks.len(), recorded.len());
        for (tick, (results, warmup)) in run.ticks.iter().zip(&recorded) {
            prop_assert_eq!((tick.count, tick.warmup), (results.calls(), warmup.calls()));
            prop_assert_eq!(tick.felt(), results.felt());
        }
        prop_assert_eq!((run.tables, run.warmup), merged(&recorded));
    }

    #[test]
    fn a_file_cut_anywhere_is_a_beginning(recorded in recorded(), at: prop::sample::Index) {
        let lines = lines("id", &recorded);
        let bytes = lines.concat();
        let all = read_bytes(&bytes).unwrap();
        let length = lines[0].len() + at.index(bytes.len() - lines[0].len() + 1);
        check_prefix(&read_bytes(&bytes[..length]).unwrap(), &all, &recorded);
    }

    #[test]
    fn no_bytes_make_it_panic(before in 0usize..4, bytes: Vec<u8>, text: String) {
        let mut file = lines("id", &small())[..before].concat();
        file.extend(bytes);
        let _ = read_bytes(&file);
        file.extend(text.bytes());
        let _ = read_bytes(&file);
    }
}
