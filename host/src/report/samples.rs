//! Summaries for tests: synthetic runs, the same every time.

mod course;

pub(crate) use course::{course, views};

use std::sync::Arc;

use crate::stats::facts::{
    Accounting, Component, Denied, Host, Instances, Limits, Load, Log, Model, Phases, RunFacts,
    Shape, Status, Traffic,
};
use crate::stats::{Fault, Interner, Recorder, Summary, Times};
use crate::watch::{Readings, Reason, Spread, State, SystemReadings, Verdict};

const MS: u64 = 1_000_000;

/// A small generator (Knuth's MMIX constants), so that no dependency can change the samples.
struct Dice(u64);

impl Dice {
    /// 0 to 1.
    fn throw(&mut self) -> f64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1u64 << 53) as f64
    }

    /// A long-tailed duration around `ms`.
    fn duration(&mut self, ms: f64) -> u64 {
        let bell = (0..6).map(|_| self.throw()).sum::<f64>() - 3.0;
        // The exponential by multiplications alone, which give the same on every machine.
        let mut factor = 1.0 + bell * 0.8 / 64.0;
        (0..6).for_each(|_| factor *= factor);
        (ms * MS as f64 * factor) as u64
    }
}

fn component(name: &str) -> Component {
    Component {
        name: name.to_owned(),
        path: format!("target/{name}"),
        sha256: "9f2c41d07be8".repeat(5) + "9f2c",
        bytes: 182_233,
        world: "gorgon:load/op@0.1.0".to_owned(),
        kind: "component".to_owned(),
        memory_peak_bytes: None,
    }
}

fn facts() -> RunFacts {
    RunFacts {
        command: ["gorgon", "run", "op.wasm", "-n", "4000", "-w", "8"]
            .map(str::to_owned)
            .to_vec(),
        gorgon: "0.1.0".to_owned(),
        wasmtime: "48.0.8".to_owned(),
        run_id: "20261120T170411Z-5eed".to_owned(),
        started: "2026-11-20T17:04:11.123Z".to_owned(),
        components: vec![component("op.wasm")],
        load: Load {
            workers: 8,
            threads: 2,
            calls: Some(4000),
            seed: 24301,
            ..Load::default()
        },
        limits: Limits {
            memory_bytes: 256 << 20,
            timeout_ns: 10_000 * MS,
            allow_hosts: vec!["10.0.0.7".to_owned()],
        },
        host: Host {
            os: "linux 6.1".to_owned(),
            cpus: 2,
            memory_bytes: Some(24 << 30),
        },
        elapsed_ns: 9_940 * MS,
        window_ns: 9_940 * MS,
        instances: Instances {
            created: 8,
            ..Instances::default()
        },
        ..RunFacts::default()
    }
}

fn recorder(open_load: bool) -> Recorder {
    Recorder::new(Arc::new(Interner::new(None)), open_load)
}

fn finish(mut facts: RunFacts, recorder: Recorder) -> Summary {
    let accounting = &mut facts.accounting;
    accounting.done = recorder.calls();
    accounting.asked =
        accounting.done + accounting.missed + accounting.not_started + accounting.unfinished;
    let summary = Summary::new(facts, recorder);
    summary.check_identities().unwrap();
    summary
}

