use proptest::prelude::*;

use super::*;
use crate::settings::testing::{command, values};

fn setting(flag: &str, given: Given, origin: &str) -> Setting {
    Setting {
        flag: flag.to_owned(),
        given,
        origin: Origin::Variable(origin.to_owned()),
    }
}

/// A layer named `origin`, of `flag=value` for values, `flag` for switches and `!flag` for those that are off.
fn layer(origin: &str, said: &[&str]) -> Vec<Setting> {
    let mut layer: Vec<Setting> = Vec::new();
    for text in said {
        let one = match (text.split_once('='), text.strip_prefix('!')) {
            (_, Some(flag)) => setting(flag, Given::Off, origin),
            (Some((flag, value)), _) => setting(flag, values(&[value]), origin),
            (None, None) => setting(text, Given::On, origin),
        };
        match (
            layer.iter_mut().find(|other| other.flag == one.flag),
            one.given.clone(),
        ) {
            (
                Some(Setting {
                    given: Given::Values(there),
                    ..
                }),
                Given::Values(more),
            ) => there.extend(more),
            (Some(_), _) => {}
            (None, _) => layer.push(one),
        }
    }
    layer
}

/// The arguments that count in the end, and the flags that do not.
fn come_together(layers: &[(&str, &[&str])]) -> (Vec<String>, Vec<String>) {
    let layers = layers
        .iter()
        .map(|(origin, said)| layer(origin, said))
        .collect();
    let resolved = resolve(&command(), layers);
    let arguments = resolved.effective.iter().flat_map(Setting::arguments);
    let arguments = arguments.map(|argument| argument.into_string().unwrap());
    let left_out = resolved
        .left_out
        .iter()
        .map(|left| left.setting.flag.clone());
    (arguments.collect(), left_out.collect())
}

#[track_caller]
fn check(layers: &[(&str, &[&str])], effective: &[&str], left_out: &[&str]) {
    let (found, lost) = come_together(layers);
    assert_eq!(found, effective, "{layers:?}");
    assert_eq!(lost, left_out, "{layers:?}");
}

#[test]
fn the_most_explicit_counts() {
    check(
        &[("a", &["workers=1"]), ("b", &["workers=2"])],
        &["--workers=1"],
        &["workers"],
    );
    check(&[("a", &[]), ("b", &["workers=2"])], &["--workers=2"], &[]);
    check(
        &[("a", &["quiet"]), ("b", &["workers=2"])],
        &["--quiet", "--workers=2"],
        &[],
    );
}

#[test]
fn a_list_replaces_a_list() {
    check(
        &[("a", &["fail-if=x", "fail-if=y"]), ("b", &["fail-if=z"])],
        &["--fail-if=x", "--fail-if=y"],
        &["fail-if"],
    );
}

#[test]
fn pairs_are_told_apart_by_their_names() {
    check(
        &[
            ("a", &["set=url=1"]),
            ("b", &["set=url=2", "set=user=x"]),
            ("c", &["set=user=y", "set=k=="]),
        ],
        &["--set=url=1", "--set=user=x", "--set=k=="],
        &["set", "set"],
    );
}

#[test]
fn a_switch_can_be_switched_off_by_what_is_more_explicit() {
    check(&[("a", &["!quiet"]), ("b", &["quiet"])], &[], &["quiet"]);
    check(
        &[("a", &["!quiet"]), ("b", &["verbose"])],
        &["--verbose"],
        &[],
    );
}

#[test]
fn what_conflicts_gives_way_whichever_of_the_two_says_so() {
    check(
        &[("a", &["verbose"]), ("b", &["quiet"])],
        &["--verbose"],
        &["quiet"],
    );
    check(
        &[("a", &["quiet"]), ("b", &["verbose"])],
        &["--quiet"],
        &["verbose"],
    );
    // Both in one place are an error, which is not for this to find.
    check(
        &[("a", &["quiet", "verbose"])],
        &["--quiet", "--verbose"],
        &[],
    );
}

