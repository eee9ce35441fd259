//! Saved runs that somebody has changed, with checksums that are right: nothing that does not agree with itself is read.

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::support::{Files, Finished, Gorgon, gorgon};

/// The lines of a saved run.
struct Lines {
    files: Files,
    lines: Vec<Value>,
}

impl Lines {
    /// Those of a run with ticks, rows of two tags and a summary.
    fn of_a_run() -> Lines {
        let files = Files::new();
        let path = files.path().join("run.jsonl");
        gorgon("run")
            .args(["hash", "--rate", "500", "-n", "100", "--save"])
            .arg(&path)
            .expect_exit(0);
        let text = std::fs::read_to_string(path).expect("it was saved");
        let parsed = text
            .lines()
            .map(|line| serde_json::from_str(line).expect("JSON"));
        let lines = parsed.collect();
        let mut lines = Lines { files, lines };
        lines.begin_with_calls();
        lines
    }

    /// Leaves out the ticks before the first call: on a busy machine it may not have ended in the very first.
    fn begin_with_calls(&mut self) {
        let is_empty = |line: &Value| line["type"] == "tick" && !line["rows"].is_array();
        let all = self.lines.len();
        while is_empty(&self.lines[1]) {
            self.lines.remove(1);
        }
        let left_out = (all - self.lines.len()) as u64;
        let ticks = &mut self.first("summary")["ticks"];
        *ticks = json!(ticks.as_u64().expect("a number") - left_out);
    }

    /// The first line of a type.
    fn first(&mut self, kind: &str) -> &mut Value {
        let mut lines = self.lines.iter_mut();
        lines
            .find(|line| line["type"] == kind)
            .expect("there is one")
    }

    fn write(&self) -> PathBuf {
        let lines: String = self.lines.iter().map(sealed).collect();
        self.files.write("changed.jsonl", lines)
    }

    #[track_caller]
    fn report(&self) -> Finished {
        let finished = gorgon("report")
            .arg(self.write())
            .args(["--json", "-"])
            .finish();
        finished.has_no_sign_of_a_bug();
        finished
    }
}

/// A line as gorgon writes it, with its checksum at the end.
pub(crate) fn sealed(line: &Value) -> String {
    let mut line = line.clone();
    if let Some(members) = line.as_object_mut() {
        members.remove("crc32");
    }
    let text = line.to_string();
    let content = text.strip_suffix('}').expect("an object");
    format!(
        "{content},\"crc32\":\"{:08x}\"}}\n",
        crc32fast::hash(content.as_bytes())
    )
}

#[test]
fn a_file_that_was_written_anew_is_the_same_run() {
    let report = Lines::of_a_run().report();
    assert_eq!(report.status.code(), Some(0), "{}", report.all());
    assert_eq!(report.summary().calls("done"), 100);
}

#[test]
fn what_does_not_agree_with_itself_is_refused_with_the_line() {
    #[track_caller]
    fn check(change: impl Fn(&mut Lines), words: &[&str]) {
        let mut lines = Lines::of_a_run();
        change(&mut lines);
        let report = lines.report();
        assert_eq!(report.status.code(), Some(65), "{}", report.all());
        for part in words {
            report.stderr_contains(part);
        }
    }
    let row =
        |lines: &mut Lines, change: fn(&mut Value)| change(&mut lines.first("tick")["rows"][0]);
    check(
        |lines| lines.first("summary")["done"] = json!(7),
        &["the summary counts 7 calls"],
    );
    check(
        |lines| lines.first("summary")["ticks"] = json!(0),
        &["the summary counts 0 ticks"],
    );
    check(
        |lines| lines.first("tick")["to_ns"] = json!(u64::MAX),
        &["line 3", "back in time"],
    );
    check(
        |lines| lines.first("tick")["from_ns"] = json!(-1),
        &["line 2"],
    );
    check(
        |lines| {
            lines
                .lines
                .push(json!({"type": "event", "at_ns": 0, "kind": "x", "text": ""}))
        },
        &["after the summary"],
    );
    check(
        |lines| {
            let header = lines.lines[0].clone();
            lines.lines.insert(1, header);
        },
        &["line 2", "header"],
    );
    check(
        |lines| row(lines, |row| row["count"] = json!(u64::MAX)),
        &["line 2"],
    );
    check(
        |lines| row(lines, |row| row["outcome"] = json!("great")),
        &["line 2"],
    );
    check(
        |lines| row(lines, |row| row["service"]["count"] = json!(1u64 << 63)),
        &["line 2", "histogram"],
    );
    check(
        |lines| row(lines, |row| row["service"]["sum"] = json!("1")),
        &["line 2", "sum"],
    );
    check(
        |lines| row(lines, |row| row["service"]["max"] = json!(1)),
        &["line 2", "histogram"],
    );
    check(
        |lines| row(lines, |row| row["response"]["hdr"] = json!("HISTFAAA")),
        &["line 2", "histogram cannot be read"],
    );
    check(
        |lines| row(lines, |row| row["response"]["hdr"] = json!("größe")),
        &["line 2", "histogram cannot be read"],
    );
    check(
        |lines| lines.first("header")["format"] = json!("gorgon.run/1"),
        &["newer gorgon"],
    );
    check(
        |lines| lines.first("header")["format"] = json!("gorgon.summary/0"),
        &["header"],
    );
    check(
        |lines| lines.first("summary")["facts"] = json!(5),
        &["another version"],
    );
}

