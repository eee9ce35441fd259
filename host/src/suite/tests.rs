use proptest::prelude::*;

use super::file::CommandLine;
use super::*;
use crate::error::{Error, Exit};

fn flags() -> Flags {
    let flag = |name: &str, short, kind| Flag {
        name: name.to_owned(),
        short,
        kind,
        refused: (name == "save").then_some("leave it out"),
    };
    Flags(vec![
        flag("workers", Some('w'), FlagKind::One),
        flag("calls", Some('n'), FlagKind::One),
        flag("rate", None, FlagKind::One),
        flag("think", None, FlagKind::One),
        flag("start", None, FlagKind::One),
        flag("allow-host", None, FlagKind::Many),
        flag("insecure", None, FlagKind::Switch),
        flag("save", None, FlagKind::One),
    ])
}

fn read(text: &str) -> Result<File, Error> {
    File::parse("suite.toml", text.as_bytes(), &flags())
}

#[track_caller]
fn plan(text: &str) -> Plan {
    let file = read(text).unwrap_or_else(|error| panic!("{error}: {:?}", error.causes()));
    expand(&file, 7).unwrap_or_else(|error| panic!("{error}: {:?}", error.causes()))
}

/// The label and the arguments of each run.
#[track_caller]
fn check_runs(text: &str, expected: &[(&str, &str)]) {
    let plan = plan(text);
    let runs = plan
        .runs
        .iter()
        .map(|run| (run.label(), run.args.join(" ")));
    let runs: Vec<(String, String)> = runs.collect();
    let expected: Vec<(String, String)> = expected
        .iter()
        .map(|(label, args)| ((*label).to_owned(), (*args).to_owned()))
        .collect();
    assert_eq!(runs, expected);
}

#[test]
fn a_run_has_what_it_says_and_of_the_defaults_what_it_does_not_say() {
    check_runs(
        r#"
        [defaults]
        operation = "hash"
        calls = 4_000
        set = { url = "http://127.0.0.1:1/", name = "x" }
        [[run]]
        name = "one"
        [[run]]
        workers = 2
        calls = "1k"
        set = { name = "y" }
        "#,
        &[
            (
                "one",
                "hash -n 4000 --set url=http://127.0.0.1:1/ --set name=x",
            ),
            (
                "run 2",
                "hash --set url=http://127.0.0.1:1/ -w 2 -n 1k --set name=y",
            ),
        ],
    );
}

#[test]
fn a_list_is_several_runs_and_the_last_list_varies_fastest() {
    check_runs(
        "[[run]]\nname = \"a\"\noperation = \"hash\"\nworkers = [1, 2]\nrate = [100, \"24k/min\"]\n",
        &[
            ("a -w 1 --rate 100", "hash -w 1 --rate 100"),
            ("a -w 1 --rate 24k/min", "hash -w 1 --rate 24k/min"),
            ("a -w 2 --rate 100", "hash -w 2 --rate 100"),
            ("a -w 2 --rate 24k/min", "hash -w 2 --rate 24k/min"),
        ],
    );
    check_runs(
        "[[run]]\nname = \"a\"\noperation = [\"hash\", \"noop\"]\nset = [{ u = 1 }, { u = 2, v = true }]\n",
        &[
            ("a hash u=1", "hash --set u=1"),
            ("a hash u=2 v=true", "hash --set u=2 --set v=true"),
            ("a noop u=1", "noop --set u=1"),
            ("a noop u=2 v=true", "noop --set u=2 --set v=true"),
        ],
    );
    check_runs(
        "[[run]]\nname = \"a\"\noperation = \"http\"\nset.url = [\"x\", \"y\"]\n",
        &[
            ("a url=x", "http --set url=x"),
            ("a url=y", "http --set url=y"),
        ],
    );
}

#[test]
fn what_may_be_given_several_times_is_one_run_and_a_list_of_one_is_told() {
    check_runs(
        "[[run]]\nname = \"a\"\noperation = \"hash\"\nallow_host = [\"x\", \"y\"]\nworkers = [4]\ninsecure = [true, false]\n",
        &[
            (
                "a -w 4 --insecure",
                "hash --allow-host x --allow-host y -w 4 --insecure",
            ),
            (
                "a -w 4 no --insecure",
                "hash --allow-host x --allow-host y -w 4",
            ),
        ],
    );
}

#[test]
fn a_mix_is_operations_with_weights() {
    check_runs(
        "[defaults]\noperation = \"hash\"\n[[run]]\nname = \"a\"\nmix = { \"b.wasm\" = 90, noop = 10 }\n",
        &[("a", "b.wasm=90 noop=10")],
    );
}

