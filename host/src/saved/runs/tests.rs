use std::collections::BTreeMap;
use std::os::unix::fs::MetadataExt;

use serde_json::{Value, json};

use super::*;
use crate::saved::read;
use crate::saved::writer::Line;
use crate::saved::{Event, Tick};

fn day(number: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(number * 24 * 3600)
}

fn runs() -> (tempfile::TempDir, Runs) {
    let home = tempfile::tempdir().unwrap();
    let runs = Runs::in_directory(home.path().join("state/gorgon/runs"));
    (home, runs)
}

/// Saves a run that was last written to on a day; `None` as facts leaves it without its end.
fn save(runs: &Runs, id: &str, at: u64, facts: Option<Value>) -> PathBuf {
    let mut file = runs.create(&mut Header::new(id)).unwrap();
    file.append(Line::Tick(Box::default()));
    file.flush();
    let partial = file.partial_path().to_owned();
    let path = facts.map_or(partial, |facts| file.finish(facts).unwrap());
    touch(&path, at);
    path
}

fn touch(path: &Path, at: u64) {
    let file = File::options().append(true).open(path).unwrap();
    file.set_modified(day(at)).unwrap();
}

fn ids(runs: &Runs) -> Vec<(String, State)> {
    let runs = runs.list().into_iter();
    runs.map(|run| (run.id, run.state)).collect()
}

#[test]
fn the_directory_follows_the_environment() {
    #[track_caller]
    fn check(variables: &[(&str, &str)], expected: Option<&str>) {
        let variables: BTreeMap<_, _> = variables.iter().copied().collect();
        let runs = Runs::of_user(|name| variables.get(name).map(OsString::from));
        let directory = runs.as_ref().map(Runs::directory);
        assert_eq!(directory, expected.map(Path::new));
    }
    let (xdg, home) = (("XDG_STATE_HOME", "/xdg"), ("HOME", "/home/ada"));
    check(
        &[("GORGON_STATE_DIR", "here"), xdg, home],
        Some("here/runs"),
    );
    check(
        &[("GORGON_STATE_DIR", ""), xdg, home],
        Some("/xdg/gorgon/runs"),
    );
    check(
        &[("XDG_STATE_HOME", "relative"), home],
        Some("/home/ada/.local/state/gorgon/runs"),
    );
    check(&[], None);
}

#[test]
fn the_directory_and_its_files_are_the_user_s_alone() {
    let (_home, runs) = runs();
    let path = save(&runs, "one", 1, Some(Value::Null));
    let mode = |path: &Path| fs::metadata(path).unwrap().mode() & 0o777;
    assert_eq!(mode(&path), 0o600);
    assert_eq!(mode(runs.directory()), 0o700);
    assert_eq!(mode(runs.directory().parent().unwrap()), 0o700);
}

#[test]
fn two_runs_of_one_id_get_different_files() {
    let (_home, runs) = runs();
    let mut headers = [
        Header::new("same"),
        Header::new("same"),
        Header::new("same"),
    ];
    let [a, b, c] = &mut headers;
    let first = runs.create(a).unwrap();
    let mut second = runs.create(b).unwrap();
    second.append(Line::Event(Event::default()));
    let first = first.finish(Value::Null).unwrap();
    let second = second.finish(Value::Null).unwrap();
    let third = runs.create(c).unwrap().finish(Value::Null).unwrap();
    assert_eq!(
        headers.map(|header| header.run_id),
        ["same", "same-2", "same-3"]
    );
    let read = [first, second, third].map(|path| read(&path).unwrap());
    assert_eq!(read.each_ref().map(|run| run.events.len()), [0, 1, 0]);
    assert_eq!(
        read.map(|run| run.header.run_id),
        ["same", "same-2", "same-3"]
    );
}

#[test]
fn an_id_cannot_lead_out_of_the_directory() {
    let (_home, runs) = runs();
    for id in ["../../up", "/etc/passwd", "..", "", "a b\n"] {
        let path = save(&runs, id, 1, Some(Value::Null));
        assert_eq!(path.parent(), Some(runs.directory()), "{id}");
    }
}

#[test]
fn a_directory_that_cannot_be_made_is_told() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("file");
    fs::write(&file, "").unwrap();
    let runs = Runs::in_directory(file.join("runs"));
    let error = runs.create(&mut Header::new("x")).unwrap_err();
    assert_eq!(error.exit(), Exit::CannotWrite);
    assert!(error.hints()[0].contains("GORGON_STATE_DIR"), "{error:?}");
    assert_eq!(runs.list(), []);
}

