use super::*;
use crate::report::samples;

const UNICODE_80: Style = Style {
    color: false,
    unicode: true,
    width: 80,
};
const ASCII_40: Style = Style {
    color: false,
    unicode: false,
    width: 40,
};

fn written(summary: &Summary, style: Style) -> String {
    let mut out = Vec::new();
    write(&mut out, summary, style).unwrap();
    String::from_utf8(out).unwrap()
}

/// Rules of every result, with names of every length and intent.
const RULES: [&str; 11] = [
    "p99 > 150ms",
    "p99.9 > 1s",
    "fail > 1%",
    "fail >= 1%",
    "tag(503) > 10",
    "rate < 402.42/s",
    "min < 1.5us",
    "counter(items seen) < 100",
    "check(has a body) < 99.5%",
    "tag(a name that is much longer than any that a person would choose) > 0",
    "counter(\u{1b}[2J尺寸) > 0",
];

fn evaluated(summary: &Summary, rules: &[&str]) -> Vec<Evaluated> {
    let rules: Vec<_> = rules.iter().map(|rule| rule.parse().unwrap()).collect();
    crate::thresholds::evaluate_all(&rules, summary, [])
}

/// The report with what came of all rules.
fn written_with_rules(summary: &Summary, style: Style) -> String {
    let mut out = Vec::new();
    write_with(&mut out, summary, &evaluated(summary, &RULES), None, style).unwrap();
    String::from_utf8(out).unwrap()
}

/// Checks what is written about rules, which stands between the notes and the conclusion.
#[track_caller]
fn check_rules(summary: &Summary, rules: &[&str], style: Style, expected: &str) {
    let mut out = Vec::new();
    write_with(&mut out, summary, &evaluated(summary, rules), None, style).unwrap();
    let report = String::from_utf8(out).unwrap();
    let before = written(summary, style);
    let (before, _) = before.rsplit_once("\n\n").unwrap();
    let rest = report.strip_prefix(&format!("{before}\n\n")).unwrap();
    let (rules, _) = rest.rsplit_once("\n\n").unwrap();
    assert!(
        rules == expected.trim_matches('\n'),
        "the rules are now:\n{rules}"
    );
}

#[test]
fn the_last_line_says_why_a_run_failed_whose_calls_did_not() {
    #[track_caller]
    fn check(rules: &[&str], exit_code: Option<u8>, expected: &str) {
        let summary = samples::one_call();
        let mut out = Vec::new();
        let evaluated = evaluated(&summary, rules);
        write_with(&mut out, &summary, &evaluated, exit_code, UNICODE_80).unwrap();
        let report = String::from_utf8(out).unwrap();
        assert_eq!(report.lines().last().unwrap(), expected);
    }
    check(&[], Some(0), " ✓ done: 1 ok");
    check(&["ok < 1"], Some(0), " ✓ done: 1 ok");
    check(&["ok > 0"], Some(99), " ✗ done: 1 ok; 1 rule broken");
    let unknown = ["p99 > 1s", "p90 > 1s"];
    check(&unknown, Some(0), " ✓ done: 1 ok");
    check(&unknown, Some(99), " ✗ done: 1 ok; 2 rules without data");
    let words = " ✗ done: 1 ok; the verdict is worse than `--require`";
    check(&[], Some(75), words);
    let words = " ✗ done: 1 ok; the items were not read to their end";
    check(&[], Some(65), words);
}

#[track_caller]
fn check(summary: &Summary, style: Style, expected: &str) {
    let written = written(summary, style);
    assert!(
        written == expected.trim_start_matches('\n'),
        "the report is now:\n{written}"
    );
}

fn styles() -> impl Iterator<Item = Style> {
    [0, 1, 40, 60, 80, 200].into_iter().flat_map(|width| {
        [(false, false), (true, false), (false, true), (true, true)].map(|(color, unicode)| Style {
            color,
            unicode,
            width,
        })
    })
}