#[test]
fn repetitions_are_of_the_whole_list() {
    let plan = plan("[[run]]\nname = \"a\"\noperation = \"hash\"\nworkers = [1, 2]\nrepeat = 2\n");
    let labels: Vec<String> = plan.runs.iter().map(PlannedRun::label).collect();
    assert_eq!(labels, ["a -w 1 #1", "a -w 2 #1", "a -w 1 #2", "a -w 2 #2"]);
    let points: Vec<usize> = plan.runs.iter().map(|run| run.point).collect();
    assert_eq!(points, [0, 1, 0, 1]);
}

#[test]
fn the_three_rounds_are_the_highest_rate_and_parts_of_it() {
    let plan = plan(
        "[[run]]\nname = \"a\"\noperation = \"hash\"\nworkers = [1, 8]\nthink = \"1s\"\npreset = \"three-rounds\"\n",
    );
    let runs: Vec<(String, String, Option<usize>, Option<String>)> = plan
        .runs
        .iter()
        .map(|run| {
            (
                run.label(),
                run.args.join(" "),
                run.base,
                run.rate_of.as_ref().map(ToString::to_string),
            )
        })
        .collect();
    let of = |label: &str, args: &str, base: Option<usize>, rate: Option<&str>| {
        (
            label.to_owned(),
            args.to_owned(),
            base,
            rate.map(str::to_owned),
        )
    };
    assert_eq!(
        runs,
        [
            of("a: highest rate -w 1", "hash -w 1 --think 1s", None, None),
            of(
                "a: fixed rate -w 1",
                "hash",
                Some(0),
                Some("70% of a: highest rate")
            ),
            of(
                "a: low rate -w 1",
                "hash",
                Some(0),
                Some("10% of a: highest rate")
            ),
            of("a: highest rate -w 8", "hash -w 8 --think 1s", None, None),
            of(
                "a: fixed rate -w 8",
                "hash",
                Some(3),
                Some("70% of a: highest rate")
            ),
            of(
                "a: low rate -w 8",
                "hash",
                Some(3),
                Some("10% of a: highest rate")
            ),
        ]
    );
}

#[test]
fn a_rate_may_be_a_part_of_that_of_a_run_before() {
    let text = |rate: &str| {
        format!(
            "[[run]]\nname = \"top\"\noperation = \"hash\"\n[[run]]\nname = \"b\"\noperation = \"hash\"\nrate = \"{rate}\"\n"
        )
    };
    let plan = plan(&text("12.5% of top"));
    let share = plan.runs[1].rate_of.as_ref().map(|rate| rate.share);
    assert_eq!((plan.runs[1].base, share), (Some(0), Some(0.125)));
    let error = expand(&read(&text("70% of tip")).unwrap(), 0).unwrap_err();
    assert_eq!(error.exit(), Exit::Usage);
    assert!(error.what().contains("`tip`"), "{error}");
}

#[test]
fn commands_are_for_the_shell_or_arguments() {
    let text = "before = \"a b\"\nafter = [\"c\", [\"d\", \"e f\", 8]]\nwait_for = \"[::1]:80\"\n[[run]]\noperation = \"x\"\nbefore = []\n";
    let file = read(text).unwrap();
    assert_eq!(file.around.before, [CommandLine::Shell("a b".to_owned())]);
    let argv = ["d", "e f", "8"].map(str::to_owned).to_vec();
    assert_eq!(
        file.around.after,
        [CommandLine::Shell("c".to_owned()), CommandLine::Argv(argv)]
    );
    assert_eq!(file.around.wait_for.as_deref(), Some("[::1]:80"));
    assert!(file.entries[0].around.before.is_empty());
}

#[test]
fn a_file_may_begin_with_a_mark_and_end_its_lines_as_on_windows() {
    let text = "\u{feff}title = \"t\"\r\n[[run]]\r\noperation = \"hash\"\r\nworker = 1\r\n";
    let error = read(text).unwrap_err();
    assert_eq!(
        error.causes(),
        ["line 4: `worker` is no key of a run\n  worker = 1\n  ^"]
    );
    assert_eq!(error.hints(), ["did you mean `workers`?"]);
}

