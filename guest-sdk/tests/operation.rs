//! Operations as users write them, in the test host.

use std::time::Duration;

use gorgon_sdk::log::Level;
use gorgon_sdk::testing::Host;
use gorgon_sdk::{
    Failure, IntoTag, OrFail, Result, Tag, clock, context, http, log, measure, random,
};

#[track_caller]
fn check(value: impl IntoTag, tag: Tag) {
    assert_eq!(Host::new().run(|| value).tag(), &tag);
}

#[test]
fn everything_that_may_be_returned_becomes_its_tag() {
    check((), Tag::ok("SUCCESS"));
    check(true, Tag::ok("SUCCESS"));
    check(false, Tag::fail("FAIL"));
    check("bought", Tag::ok("bought"));
    check("bought".to_owned(), Tag::ok("bought"));
    check(200, Tag::ok("200"));
    check(302, Tag::ok("302"));
    check(404, Tag::fail("404"));
    check(Tag::fail("x"), Tag::fail("x"));
    check(Failure::new("x"), Tag::fail("x"));
    check(Ok::<_, Failure>("fine"), Tag::ok("fine"));
    check(Err::<(), _>("broken"), Tag::fail("broken"));
    check(
        Err::<(), _>(http::Error::Timeout(http::Phase::Wait)),
        Tag::fail("timeout"),
    );
    check(Err::<u16, _>(http::Error::Status(402)), Tag::fail("402"));
    check(Ok::<_, Failure>(500), Tag::fail("500"));
}

#[derive(Tag)]
enum Outcome {
    Bought,
    #[tag(fail)]
    SoldOut,
    #[tag("402", fail)]
    Declined {
        _code: u32,
    },
    #[tag("OK")]
    Other(),
}

#[test]
fn the_variants_of_an_enum_are_tags() {
    check(Outcome::Bought, Tag::ok("bought"));
    check(Outcome::SoldOut, Tag::fail("sold-out"));
    check(Outcome::Declined { _code: 7 }, Tag::fail("402"));
    check(Outcome::Other(), Tag::ok("OK"));
    check(Err::<(), _>(Outcome::Bought), Tag::fail("bought"));
}

#[test]
fn the_question_mark_understands_what_goes_wrong() {
    #[track_caller]
    fn check(call: impl FnOnce() -> Result<()>, tag: &str) {
        assert_eq!(Host::new().run(call).tag(), &Tag::fail(tag.to_owned()));
    }
    check(|| Ok(Err("text")?), "text");
    check(|| Ok(Err(String::from("owned"))?), "owned");
    check(|| Ok(Err(Outcome::SoldOut)?), "sold-out");
    check(|| Ok(Err(Tag::ok("tag"))?), "tag");
    check(
        || http::get("http://a").send().map(drop).map_err(Into::into),
        "connect",
    );
    check(
        || "x".parse::<u8>().map(drop).map_err(Into::into),
        "not-a-number",
    );
    check(
        || context::required("url").map(drop).map_err(Into::into),
        "missing-parameter:url",
    );
    check(|| None.or_fail("nothing"), "nothing");
    check(|| Err::<(), _>("why").or_fail("because"), "because");
    check(
        || Ok(gorgon_sdk::serde_json::from_str::<u8>("{").map(drop)?),
        "json",
    );
}

#[test]
fn why_a_call_failed_is_logged_once() {
    let call = Host::new()
        .parameter("for", "30")
        .run(|| context::duration("for").map(drop));
    assert_eq!(call.tag(), &Tag::fail("bad-parameter:for"));
    let [line] = call.log() else {
        panic!("one line: {:?}", call.log())
    };
    assert_eq!(line.level, Level::Error);
    assert!(
        line.text
            .starts_with("the value of `--set for=…` cannot be used: `30` is not a duration"),
        "{}",
        line.text
    );
}

#[test]
fn parameters_are_read_in_the_type_that_is_asked_for() {
    let host = Host::new()
        .parameter("n", "4k")
        .parameter("on", "yes")
        .parameter("size", "1MiB")
        .parameter("x", "1.5");
    let (result, _) = host.parameter("x", "2.5").with(|| -> Result<()> {
        assert_eq!(context::parameter_as::<u32>("n")?, Some(4000));
        assert_eq!(context::parameter_or("on", false), Ok(true));
        assert_eq!(context::parameter_or("x", 0.0), Ok(2.5));
        assert_eq!(context::size_or("size", 0), Ok(1 << 20));
        assert_eq!(context::size_or("other", 7), Ok(7));
        assert_eq!(
            context::parameter_or("pause", Duration::from_secs(1)),
            Ok(Duration::from_secs(1))
        );
        assert_eq!(context::parameter_as::<String>("other")?, None);
        assert_eq!(context::parameters().len(), 4);
        assert_eq!(
            context::parameter_as::<u8>("n").map_err(|error| error.name().to_owned()),
            Err("n".into())
        );
        Ok(())
    });
    assert_eq!(result, Ok(()));
}