/// A line of text as it is, with its checksum at the end.
fn sealed_text(content: &str) -> String {
    format!(
        "{content},\"crc32\":\"{:08x}\"}}\n",
        crc32fast::hash(content.as_bytes())
    )
}

#[test]
fn json_that_readers_disagree_about_is_refused() {
    let lines = Lines::of_a_run();
    let header = sealed(&lines.lines[0]);
    for odd in [
        r#"{"type":"tick","from_ns":0,"to_ns":1,"to_ns":2"#,
        r#"{"type":"tick","from_ns":0,"to_ns":1e400"#,
        r#"{"type":"tick","from_ns":0,"to_ns":18446744073709551616"#,
        r#"{"type":"tick","from_ns":0,"to_ns":1.5"#,
        r#"{"type":"event","at_ns":0,"kind":"\ud800","text":"""#,
        r#"{"type":"event","at_ns":0,"kind":"\u0000","text":5"#,
        r#"{"type":"#,
        r#"["type","tick""#,
        "{}",
    ] {
        let odd = sealed_text(odd);
        let path = lines
            .files
            .write("odd.jsonl", [&*header, &*odd, &*odd].concat());
        let report = gorgon("report").arg(path).finish();
        report.has_no_sign_of_a_bug().stdout_is_empty();
        assert_eq!(report.status.code(), Some(65), "{odd}: {}", report.all());
        report.stderr_contains("line 2");
    }
}

#[test]
fn deeply_nested_json_is_refused_and_no_stack_is_used_up() {
    let lines = Lines::of_a_run();
    let header = sealed(&lines.lines[0]);
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let tick = format!(r#"{{"type":"tick","from_ns":0,"to_ns":1,"extra":{deep}"#);
    let path = lines
        .files
        .write("deep.jsonl", header + &sealed_text(&tick));
    let report = gorgon("report").arg(path).expect_exit(65);
    report.has_no_sign_of_a_bug().stderr_contains("line 2");
}

/// What DEFLATE makes of so many zeros.
fn packed_zeros(length: usize) -> Vec<u8> {
    use std::io::Write;
    let mut packer = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    let zeros = vec![0; 1 << 20];
    for _ in 0..length >> 20 {
        packer.write_all(&zeros).expect("it is packed");
    }
    packer.finish().expect("it is packed")
}

#[cfg(unix)]
#[test]
fn a_histogram_that_unpacks_to_a_gigabyte_is_not_unpacked() {
    let packed = packed_zeros(1 << 30);
    // The cookie of a packed histogram of the second version, and its length.
    let mut bytes = 0x1c84_9314_u32.to_be_bytes().to_vec();
    bytes.extend((packed.len() as u32).to_be_bytes());
    bytes.extend(packed);
    let mut lines = Lines::of_a_run();
    lines.first("tick")["rows"][0]["service"]["hdr"] = json!(base64(&bytes));
    let path = lines.write();
    let report = Gorgon::limited("ulimit -v 500000", "report")
        .arg(path)
        .expect_exit(65);
    report.has_no_sign_of_a_bug().stderr_contains("histogram");
}

#[test]
fn counts_beyond_any_run_are_refused() {
    use hdrhistogram::Histogram;
    use hdrhistogram::serialization::{Serializer, V2DeflateSerializer};
    let mut counts = Histogram::<u64>::new_with_bounds(1, 3_600_000_000_000, 3).expect("bounds");
    counts.record_n(1_000, 1 << 62).expect("it fits");
    counts.record_n(2_000, 1 << 62).expect("it fits");
    let mut bytes = Vec::new();
    V2DeflateSerializer::new()
        .serialize(&counts, &mut bytes)
        .expect("it is written");
    let mut lines = Lines::of_a_run();
    let row = &mut lines.first("tick")["rows"][0];
    row["count"] = json!(1u64 << 63);
    row["inside"] = json!(1u64 << 63);
    for part in ["service", "lag", "response"] {
        row[part] = json!({
            "count": 1u64 << 63, "sum": ((3_000u128) << 62).to_string(), "min": 1_000, "max": 2_000,
            "hdr": base64(&bytes),
        });
    }
    let report = lines.report();
    assert_eq!(report.status.code(), Some(65), "{}", report.all());
    report.stderr_contains("line 2");
}

/// RFC 4648, section 4.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let bits = (0..3).fold(0, |bits, at| {
            bits << 8 | u32::from(*three.get(at).unwrap_or(&0))
        });
        for digit in 0..4 {
            let value = bits >> (18 - 6 * digit) & 63;
            text.push(if digit > three.len() {
                '='
            } else {
                char::from(DIGITS[value as usize])
            });
        }
    }
    text
}