/// What is said of a file that cannot be used: a part of the cause, or the hint.
#[test]
fn each_mistake_is_told_with_its_line_and_what_to_do() {
    #[track_caller]
    fn check(text: &str, line: usize, says: &str) {
        let error = read(text)
            .and_then(|file| expand(&file, 0).map(drop))
            .unwrap_err();
        assert_eq!(error.exit(), Exit::Usage, "{text}");
        let all = format!(
            "{error}\n{}\n{}",
            error.causes().join("\n"),
            error.hints().join("\n")
        );
        assert!(all.contains(says), "{all}");
        assert!(all.contains(&format!("line {line}: ")), "{all}");
    }
    let run = "[[run]]\noperation = \"hash\"\n";
    check("", 1, "the suite has no run");
    check("run = []", 1, "the suite has no run");
    check(
        "[run]\noperation = \"x\"",
        1,
        "`[[run]]`, with two brackets",
    );
    check("title = 1\n[[run]]", 1, "`title` is text, and not a number");
    check("tittle = \"x\"", 1, "did you mean `title`?");
    check("workers = 1\n", 1, "below `[defaults]`");
    check("name = \"x\"\n", 1, "below `[defaults]`");
    check("order = \"any\"\n", 1, "`\"file\"` or `\"random\"`");
    check("order_seed = -1\n", 1, "a whole number from 0 on");
    check("title = \"a\"\ntitle = \"b\"\n", 2, "duplicate key");
    check("[[run]]\noperation =\n", 2, "value");
    check(&format!("{run}w = 1"), 3, "did you mean `workers`?");
    check(&format!("{run}callz = 1"), 3, "did you mean `calls`?");
    check(
        &format!("{run}zzzzzzz = 1"),
        3,
        "the long flags of `gorgon run`",
    );
    check(
        &format!("{run}\"\\u001b[31m\" = 1"),
        3,
        "`\\u{1b}[31m` is no key",
    );
    check(&format!("{run}save = \"x\""), 3, "leave it out");
    check(
        &format!("{run}workers = true"),
        3,
        "text or a number, and not true or false",
    );
    check(
        &format!("{run}workers = []"),
        3,
        "an empty list makes no run",
    );
    check(&format!("{run}workers = [[1]]"), 3, "and not a list");
    check(&format!("{run}calls = 2026-11-20"), 3, "and not a date");
    check(&format!("{run}insecure = 1"), 3, "`true` or `false`");
    check(&format!("{run}set = 1"), 3, "a table");
    check(&format!("{run}set = {{ \"a=b\" = 1 }}"), 3, "without `=`");
    check(&format!("{run}set = {{ a = {{}} }}"), 3, "and not a table");
    check(&format!("{run}mix = {{ a = 1 }}"), 3, "line 2 says already");
    check("[[run]]\nmix = {}", 2, "the mix has no operation");
    check(
        "[[run]]\nmix = { a = \"1\" }",
        2,
        "a weight is a whole number",
    );
    check("[[run]]\nname = \"a\"", 1, "has no operation");
    check("[[run]]\noperation = \"-\"", 2, "standard input");
    check("[[run]]\noperation = \"\"", 2, "is empty");
    check("[[run]]\noperation = \"-x\"", 2, "./-x");
    check(&format!("{run}name = \"\""), 3, "1 to 100 bytes");
    check(&format!("{run}name = \"a\\nb\""), 3, "1 to 100 bytes");
    check(
        &format!("{run}{run}name = \"run 1\""),
        3,
        "the run of line 1 is called `run 1` too",
    );
    check(
        &format!("[defaults]\nname = \"a\"\n{run}"),
        2,
        "a name of its own",
    );
    check(&format!("{run}preset = \"four-rounds\""), 3, "three-rounds");
    check(
        &format!("{run}preset = \"three-rounds\"\nrate = 1"),
        1,
        "leave out `rate` or `preset`",
    );
    check(&format!("{run}repeat = 0"), 3, "from 1 to 1000");
    check(&format!("{run}before = 1"), 3, "a command");
    check(&format!("{run}before = \" \""), 3, "the command is empty");
    check(&format!("{run}before = [[]]"), 3, "names no program");
    check(&format!("{run}wait_for = \"8080\""), 3, "a host and a port");
    check(&format!("{run}wait_for = \"h:0\""), 3, "a host and a port");
    check(&format!("{run}wait_timeout = 30"), 3, "`30s`");
    check(
        &format!("{run}command_timeout = \"0s\""),
        3,
        "leaves no time",
    );
}

#[test]
fn what_is_no_text_or_too_much_is_an_input_that_cannot_be_read() {
    #[track_caller]
    fn check(bytes: &[u8], says: &str) {
        let error = File::parse("suite.toml", bytes, &flags()).unwrap_err();
        assert_eq!(error.exit(), Exit::NoInput);
        assert!(error.causes().join("\n").contains(says), "{error:?}");
    }
    check(b"title = \"a\"\n\xff", "line 2 is not UTF-8");
    check(&vec![b'#'; (1 << 20) + 1], "1 MiB");
}