#[test]
fn no_report_has_trailing_spaces_double_blank_lines_or_figures_that_are_none() {
    for (name, summary) in samples::all() {
        for style in styles().filter(|style| !style.color) {
            let report = written_with_rules(&summary, style);
            assert!(
                report.lines().all(|line| line == line.trim_end()),
                "{name} {style:?}:\n{report}"
            );
            assert!(
                !report.contains("\n\n\n") && report.ends_with('\n'),
                "{name} {style:?}:\n{report}"
            );
            assert!(
                !report.contains("NaN") && !report.contains(" inf"),
                "{name} {style:?}:\n{report}"
            );
        }
    }
}

#[test]
fn no_line_is_wider_than_the_screen() {
    for (name, summary) in samples::all() {
        for style in styles().filter(|style| !style.color && style.width != 1) {
            for line in written_with_rules(&summary, style).lines() {
                assert!(columns(line) <= style.columns(), "{name} {style:?}: {line}");
            }
        }
    }
}

#[test]
fn nothing_a_guest_chose_reaches_the_terminal_raw() {
    for (name, summary) in samples::all() {
        for style in styles() {
            let report = written_with_rules(&summary, style);
            if !style.color {
                assert!(
                    !report.chars().any(|c| c.is_control() && c != '\n'),
                    "{name} {style:?}"
                );
            }
            assert!(style.unicode || report.is_ascii(), "{name} {style:?}");
            assert!(!report.contains(['\u{202e}', '\u{9b}']), "{name} {style:?}");
        }
    }
}

#[test]
fn colour_adds_escapes_and_changes_nothing_else() {
    for (name, summary) in samples::all() {
        for style in styles().filter(|style| style.color) {
            let colored = written_with_rules(&summary, style);
            let mut plain = String::new();
            for (index, part) in colored.split('\u{1b}').enumerate() {
                plain.push_str(if index == 0 {
                    part
                } else {
                    part.split_once('m').unwrap().1
                });
            }
            assert!(colored.contains('\u{1b}'), "{name} {style:?}");
            assert_eq!(
                plain,
                written_with_rules(
                    &summary,
                    Style {
                        color: false,
                        ..style
                    }
                ),
                "{name} {style:?}"
            );
        }
    }
}

#[test]
fn a_usual_run_at_80_columns() {
    let expected = r"
op.wasm   4 000 calls in 9.94 s  =  402.4 calls/s   8 workers, seed 24301

 Tag       Outcome  Calls    Share
 200       ok       3 908  97.70 %  ███████████████████████████████████████▏
 404       ok          44   1.10 %  ▌
 503       fail        40   1.00 %  ▍
 !timeout  fault        8   0.20 %  ▏

 Latency       min      p50      p90      p99  p99.9      max     mean
 all       1.43 ms  8.50 ms  22.2 ms  78.4 ms      –   179 ms  12.4 ms
 200       1.43 ms  8.48 ms  22.2 ms  79.7 ms      –   179 ms  12.4 ms
   login    475 µs  2.83 ms  7.40 ms  26.6 ms      –  59.7 ms  4.13 ms
   search   713 µs  4.24 ms  11.1 ms  39.8 ms      –  89.5 ms  6.19 ms
 404       2.71 ms  9.48 ms        –        –      –  41.1 ms  12.6 ms
 503       2.45 ms  9.01 ms        –        –      –  24.0 ms  10.6 ms
 !timeout  5.05 ms        –        –        –      –  16.8 ms  8.97 ms

    from  calls
 1.00 ms      4  ▏
 1.60 ms     54  █▉
 2.50 ms    339  ███████████▊
 4.00 ms    857  █████████████████████████████▊
 6.30 ms  1 151  ████████████████████████████████████████
 10.0 ms    862  ██████████████████████████████
 16.0 ms    405  ██████████████▏
 25.0 ms    173  ██████
 40.0 ms     87  ███
 63.0 ms     51  █▊
  100 ms     16  ▌
  160 ms      1  ▏

 Check       passed  failed    share
 has a body   3 960      40  99.00 %

 Counter     total  per second
 items seen  8 000       804.8

 Failures
 40×  503  upstream connect error  first: call 7 at 7.75 ms

 HTTP       8 012 requests over 52 connections (99.35 % reused)
            1.21 MiB sent, 34.0 MiB received
            mean response: send 12.0 µs, wait 5.90 ms, receive 80.0 µs
            mean connection: connect 1.20 ms
            44 requests without a response: 36 connect, 8 timeout
 Instances  16 made, 8 of them to replace another, at most 1.25 MiB each

 i no p99.9: 4 calls lie beyond it and 10 are needed; 10 000 calls would do
 i closed load: a slow answer delays the next call, so a stall shows in few of
   them

 ! done: 3 952 ok, 40 fail, 8 fault
";
    check(&samples::usual(), UNICODE_80, expected);
}