/// A run of 4 000 calls with a few failures, HTTP, and a little of everything.
pub(crate) fn usual() -> Summary {
    let mut recorder = recorder(false);
    let mut dice = Dice(1);
    for number in 0..4000u64 {
        let start_ns = number / 8 * 20 * MS;
        let ns = if number % 12 == 0 {
            dice.duration(40.0)
        } else {
            dice.duration(8.0)
        };
        let end_ns = start_ns + ns;
        let row = match number {
            n if n % 100 == 7 => recorder.row_of_tag(0, Err("503")),
            n if n % 500 == 11 => recorder.row_of_fault(0, Fault::Timeout),
            n if n % 91 == 3 => recorder.row_of_tag(0, Ok("404")),
            _ => recorder.row_of_tag(0, Ok("200")),
        };
        recorder.call(
            row,
            Times {
                due_ns: start_ns,
                start_ns,
                end_ns,
            },
        );
        if number % 100 == 7 {
            recorder.failure(
                row,
                "upstream connect error",
                number,
                (number % 8) as u32,
                end_ns,
            );
        } else if number % 500 != 11 && number % 91 != 3 {
            recorder.measurement(row, "login", ns / 3);
            recorder.measurement(row, "search", ns / 2);
        }
        recorder.counter("items seen", number % 5);
        recorder.check("has a body", number % 100 != 7);
    }
    let mut facts = facts();
    let errors = [("connect".to_owned(), 36), ("timeout".to_owned(), 8)].into();
    facts.http = Some(Traffic {
        requests: 8_012,
        responses: 7_968,
        connections_opened: 52,
        reused_requests: 7_960,
        bytes_sent: 1_270_000,
        bytes_received: 35_651_584,
        errors,
        phases: Phases {
            connect_ns: 52 * 1_200_000,
            send_ns: 7_968 * 12_000,
            wait_ns: 7_968 * 5_900_000,
            receive_ns: 7_968 * 80_000,
            ..Phases::default()
        },
    });
    facts.instances = Instances {
        created: 16,
        replaced: 8,
        memory_peak_bytes: Some(1_310_720),
    };
    finish(facts, recorder)
}

/// The same on a machine that was busy with something else, and with a server in two minds.
pub(crate) fn doubted() -> Summary {
    let mut summary = usual();
    let reason = |id: &str, state, text: &str| Reason {
        id: id.to_owned(),
        state,
        text: text.to_owned(),
    };
    summary.facts.verdict = Some(Verdict {
        state: State::Invalid,
        reasons: vec![
            reason("run_queue", State::Invalid, "the machine was busy"),
            reason("poll_delay", State::Degraded, "so were its neighbours"),
        ],
    });
    let readings = Readings {
        guest_ns: Some(40 * MS),
        poll_delay: Spread {
            p99_ns: Some(2 * MS),
            ..Spread::default()
        },
        ..Readings::default()
    };
    summary.facts.runner = Some(readings.with_system(SystemReadings {
        user_ns: Some(80 * MS),
        system_ns: Some(20 * MS),
        ..SystemReadings::default()
    }));
    summary.facts.shape = Shape {
        modes_ns: vec![7_200_000, 22 * MS],
        drift_ns: Some((5 * MS, 9 * MS)),
    };
    summary
}

/// Open load at a server that stalled, so that calls started late and some never did.
pub(crate) fn open_load() -> Summary {
    let mut recorder = recorder(true);
    recorder.set_window_end(5_000 * MS);
    let mut dice = Dice(2);
    let row = recorder.row_of_tag(0, Ok("200"));
    for number in 0..9_400u64 {
        let due_ns = number * MS / 2;
        let start_ns = due_ns
            + if (4000..5000).contains(&number) {
                5000 * MS / 10
            } else {
                50_000
            };
        recorder.call(
            row,
            Times {
                due_ns,
                start_ns,
                end_ns: start_ns + dice.duration(3.0),
            },
        );
    }
    (9_400..10_000).for_each(|number| recorder.never_ended(number * MS / 2, None, 5_000 * MS));
    let mut facts = facts();
    facts.load = Load {
        model: Model::Open,
        rate: Some("2000".to_owned()),
        workers: 0,
        ..facts.load
    };
    facts.elapsed_ns = 5_010 * MS;
    facts.window_ns = 5_000 * MS;
    facts.accounting = Accounting {
        not_started: 600,
        warmup_done: 100,
        ..Accounting::default()
    };
    finish(facts, recorder)
}

/// A mix of two operations, one of them with a long name.
pub(crate) fn mix() -> Summary {
    let mut recorder = recorder(false);
    let mut dice = Dice(3);
    for number in 0..1000u64 {
        let operation = u16::from(number % 10 == 0);
        let row = match number % 20 {
            10 => recorder.row_of_tag(operation, Err("SUCCESS")),
            _ => recorder.row_of_tag(operation, Ok("SUCCESS")),
        };
        recorder.call(
            row,
            Times {
                due_ns: 0,
                start_ns: 0,
                end_ns: dice.duration(2.0),
            },
        );
    }
    let mut facts = facts();
    facts.components = vec![
        component("browse.wasm"),
        component("checkout-with-a-long-name.wasm"),
    ];
    finish(facts, recorder)
}

