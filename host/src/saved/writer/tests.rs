use std::os::unix::fs::MetadataExt;

use serde_json::json;

use super::*;
use crate::saved::read;
use crate::stats::Tables;

fn tick(from_ns: u64, to_ns: u64) -> Line {
    Line::Tick(Box::new(Tick::new(
        from_ns,
        to_ns,
        &Tables::default(),
        &Tables::default(),
    )))
}

fn said(error: &Error) -> String {
    format!("{} {:?} {:?}", error.what(), error.causes(), error.hints())
}

#[test]
fn a_file_has_its_name_only_when_it_is_complete() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("run.jsonl");
    let mut run = RunFile::create(&path, &Header::new("id")).unwrap();
    let partial = directory.path().join("run.jsonl.partial");
    assert!(partial.exists() && !path.exists());
    assert_eq!(fs::metadata(&partial).unwrap().mode() & 0o777, 0o600);
    run.append(tick(0, 5));
    assert_eq!(read(&partial).unwrap().ticks.len(), 0);
    run.flush();
    let so_far = read(&partial).unwrap();
    assert_eq!((so_far.ticks.len(), so_far.is_complete()), (1, false));
    assert_eq!(run.finish(json!({"status": "completed"})), Ok(path.clone()));
    assert!(path.exists() && !partial.exists());
    let all = read(&path).unwrap();
    assert!(all.is_complete());
    assert_eq!(all.summary.unwrap().facts, json!({"status": "completed"}));
}

#[test]
fn a_run_that_never_began_leaves_nothing_and_one_that_was_cut_short_what_it_had() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("run.jsonl");
    drop(RunFile::create(&path, &Header::new("id")).unwrap());
    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 0);
    let mut run = RunFile::create(&path, &Header::new("id")).unwrap();
    run.append(tick(0, 5));
    run.flush();
    drop(run);
    assert!(directory.path().join("run.jsonl.partial").exists());
}

#[test]
fn nothing_is_overwritten() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("run.jsonl");
    fs::write(&path, "precious").unwrap();
    let error = RunFile::create(&path, &Header::new("id")).unwrap_err();
    assert_eq!(error.exit(), Exit::CannotWrite);
    assert!(said(&error).contains("choose another name"), "{error:?}");
    assert!(!partial_of(&path).exists());

    let path = directory.path().join("other.jsonl");
    let run = RunFile::create(&path, &Header::new("id")).unwrap();
    let error = RunFile::create(&path, &Header::new("id")).unwrap_err();
    assert!(said(&error).contains("other.jsonl.partial"), "{error:?}");
    fs::write(&path, "came between").unwrap();
    let error = run.finish(json!(null)).unwrap_err();
    assert_eq!(error.exit(), Exit::CannotWrite);
    assert_eq!(fs::read_to_string(&path).unwrap(), "came between");
    assert!(read(&partial_of(&path)).unwrap().is_complete());
}

#[test]
fn a_place_that_is_missing_is_told_before_anything_runs() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("no/run.jsonl");
    let error = RunFile::create(&path, &Header::new("id")).unwrap_err();
    assert_eq!(error.exit(), Exit::CannotWrite);
    assert!(
        said(&error).contains("make the directory first"),
        "{error:?}"
    );
}

#[test]
fn a_full_disk_is_told_once_at_the_end() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("run.jsonl");
    let mut run = RunFile::create(&path, &Header::new("id")).unwrap();
    run.append(tick(0, 5));
    run.flush();
    run.file = OpenOptions::new().write(true).open("/dev/full").unwrap();
    for at in 1..100 {
        run.append(tick(at * 5, at * 5 + 5));
        run.flush();
        assert!(run.failure().is_some() && run.buffer.is_empty());
    }
    let error = run.finish(json!(null)).unwrap_err();
    assert_eq!(error.exit(), Exit::CannotWrite);
    assert!(said(&error).contains("No space left"), "{error:?}");
    assert!(said(&error).contains("run.jsonl.partial"), "{error:?}");
    let left = read(&partial_of(&path)).unwrap();
    assert_eq!((left.ticks.len(), left.is_complete()), (1, false));
}

#[test]
fn a_line_that_is_too_long_fails_instead_of_making_the_file_unreadable() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("run.jsonl");
    let mut run = RunFile::create(&path, &Header::new("id")).unwrap();
    run.append(Line::Event(Event {
        text: "x".repeat(line::MOST_BYTES),
        ..Event::default()
    }));
    assert!(said(run.failure().unwrap()).contains("32 MiB"));
    assert!(run.finish(json!(null)).is_err());
}

#[test]
fn much_that_is_added_is_not_held_back_until_the_flush() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("run.jsonl");
    let mut run = RunFile::create(&path, &Header::new("id")).unwrap();
    for _ in 0..20 {
        run.append(Line::Event(Event {
            text: "x".repeat(1 << 20),
            ..Event::default()
        }));
        assert!(run.buffer.len() <= MOST_BUFFERED + (2 << 20));
    }
    assert!(fs::metadata(run.partial_path()).unwrap().len() > 8 << 20);
}

#[test]
fn a_tick_that_begins_too_early_does_not_make_the_file_unreadable() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("run.jsonl");
    let mut run = RunFile::create(&path, &Header::new("id")).unwrap();
    run.append(tick(0, 50));
    run.append(tick(40, 45));
    run.append(tick(60, 70));
    let read = read(&run.finish(json!(null)).unwrap()).unwrap();
    let times: Vec<_> = read
        .ticks
        .iter()
        .map(|tick| (tick.from_ns, tick.to_ns))
        .collect();
    assert_eq!(times, [(0, 50), (50, 50), (60, 70)]);
}