#[test]
fn a_usual_run_at_40_columns_without_unicode() {
    let expected = r"
op.wasm
4 000 calls in 9.94 s  =  402.4 calls/s
8 workers, seed 24301

 Tag       Outcome  Calls    Share
 200       ok       3 908  97.70 %
 404       ok          44   1.10 %
 503       fail        40   1.00 %
 !timeout  fault        8   0.20 %

 Latency       p50      p99      max
 all       8.50 ms  78.4 ms   179 ms
 200       8.48 ms  79.7 ms   179 ms
   login   2.83 ms  26.6 ms  59.7 ms
   search  4.24 ms  39.8 ms  89.5 ms
 404       9.48 ms        -  41.1 ms
 503       9.01 ms        -  24.0 ms
 !timeout        -        -  16.8 ms

    from  calls
 1.00 ms      4  .
 1.60 ms     54  #
 2.50 ms    339  #######
 4.00 ms    857  #################
 6.30 ms  1 151  #######################
 10.0 ms    862  #################
 16.0 ms    405  ########
 25.0 ms    173  ###
 40.0 ms     87  ##
 63.0 ms     51  #
  100 ms     16  .
  160 ms      1  .

 Check       passed  failed    share
 has a body   3 960      40  99.00 %

 Counter     total  per second
 items seen  8 000       804.8

 Failures
 40x  503  first: call 7 at 7.75 ms
      upstream connect error

 HTTP       8 012 requests over 52
            connections (99.35 % reused)
            1.21 MiB sent, 34.0 MiB
            received
            mean response: send 12.0 us,
            wait 5.90 ms, receive 80.0
            us
            mean connection: connect
            1.20 ms
            44 requests without a
            response: 36 connect, 8
            timeout
 Instances  16 made, 8 of them to
            replace another, at most
            1.25 MiB each

 i no p99.9: 4 calls lie beyond it and
   10 are needed; 10 000 calls would do
 i closed load: a slow answer delays the
   next call, so a stall shows in few of
   them

 ! done: 3 952 ok, 40 fail, 8 fault
";
    check(&samples::usual(), ASCII_40, expected);
}

#[test]
fn open_load_behind_a_server_that_stalled() {
    let expected = r"
op.wasm   9 400 calls in 5.01 s, 1 880 calls/s over 5.00 s
open load, rate 2000, seed 24301

 Tag  Outcome  Calls     Share
 200  ok       9 400  100.00 %  ████████████████████████████████████████

 Latency       min      p50       p90       p99     p99.9       max       mean
 response   564 µs  3.54 ms  > 300 ms  > 506 ms  > 510 ms  > 515 ms  > 62.4 ms
 service    514 µs  3.02 ms   6.18 ms   10.7 ms         –   19.7 ms    3.52 ms
 lag       50.0 µs  50.0 µs  > 300 ms  > 500 ms  > 500 ms  > 500 ms  > 59.1 ms
 200        564 µs  3.36 ms    501 ms    506 ms         –    515 ms    56.8 ms

    from  calls
  500 µs    162  █▍
 1.00 ms  1 743  ██████████████▍
 2.00 ms  4 847  ████████████████████████████████████████
 5.00 ms  1 526  ████████████▋
 10.0 ms    122  █
 20.0 ms      0
 50.0 ms      0
  100 ms      0
  200 ms      0
  500 ms  1 000  ████████▎

 Instances  8 made

 ! 600 calls never ended; what they could have changed is marked > as a lower
   bound
 i response counts from when a call was due, service from when it started; tags
   show response

 ! done: 9 400 ok; 10 000 asked for: 600 not started; 100 warm-up calls left out
";
    check(&samples::open_load(), UNICODE_80, expected);
}

