use std::path::PathBuf;

use super::*;
use crate::cli::program as gorgon;
use crate::settings::Given;

fn split(text: &str) -> Vec<OsString> {
    text.split(' ').map(OsString::from).collect()
}

/// A command line with settings of a file, as `flag=value` or `flag`.
fn settled(line: &str, said: &[&str]) -> (String, Vec<String>) {
    let command = gorgon();
    let (args, built) = (split(line), built(&command));
    let typed = Typed::read(&command, &args).expect(line);
    let program = program(&built);
    let origin = Origin::File {
        path: PathBuf::from("gorgon.toml"),
        line: 1,
        section: "run".to_owned(),
    };
    let layer = said.iter().map(|said| {
        let (flag, given) = match said.split_once('=') {
            Some((flag, value)) => (flag, Given::Values(vec![value.into()])),
            None => (*said, Given::On),
        };
        Setting {
            flag: flag.to_owned(),
            given,
            origin: origin.clone(),
        }
    });
    let target = program.at(&typed.path).unwrap();
    let mut settled = Settled {
        resolved: settings::resolve(target, vec![typed.layer, layer.collect()]),
        path: typed.path,
        ..Settled::default()
    };
    settled.args = completed(&built, &args, &settled.resolved);
    leave_out_the_needy(&built, &args, &mut settled);
    let words: Vec<_> = settled
        .args
        .iter()
        .map(|arg| arg.to_str().unwrap())
        .collect();
    let left = settled.resolved.left_out.iter();
    (
        words.join(" "),
        left.map(|left| left.setting.flag.clone()).collect(),
    )
}

#[track_caller]
fn check(line: &str, said: &[&str], expected: &str, left_out: &[&str]) {
    let (found, left) = settled(line, said);
    assert_eq!(found, expected);
    assert_eq!(left, left_out);
}

#[test]
fn what_is_said_elsewhere_stands_behind_the_name_of_the_command() {
    check(
        "gorgon run hash -n 5",
        &["workers=8", "quiet"],
        "gorgon run --no-config --workers=8 --quiet hash -n 5",
        &[],
    );
    check(
        "gorgon run hash -qn5",
        &["calls=8", "quiet"],
        "gorgon run hash -qn5",
        &["calls", "quiet"],
    );
    check(
        "gorgon --profile ci run hash",
        &["calls=8"],
        "gorgon run --no-config --calls=8 hash",
        &[],
    );
    check(
        "gorgon runs prune --size 1GiB --profile=ci",
        &["keep=3"],
        "gorgon runs prune --no-config --keep=3 --size 1GiB",
        &[],
    );
    check(
        "gorgon run -n 5 -- run",
        &["workers=8"],
        "gorgon run --no-config --workers=8 -n 5 -- run",
        &[],
    );
    check("gorgon run hash -n 5", &[], "gorgon run hash -n 5", &[]);
}

#[test]
fn alternatives_and_conflicts_of_the_real_flags_give_way() {
    for (line, said) in [
        ("gorgon run hash -n 5", "duration=30s"),
        ("gorgon run hash -d 5s", "calls=30"),
        ("gorgon run hash -w 5", "rate=400/s"),
        ("gorgon run hash --rate 5/s", "workers=8"),
        ("gorgon run hash --rate 5/s", "think=1s"),
        ("gorgon run hash --think 1s", "rate=400/s"),
        ("gorgon run hash -v", "quiet"),
        ("gorgon run hash -q", "verbose"),
        ("gorgon run hash --save x", "no-save"),
        ("gorgon run hash --no-save", "save=x"),
    ] {
        let flag = said.split('=').next().unwrap_or_default();
        check(line, &[said], line, &[flag]);
    }
}

#[test]
fn what_needs_a_flag_that_is_not_there_is_left_out() {
    let said = ["rate=400/s", "arrivals=poisson", "jitter=5%"];
    check(
        "gorgon run hash -w 5",
        &said,
        "gorgon run hash -w 5",
        &["rate", "jitter", "arrivals"],
    );
    check(
        "gorgon run hash -n 5",
        &said,
        "gorgon run --no-config --rate=400/s --arrivals=poisson --jitter=5% hash -n 5",
        &[],
    );
    // The operation is missing too, which nothing here can mend.
    check(
        "gorgon run -n 5",
        &["rows=unique"],
        "gorgon run -n 5",
        &["rows"],
    );
    // What was typed is the person's own mistake.
    check(
        "gorgon run hash --arrivals poisson",
        &["workers=3"],
        "gorgon run --no-config --workers=3 hash --arrivals poisson",
        &[],
    );
}

#[test]
fn a_command_line_that_only_asks_or_cannot_be_read_is_left_alone() {
    for line in [
        "gorgon",
        "gorgon --help",
        "gorgon run --help",
        "gorgon run hash -n",
        "gorgon rum",
        "gorgon run --timout 1s",
    ] {
        let typed = Typed::read(&gorgon(), &split(line));
        let is_command = typed.is_some_and(|typed| !typed.path.is_empty());
        assert!(!is_command, "{line}");
    }
}