/// A run in which nothing was asked for.
pub(crate) fn nothing() -> Summary {
    finish(
        RunFacts {
            elapsed_ns: 0,
            window_ns: 0,
            ..facts()
        },
        recorder(false),
    )
}

/// A run of one call.
pub(crate) fn one_call() -> Summary {
    let mut recorder = recorder(false);
    let row = recorder.row_of_tag(0, Ok("SUCCESS"));
    recorder.call(
        row,
        Times {
            due_ns: 0,
            start_ns: 0,
            end_ns: 1_500,
        },
    );
    finish(
        RunFacts {
            elapsed_ns: 1_500,
            window_ns: 1_500,
            ..facts()
        },
        recorder,
    )
}

/// A run in which every call was refused, without having run.
pub(crate) fn all_failing() -> Summary {
    let mut recorder = recorder(false);
    for number in 0..40 {
        let row = recorder.row_of_fault(0, Fault::Start);
        recorder.call_without_timing(row, number * MS);
        recorder.failure(
            row,
            "connection refused: 10.0.0.8:9",
            number,
            0,
            number * MS,
        );
    }
    let mut facts = facts();
    facts.status = Status::Aborted;
    facts.denied = vec![Denied {
        target: "10.0.0.8:9".to_owned(),
        count: 40,
    }];
    finish(facts, recorder)
}

/// A run that somebody stopped.
pub(crate) fn interrupted() -> Summary {
    let mut recorder = recorder(false);
    let mut dice = Dice(4);
    let row = recorder.row_of_tag(0, Ok("200"));
    for number in 0..1204u64 {
        recorder.call(
            row,
            Times {
                due_ns: 0,
                start_ns: 0,
                end_ns: number * MS + dice.duration(5.0),
            },
        );
    }
    (0..6).for_each(|_| recorder.never_ended(0, Some(0), 5_000 * MS));
    let mut facts = facts();
    facts.status = Status::Interrupted;
    facts.accounting = Accounting {
        not_started: 2_790,
        unfinished: 6,
        ..Accounting::default()
    };
    finish(facts, recorder)
}

/// Everything a guest can choose, chosen to do harm.
pub(crate) fn hostile() -> Summary {
    let mut recorder = recorder(false);
    let texts = [
        "",
        "\u{1b}[2J\u{1b}[31m",
        "a\nb\r",
        "\u{202e}desrever",
        "</script>",
        "尺寸尺寸尺寸",
        "!trap",
        "\u{9b}1m\0",
    ];
    for (number, text) in texts.into_iter().cycle().take(400).enumerate() {
        let number = number as u64;
        let row = recorder.row_of_tag(
            0,
            if number.is_multiple_of(3) {
                Err(text)
            } else {
                Ok(text)
            },
        );
        recorder.call(
            row,
            Times {
                due_ns: 0,
                start_ns: 0,
                end_ns: number * 1000,
            },
        );
        recorder.measurement(row, text, number);
        recorder.counter(text, u64::MAX);
        recorder.check(text, false);
        recorder.failure(row, text, number, 0, number);
    }
    (0..300).for_each(|number| {
        let row = recorder.row_of_tag(0, Ok(&format!("{number}{}", "x".repeat(200))));
        recorder.call(
            row,
            Times {
                due_ns: 0,
                start_ns: 0,
                end_ns: u64::MAX,
            },
        );
    });
    let mut facts = facts();
    facts.components = vec![component("\u{1b}]0;owned\u{7}.wasm")];
    facts.notes = vec!["a note with \u{1b}[31m in it".to_owned()];
    facts.denied = vec![Denied {
        target: "\u{1b}[31m:80".to_owned(),
        count: 3,
    }];
    facts.http = Some(Traffic {
        requests: 1,
        errors: [("\u{1b}".to_owned(), 1)].into(),
        ..Traffic::default()
    });
    facts.log = Log {
        lines: 1000,
        dropped: 17,
    };
    finish(facts, recorder)
}

/// All of them, by name.
pub(crate) fn all() -> [(&'static str, Summary); 9] {
    [
        ("usual", usual()),
        ("doubted", doubted()),
        ("open_load", open_load()),
        ("mix", mix()),
        ("nothing", nothing()),
        ("one_call", one_call()),
        ("all_failing", all_failing()),
        ("interrupted", interrupted()),
        ("hostile", hostile()),
    ]
}