#[test]
fn what_puts_the_figures_in_doubt_is_told_with_what_the_runner_took() {
    let text = written(&samples::doubted(), UNICODE_80);
    for part in [
        " Runner     25.0 µs of CPU a call, 40 % of it inside the operation; poll delay\n            p99 2.00 ms\n",
        " ✗ invalid: the machine was busy\n",
        " ! degraded: so were its neighbours\n",
        " ! durations come in 2 groups, around 7.20 ms and 22.0 ms: the mean describes\n   none of them\n",
        " ! the median went from 5.00 ms to 9.00 ms within the run: no one figure\n   describes both\n",
    ] {
        assert!(text.contains(part), "no {part:?} in {text}");
    }
}

#[test]
fn a_run_that_nothing_speaks_against_says_so() {
    let mut summary = samples::usual();
    summary.facts.verdict = Some(crate::watch::Verdict::default());
    let text = written(&summary, UNICODE_80);
    assert!(text.contains(" ✓ valid: "), "{text}");
}

#[test]
fn a_mix_has_a_column_of_operations() {
    let expected = r"
browse.wasm + checkout-with-a-long-name.wasm
1 000 calls in 9.94 s  =  100.6 calls/s   8 workers, seed 24301

 Operation                       Tag      Outcome  Calls    Share
 browse.wasm                     SUCCESS  ok         900  90.00 %  ███████████▊
 checkout-with-a-long-name.wasm  SUCCESS  ok          50   5.00 %  ▋
 checkout-with-a-long-name.wasm  SUCCESS  fail        50   5.00 %  ▋

 Operation         Latency  Outcome      p50      p90      p99  p99.9      max
                   all               1.97 ms  4.32 ms  7.17 ms      –  12.4 ms
 browse.wasm       SUCCESS  ok       1.99 ms  4.36 ms        –      –  12.4 ms
 checkout-with-a…  SUCCESS  ok       1.78 ms        –        –      –  5.06 ms
 checkout-with-a…  SUCCESS  fail     1.83 ms        –        –      –  8.93 ms

    from  calls
  250 µs      2  ▎
  400 µs     17  ██▏
  630 µs     77  █████████▌
 1.00 ms    253  ███████████████████████████████▎
 1.60 ms    324  ████████████████████████████████████████
 2.50 ms    205  █████████████████████████▎
 4.00 ms     94  ███████████▋
 6.30 ms     27  ███▍
 10.0 ms      1  ▏

 Instances  8 made

 i no p99.9: 1 call lies beyond it and 10 are needed; 10 000 calls would do

 ! done: 950 ok, 50 fail
";
    check(&samples::mix(), UNICODE_80, expected);
}

#[test]
fn an_interrupted_run_says_what_is_missing() {
    let expected = r"
op.wasm
1 204 calls in 9.94 s  =  121.1 calls/s
8 workers, seed 24301

 Tag  Outcome  Calls     Share
 200  ok       1 204  100.00 %  ########

 Latency     p50     p99       max
 all      609 ms  1.20 s  > 5.00 s
 200      608 ms  1.20 s    1.21 s

    from  calls
 2.00 ms      2  .
 5.00 ms      3  .
 10.0 ms      8  .
 20.0 ms     32  #
 50.0 ms     49  ##
  100 ms     98  #####
  200 ms    305  ##############
  500 ms    496  #######################
  1.00 s    211  ##########

 Instances  8 made

 ! 6 calls never ended; what they could
   have changed is marked > as a lower
   bound
 i no p99.9: 1 call lies beyond it and
   10 are needed; 10 000 calls would do

 ! interrupted: 1 204 ok; 4 000 asked
   for: 2 790 not started, 6 unfinished
";
    check(&samples::interrupted(), ASCII_40, expected);
}

#[test]
fn a_run_of_no_calls_has_nothing_to_show() {
    let expected = r"
op.wasm   no call was made   8 workers, seed 24301

 Instances  8 made

 ! done: no call was asked for
";
    check(&samples::nothing(), UNICODE_80, expected);
}