#[test]
fn a_call_knows_its_number_item_and_row() {
    let host = Host::new()
        .number(17)
        .worker(3, 8)
        .item("line")
        .cell("user", "ü")
        .cell("raw", [0xff]);
    host.with(|| {
        assert_eq!(
            (context::number(), context::worker(), context::workers()),
            (17, 3, 8)
        );
        assert_eq!(context::item_str().as_deref(), Some("line"));
        assert_eq!(context::cell_str("user").as_deref(), Some("ü"));
        assert_eq!(context::cell_str("raw").as_deref(), Some("\u{fffd}"));
        assert_eq!(context::cell("other"), None);
        assert_eq!(context::row().len(), 2);
        assert!(!context::stopping());
    });
}

#[test]
fn spans_nest_repeat_and_end_with_their_scope() {
    let (_, call) = Host::new().with(|| {
        let outer = measure::span("outer");
        for _ in 0..2 {
            measure::time("inner", || clock::sleep(Duration::from_millis(10)));
        }
        outer.end();
        measure::record("timed elsewhere", Duration::from_millis(3));
        measure::count("pages", 2);
        measure::count("pages", 3);
        assert!(measure::check("fine", true));
        assert!(!measure::check("fine", false));
    });
    assert_eq!(call.measurements("outer"), [Duration::from_millis(20)]);
    assert_eq!(call.measurements("inner"), [Duration::from_millis(10); 2]);
    assert_eq!(
        call.measurements("timed elsewhere"),
        [Duration::from_millis(3)]
    );
    assert_eq!(call.counter("pages"), 5);
    assert_eq!(call.checks("fine"), (1, 1));
    assert_eq!(call.elapsed(), Duration::from_millis(20));
}

#[test]
fn functions_and_macros_write_the_same_log() {
    let (_, call) = Host::new().with(|| {
        log::info("plain");
        log::warn!("{} of {}", 1, 2);
        log::debug!("done");
        log::error("bad");
    });
    let lines: Vec<_> = call
        .log()
        .iter()
        .map(|line| (line.level, line.text.as_str()))
        .collect();
    assert_eq!(
        lines,
        [
            (Level::Info, "plain"),
            (Level::Warn, "1 of 2"),
            (Level::Debug, "done"),
            (Level::Error, "bad")
        ]
    );
}

#[test]
fn a_test_that_panics_leaves_no_host_behind() {
    let result = std::panic::catch_unwind(|| Host::new().number(17).with(|| panic!("on purpose")));
    assert!(result.is_err());
    assert_eq!(context::number(), 0);
}

#[test]
fn each_call_draws_anew() {
    let draw = || Host::new().seed(7).number(1).with(random::u64).0;
    assert_eq!(draw(), draw());
}

/// The attribute itself, on every shape of function that it takes.
mod attributes {
    use super::*;

    #[gorgon_sdk::operation]
    fn with_a_number(number: u64) -> bool {
        number != 0
    }

    #[gorgon_sdk::operation]
    pub(crate) fn without_one() {}

    mod hooks {
        pub(super) fn prepare() -> std::result::Result<Vec<u8>, &'static str> {
            Ok(b"shared".to_vec())
        }
    }

    #[gorgon_sdk::operation(setup = hooks::prepare, start = log_in, stop = log_out, teardown = clean_up,)]
    fn with_a_lifecycle(
        #[expect(unused_variables, reason = "the attribute has to bear attributes")] number: u64,
    ) -> Tag {
        Tag::ok("x")
    }

    fn log_in(shared: &[u8]) -> Result<()> {
        (shared == b"shared").then_some(()).or_fail("other")
    }

    fn log_out() {}

    fn clean_up(_: String) -> std::result::Result<(), String> {
        Ok(())
    }

    #[test]
    fn the_function_stays_a_function() {
        assert!(with_a_number(1));
        without_one();
        assert_eq!(with_a_lifecycle(1), Tag::ok("x"));
    }
}