#[test]
fn what_is_nested_deeply_is_refused() {
    for (open, close) in [("[", "]"), ("{a=", "}")] {
        let deep = format!("title = {}{}", open.repeat(100_000), close.repeat(100_000));
        assert_eq!(read(&deep).unwrap_err().exit(), Exit::Usage);
    }
}

#[test]
fn too_many_runs_are_refused_before_they_are_made() {
    let list = (1..=100)
        .map(|n| n.to_string())
        .collect::<Vec<_>>()
        .join(", ");
    let text = format!(
        "[[run]]\noperation = \"x\"\nworkers = [{list}]\ncalls = [{list}]\nrate = [{list}]\nset.a = [{list}]\nset.b = [{list}]\nset.c = [{list}]\nset.d = [{list}]\nset.e = [{list}]\nset.f = [{list}]\nset.g = [{list}]\nset.h = [{list}]\n"
    );
    let error = expand(&read(&text).unwrap(), 0).unwrap_err();
    assert_eq!(error.exit(), Exit::Usage);
    assert!(error.what().contains("1000 runs"), "{error}");
}

#[test]
fn numbers_that_go_on_begin_nowhere_else() {
    let text = "numbers = \"continue\"\n[[run]]\noperation = \"x\"\nstart = 5\n";
    let error = expand(&read(text).unwrap(), 0).unwrap_err();
    assert!(error.what().contains("`start`"), "{error}");
}

#[test]
fn a_random_order_follows_from_its_seed() {
    let text = |order: &str| {
        format!(
            "{order}\n[[run]]\nname = \"a\"\noperation = \"x\"\nworkers = [1, 2, 3, 4, 5, 6, 7, 8]\n"
        )
    };
    let points = |order: &str| -> Vec<usize> {
        plan(&text(order))
            .runs
            .iter()
            .map(|run| run.point)
            .collect()
    };
    let random = points("order = \"random\"\norder_seed = 1");
    assert_eq!(random, points("order = \"random\"\norder_seed = 1"));
    assert_ne!(random, points("order = \"random\"\norder_seed = 2"));
    assert_ne!(random, points("order = \"file\""));
    assert_eq!(plan(&text("order = \"random\"")).order_seed, Some(7));
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = File::parse("suite.toml", &bytes, &flags());
    }

    #[test]
    fn nothing_that_looks_like_a_suite_makes_it_panic(
        parts in prop::collection::vec(
            prop::sample::select(vec![
                "[[run]]\n", "[defaults]\n", "operation = ", "\"hash\"\n", "workers = ", "[1, 2]\n", "set.a = ", "{", "}",
                "\n", "mix = { a = 1 }\n", "preset = \"three-rounds\"\n", "rate = \"5% of run 1\"\n", "repeat = 3\n", "é",
                "before = [", "]\n", "\"\"\"", "order = \"random\"\n", "'", "# x\n", "1e400\n", "0x1F\n", "\r", "\u{feff}",
            ]),
            0..20,
        )
    ) {
        if let Ok(file) = read(&parts.concat()) {
            let _ = expand(&file, 1);
        }
    }

    /// Whatever the order: every run is there once, and none comes before the one whose rate it needs.
    #[test]
    fn a_random_order_loses_nothing(seed in any::<u64>(), rounds in 1usize..5, others in 0usize..5, repeat in 1u32..4) {
        let mut text = format!("order = \"random\"\norder_seed = {}\n", seed >> 1);
        for index in 0..rounds {
            text += &format!("[[run]]\nname = \"r{index}\"\noperation = \"x\"\npreset = \"three-rounds\"\nrepeat = {repeat}\nworkers = [1, 2]\n");
        }
        for index in 0..others {
            text += &format!("[[run]]\nname = \"o{index}\"\noperation = \"x\"\n");
        }
        let shuffled = plan(&text);
        let sorted = plan(&text.replace("random", "file"));
        let labels = |plan: &Plan| {
            let mut labels: Vec<String> = plan.runs.iter().map(PlannedRun::label).collect();
            labels.sort();
            labels
        };
        prop_assert_eq!(labels(&shuffled), labels(&sorted));
        for (index, run) in shuffled.runs.iter().enumerate() {
            prop_assert_eq!(run.rate_of.is_some(), run.base.is_some());
            if let (Some(base), Some(rate)) = (run.base, &run.rate_of) {
                prop_assert!(base < index);
                let base = &shuffled.runs[base];
                prop_assert_eq!((&base.name, base.point, base.repetition), (&rate.run, run.point, run.repetition));
            }
        }
    }
}