#[test]
fn a_run_that_ended_before_a_call_counted_does_not_say_that_none_was_asked_for() {
    let mut early = samples::nothing();
    early.facts.status = crate::stats::facts::Status::Interrupted;
    let expected = r"
op.wasm   no call was made   8 workers, seed 24301

 Instances  8 made

 ! interrupted: no call was made
";
    check(&early, UNICODE_80, expected);
}

#[test]
fn a_run_in_which_nothing_succeeded_says_so() {
    let expected = r"
op.wasm   40 calls in 9.94 s  =  4.024 calls/s   8 workers, seed 24301

 Tag     Outcome  Calls     Share
 !start  fault       40  100.00 %  ████████████████████████████████████████

 Failures
 40×  !start  connection refused: 10.0.0.8:9  first: call 0 at 0 ns

 Instances  8 made

 ! `10.0.0.8:9` was denied (40×); --allow-host 10.0.0.8:9 grants it
 i no call got as far as to run, so there are no durations

 ✗ aborted: not one of 40 calls succeeded
";
    check(&samples::all_failing(), UNICODE_80, expected);
}

#[test]
fn one_call_has_no_percentiles() {
    let expected = r"
op.wasm   1 call in 1.50 µs  =  666 667 calls/s   8 workers, seed 24301

 Tag      Outcome  Calls     Share
 SUCCESS  ok           1  100.00 %  ████████████████████████████████████████

 Latency      min  p50  p90  p99  p99.9      max     mean
 SUCCESS  1.50 µs    –    –    –      –  1.50 µs  1.50 µs

 Instances  8 made

 i no p50: 0 calls lie beyond it and 10 are needed; 20 calls would do

 ✓ done: 1 ok
";
    check(&samples::one_call(), UNICODE_80, expected);
}

#[test]
fn every_rule_has_a_line_with_what_was_measured() {
    let expected = r"
 ✓ p99 > 150 ms                78.4 ms
 ? p99.9 > 1 s                 no data: 4 calls lie beyond it and 10 are needed
 ✓ fail > 1 %                  1.00 %
 ✗ fail >= 1 %                 1.00 %
 ✗ tag(503) > 10               40
 ✗ rate < 402.42/s             402.4144869215292/s
 ✓ min < 1.5 us                1.43 ms
 ✓ counter(items seen) < 100   8 000
 ✗ check(has a body) < 99.5 %  99.00 %
";
    check_rules(&samples::usual(), &RULES[..9], UNICODE_80, expected);
}

#[test]
fn rules_that_do_not_fit_a_line_with_their_figure_take_two() {
    let expected = r"
 + p99 > 150 ms
   78.4 ms
 ? p99.9 > 1 s
   no data: 4 calls lie beyond it and 10
   are needed
 + fail > 1 %
   1.00 %
 x fail >= 1 %
   1.00 %
 x tag(503) > 10
   40
 x rate < 402.42/s
   402.4144869215292/s
 + min < 1.5 us
   1.43 ms
 + counter(items seen) < 100
   8 000
 x check(has a body) < 99.5 %
   99.00 %
 + tag(a name that is much longer than
   any that a person would choose) > 0
   0
 ? counter(\u{1b}[2J\u{5c3a}\u{5bf8}) >
   0
   no data: the operation has no counter
   `\u{1b}[2J\u{5c3a}\u{5bf8}`
";
    check_rules(&samples::usual(), &RULES, ASCII_40, expected);
}

#[test]
fn what_is_only_known_to_be_more_is_marked() {
    let expected = r"
 ✗ p99 > 150 ms         > 506 ms
 ? p99 > 1 s            no data: > 506 ms and no more is known, since calls
                        never ended
 ✓ lag.p50 > 1 ms       50.0 µs
 ✗ service.p99 > 10 ms  10.7 ms
";
    let rules = [
        "p99 > 150ms",
        "p99 > 1s",
        "lag.p50 > 1ms",
        "service.p99 > 10ms",
    ];
    check_rules(&samples::open_load(), &rules, UNICODE_80, expected);
}