#[test]
fn what_a_newer_gorgon_adds_is_left_alone() {
    let mut lines = Lines::of_a_run();
    lines.first("header")["format"] = json!("gorgon.run/0.7");
    lines.first("header")["moon"] = json!("full");
    lines.first("tick")["tide"] = json!({"is": "high"});
    lines.first("tick")["rows"][0]["colour"] = json!("green");
    lines
        .lines
        .insert(2, json!({"type": "weather", "of": ["a", "kind"]}));
    let report = lines.report();
    assert_eq!(report.status.code(), Some(0), "{}", report.all());
    report.summary().has_tags([("FAIL", 20), ("SUCCESS", 80)]);
}

#[test]
fn without_its_end_a_run_is_what_its_ticks_say() {
    let mut lines = Lines::of_a_run();
    lines.lines.retain(|line| line["type"] != "summary");
    let summary = lines.report().summary();
    assert_eq!(summary.at("/status"), "incomplete");
    summary.has_tags([("FAIL", 20), ("SUCCESS", 80)]);
    lines.lines.truncate(1);
    let summary = lines.report().summary();
    assert_eq!(
        (summary.at("/status"), summary.calls("done")),
        (&json!("incomplete"), 0)
    );
}

const VIEWS: [&str; 10] = [
    "json",
    "csv",
    "csv-tags",
    "junit",
    "markdown",
    "hgrm",
    "hlog",
    "openmetrics",
    "svg",
    "html",
];

/// A report in all views, of a run that somebody else wrote.
#[track_caller]
fn in_all_views(files: &Files, run: &std::path::Path) -> Finished {
    let mut report = gorgon("report").arg(run);
    for flag in VIEWS {
        report = report
            .arg(format!("--{flag}"))
            .arg(files.path().join(format!("{flag}.view")));
    }
    let finished = report.finish();
    finished.has_no_sign_of_a_bug();
    finished
}

fn views_written(files: &Files) -> usize {
    let entries = std::fs::read_dir(files.path()).expect("it is there");
    let names = entries.map(|entry| entry.expect("it is there").file_name());
    names
        .filter(|name| name.to_string_lossy().ends_with(".view"))
        .count()
}

#[test]
fn no_view_is_made_of_a_run_that_is_refused() {
    let mut lines = Lines::of_a_run();
    lines.first("summary")["done"] = json!(7);
    let report = in_all_views(&lines.files, &lines.write());
    assert_eq!(report.status.code(), Some(65), "{}", report.all());
    report.stdout_is_empty();
    assert_eq!(views_written(&lines.files), 0);
    let report = in_all_views(&lines.files, &lines.files.path().join("missing"));
    assert_eq!(report.status.code(), Some(66), "{}", report.all());
    assert_eq!(views_written(&lines.files), 0);
}

#[test]
fn a_run_that_is_cut_or_has_a_bit_flipped_has_all_views_or_none() {
    let lines = Lines::of_a_run();
    let whole = std::fs::read(lines.write()).expect("it was written");
    // Spread over the file, and not all of them in the same place of a line.
    for at in (0..24).map(|of| of * (whole.len() - 1) / 23) {
        let mut flipped = whole.clone();
        flipped[at] ^= 1 << (at % 8);
        for changed in [&flipped, &whole[..at]] {
            let files = Files::new();
            let path = files.path().join("changed");
            std::fs::write(&path, changed).expect("it is written");
            let report = in_all_views(&files, &path);
            let (code, written) = (report.status.code(), views_written(&files));
            let expected = match code {
                Some(0) => VIEWS.len(),
                _ => 0,
            };
            let is_told = matches!(code, Some(0 | 65));
            assert!(is_told && written == expected, "at {at}: {}", report.all());
        }
    }
}

#[test]
fn what_somebody_put_into_a_run_is_markup_in_no_view() {
    let mut lines = Lines::of_a_run();
    let hostile = "<b>|`@x`\u{1b}]]>\u{0}\u{ffff}=1\n::error::x";
    let summary = lines.first("summary");
    summary["facts"]["facts"]["components"][0]["name"] = json!(hostile);
    summary["facts"]["facts"]["started"] = json!(hostile);
    summary["facts"]["facts"]["run_id"] = json!(hostile);
    summary["facts"]["facts"]["gorgon"] = json!(hostile);
    summary["facts"]["facts"]["notes"] = json!([hostile]);
    lines.first("tick")["rows"][0]["tag"] = json!(hostile);
    let report = in_all_views(&lines.files, &lines.write());
    assert_eq!(report.status.code(), Some(0), "{}", report.all());
    for flag in VIEWS {
        let view = lines.files.path().join(format!("{flag}.view"));
        let view = std::fs::read_to_string(view).expect("it is written");
        let has_raw = view
            .chars()
            .any(|c| c.is_control() && c != '\n' || c == '\u{ffff}');
        assert!(
            !has_raw || flag == "json" && !view.contains('\u{1b}'),
            "{flag}: {view}"
        );
        assert!(
            !view.lines().any(|line| line.trim_start().starts_with("::")),
            "{flag}: {view}"
        );
    }
}