#[test]
fn runs_are_listed_from_the_newest_to_the_oldest_with_their_state() {
    let (_home, runs) = runs();
    save(
        &runs,
        "complete",
        5,
        Some(json!({"long": "x".repeat(300_000)})),
    );
    save(&runs, "killed", 7, None);
    save(&runs, "small", 6, Some(Value::Null));
    let foreign = runs.directory().join("foreign.jsonl");
    fs::write(&foreign, "{}\n").unwrap();
    touch(&foreign, 4);
    let newer = runs.directory().join("newer.jsonl");
    fs::write(
        &newer,
        "{\"type\":\"header\",\"format\":\"gorgon.run/7\"}\n",
    )
    .unwrap();
    touch(&newer, 3);
    fs::write(runs.directory().join("notes.txt"), "").unwrap();
    std::os::unix::fs::symlink("/dev/zero", runs.directory().join("link.jsonl")).unwrap();
    let expected = [
        ("killed", State::Incomplete),
        ("small", State::Complete),
        ("complete", State::Complete),
        ("foreign", State::Unreadable),
        ("newer", State::Unreadable),
    ];
    assert_eq!(
        ids(&runs),
        expected.map(|(id, state)| (id.to_owned(), state))
    );
    let run = &runs.list()[2];
    assert_eq!(run.header.as_ref().unwrap().run_id, "complete");
    assert_eq!((run.done, run.modified), (Some(0), day(5)));
    assert!(run.bytes > 300_000);
}

#[test]
fn a_run_is_found_by_what_a_person_types() {
    let (home, runs) = runs();
    let older = save(&runs, "20261120-170411-ab12", 5, Some(Value::Null));
    let newest = save(&runs, "20261121-090000-cd34", 6, None);
    let found = |what: &str| find(Some(&runs), what);
    assert_eq!(found("last"), Ok(newest.clone()));
    assert_eq!(found("20261121-090000-cd34"), Ok(newest.clone()));
    assert_eq!(found("20261120"), Ok(older));
    let path = home.path().join("saved.jsonl");
    assert_eq!(found(path.to_str().unwrap()), Ok(path));
    assert_eq!(
        found("not-there.jsonl"),
        Ok(PathBuf::from("not-there.jsonl"))
    );
    let beginning = save(&runs, "20261121", 4, Some(Value::Null));
    assert_eq!(found("20261121"), Ok(beginning));
}

#[test]
fn a_run_that_is_not_found_is_told_with_those_that_are_near() {
    let (_home, runs) = runs();
    #[track_caller]
    fn check(runs: Option<&Runs>, what: &str, words: &[&str]) {
        let error = find(runs, what).unwrap_err();
        let text = format!("{} {:?} {:?}", error.what(), error.causes(), error.hints());
        assert_eq!(error.exit(), Exit::NoInput);
        for word in words {
            assert!(text.contains(word), "{text}");
        }
    }
    check(Some(&runs), "last", &["no saved run", "state/gorgon/runs"]);
    check(Some(&runs), "abc", &["`abc`", "has none"]);
    check(None, "last", &["GORGON_STATE_DIR"]);
    check(None, "abc", &["`abc`", "GORGON_STATE_DIR"]);
    for (id, at) in [("abc-1", 1), ("abc-2", 2), ("xyz", 3)] {
        save(&runs, id, at, Some(Value::Null));
    }
    check(Some(&runs), "abc", &["beginning of 2", "`abc-2`, `abc-1`"]);
    check(
        Some(&runs),
        "abd",
        &["no saved run `abd`", "`abc-2`, `abc-1`, `xyz`"],
    );
    check(Some(&runs), "", &["no saved run ``"]);
}

#[test]
fn pruning_takes_the_oldest_beyond_a_number_or_a_size() {
    let (_home, runs) = runs();
    let paths: Vec<PathBuf> = (1..=5)
        .map(|at| save(&runs, &format!("run-{at}"), at, Some(Value::Null)))
        .collect();
    let bytes = fs::metadata(&paths[0]).unwrap().len();
    let prune = |keep, most| runs.prune(keep, most, day(30), None);
    assert_eq!(prune(5, u64::MAX), [] as [PathBuf; 0]);
    assert_eq!(prune(4, u64::MAX), [paths[0].clone()]);
    assert_eq!(prune(9, bytes * 3), [paths[1].clone()]);
    assert_eq!(prune(0, 0), [paths[3].clone(), paths[2].clone()]);
    assert_eq!(ids(&runs), [("run-5".to_owned(), State::Complete)]);
}

#[test]
fn pruning_leaves_what_may_be_written_to_and_what_is_not_understood() {
    let (_home, runs) = runs();
    let abandoned = save(&runs, "abandoned", 27, None);
    let written = save(&runs, "written", 28, None);
    let running = save(&runs, "running", 1, Some(Value::Null));
    let foreign = runs.directory().join("foreign.jsonl");
    fs::write(&foreign, "").unwrap();
    touch(&foreign, 2);
    let newest = save(&runs, "newest", 29, Some(Value::Null));
    let now = day(28) + Duration::from_secs(3600);
    assert_eq!(runs.prune(0, 0, now, Some(&running)), [abandoned]);
    for kept in [written, running, foreign, newest] {
        assert!(kept.exists(), "{}", kept.display());
    }
}

#[test]
fn what_is_listed_as_complete_can_be_read() {
    let (_home, runs) = runs();
    let mut file = runs.create(&mut Header::new("run")).unwrap();
    file.append(Line::Tick(Box::new(Tick {
        from_ns: 5,
        to_ns: 9,
        ..Tick::default()
    })));
    let path = file.finish(json!({"status": "completed"})).unwrap();
    let run = read(&path).unwrap();
    assert_eq!(ids(&runs), [("run".to_owned(), State::Complete)]);
    assert_eq!(run.summary.unwrap().facts["status"], "completed");
}