#[test]
fn an_alternative_gives_way_unless_it_was_written_beside_the_other() {
    check(
        &[("a", &["calls=5"]), ("b", &["duration=1s"])],
        &["--calls=5"],
        &["duration"],
    );
    check(
        &[("a", &["duration=1s"]), ("b", &["calls=5"])],
        &["--duration=1s"],
        &["calls"],
    );
    check(
        &[("a", &["workers=5"]), ("b", &["rate=400"])],
        &["--workers=5"],
        &["rate"],
    );
    check(
        &[("a", &["calls=5", "duration=1s"])],
        &["--calls=5", "--duration=1s"],
        &[],
    );
    check(
        &[("a", &["workers=5"]), ("b", &["rate=400", "workers=9"])],
        &["--workers=5", "--rate=400"],
        &["workers"],
    );
    // What gave way does not keep anything else out.
    check(
        &[
            ("a", &["calls=5"]),
            ("b", &["duration=1s"]),
            ("c", &["calls=9", "duration=2s"]),
        ],
        &["--calls=5", "--duration=2s"],
        &["duration", "calls"],
    );
}

#[test]
fn what_is_of_no_use_by_itself_is_left_out_unless_it_was_typed() {
    check(&[("a", &["jitter=5%"])], &[], &["jitter"]);
    check(
        &[("a", &["jitter=5%"]), ("b", &["rate=9"])],
        &["--jitter=5%", "--rate=9"],
        &[],
    );
    check(
        &[("a", &["workers=1"]), ("b", &["rate=9", "jitter=5%"])],
        &["--workers=1"],
        &["rate", "jitter"],
    );
    let typed = Setting {
        origin: Origin::CommandLine,
        ..setting("jitter", values(&["5%"]), "")
    };
    let resolved = resolve(&command(), vec![vec![typed.clone()]]);
    assert_eq!(resolved.effective, [typed]);
}

fn said() -> impl Strategy<Value = Vec<&'static str>> {
    let all = [
        "calls=1",
        "duration=1s",
        "workers=2",
        "rate=9",
        "fail-if=x",
        "set=a=1",
        "set=b=2",
        "quiet",
        "!quiet",
        "verbose",
        "live",
        "live=x",
    ];
    prop::sample::subsequence(all.to_vec(), 0..=all.len())
}

proptest! {
    #[test]
    fn the_first_layer_always_counts_whole(first in said(), second in said(), third in said()) {
        let first = layer("a", &first);
        let rest = [layer("b", &second), layer("c", &third)];
        let resolved = resolve(&command(), [first.clone()].into_iter().chain(rest).collect());
        prop_assert_eq!(&resolved.effective[..first.len()], &first[..]);
    }

    #[test]
    fn nothing_is_lost_without_being_told(first in said(), second in said()) {
        let layers = vec![layer("a", &first), layer("b", &second)];
        let resolved = resolve(&command(), layers.clone());
        let told = resolved.effective.iter().chain(resolved.left_out.iter().map(|left| &left.setting));
        let mut told: Vec<String> = told.flat_map(spelt).collect();
        let mut all: Vec<String> = layers.iter().flatten().flat_map(spelt).collect();
        told.sort();
        all.sort();
        prop_assert_eq!(told, all);
    }

    #[test]
    fn of_one_flag_only_pairs_come_from_several_layers(first in said(), second in said()) {
        let resolved = resolve(&command(), vec![layer("a", &first), layer("b", &second)]);
        let mut flags: Vec<&str> = resolved.effective.iter().map(|one| one.flag.as_str()).collect();
        flags.retain(|flag| *flag != "set");
        let all = flags.len();
        flags.sort_unstable();
        flags.dedup();
        prop_assert_eq!(flags.len(), all);
    }
}

/// Each value of a setting on its own.
fn spelt(setting: &Setting) -> Vec<String> {
    match &setting.given {
        Given::Values(values) => values
            .iter()
            .map(|value| format!("{} {value:?} {}", setting.flag, setting.origin))
            .collect(),
        other => vec![format!("{} {other:?} {}", setting.flag, setting.origin)],
    }
}
