//! Uses everything that the contract offers, one thing at a time. `--set do=…` picks it:
//!
//! | `do` | what happens | tag |
//! |---|---|---|
//! | `number` | | the number |
//! | `when` | | `NUMBER@DUE`, with nanoseconds; failing where that is yet to come |
//! | `bytes` | | the bytes of the item in hexadecimal |
//! | `tags` | | the number modulo `modulo` (10) |
//! | `fail` | | the number modulo `modulo`, failing |
//! | `context` | logs all there is to know of the call | `SUCCESS` |
//! | `log` | writes to stdout, stderr and, in every level, to the log | `SUCCESS` |
//! | `measure` | spans (nested, repeated, never ended, only in even numbers), a record, counters, checks | `even`, `odd` |
//! | `random` | | the first random value |
//! | `sleep` | sleeps `for` (50 ms) | `SUCCESS` |
//! | `parameters` | logs all parameters as `NAME=VALUE` | how many there are |
//! | `item`, `row` | logs the row as `COLUMN=CELL` | the item, the cells with `,` between them |
//! | `state` | | how many calls this instance has made |
//! | `env` | tries to leave the sandbox | what it could, see [`env`] |
//! | `bigtag`, `emptytag`, `nonascii` | | `x` × `size` (10 000); nothing; `größe→☃` |
//! | `http` | one thing of the client, see [`http`] | depends |

mod env;
mod http;
mod observe;

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use gorgon_sdk::{Failure, Result, Tag, clock, context, random};

#[gorgon_sdk::operation]
fn run(number: u64) -> Result {
    match context::required("do")?.as_str() {
        "number" => Ok(Tag::ok(number.to_string())),
        "when" => Ok(observe::when(number)),
        "bytes" => Ok(observe::bytes()),
        "tags" => Ok(Tag::ok(modulo(number)?)),
        "fail" => Ok(Tag::fail(modulo(number)?)),
        "context" => Ok(observe::context()),
        "log" => Ok(observe::log()),
        "measure" => Ok(observe::measure(number)),
        "random" => Ok(Tag::ok(random::u64().to_string())),
        "sleep" => sleep(),
        "parameters" => Ok(observe::parameters()),
        "item" => Ok(context::item_str().map_or(Tag::fail("no item"), Tag::ok)),
        "row" => Ok(observe::row()),
        "state" => Ok(state()),
        "env" => Ok(env::probe()),
        "bigtag" => Ok(Tag::ok("x".repeat(context::parameter_or("size", 10_000)?))),
        "emptytag" => Ok(Tag::ok("")),
        "nonascii" => Ok(Tag::ok("größe→☃")),
        "http" => http::probe(number),
        other => Err(Failure::new("bad-parameter:do")
            .because(format!("there is nothing to do for `{other}`"))),
    }
}

fn modulo(number: u64) -> Result<String> {
    let modulo = context::parameter_or("modulo", 10)?;
    Ok(number.checked_rem(modulo).unwrap_or(number).to_string())
}

fn sleep() -> Result {
    clock::sleep(context::parameter_or("for", Duration::from_millis(50))?);
    Ok(Tag::ok("SUCCESS"))
}

/// The calls of this instance so far, this one included.
fn state() -> Tag {
    static CALLS: AtomicU64 = AtomicU64::new(0);
    Tag::ok((CALLS.fetch_add(1, Ordering::Relaxed) + 1).to_string())
}

#[cfg(test)]
mod tests {
    use gorgon_sdk::testing::{Call, Host};

    use super::*;

    fn call(what: &str, number: u64, more: &[(&str, &str)]) -> Call {
        let host = Host::new()
            .parameter("do", what)
            .number(number)
            .item("line")
            .cell("a", "1")
            .cell("b", "2");
        more.iter()
            .fold(host, |host, (name, value)| host.parameter(*name, *value))
            .run(|| run(number))
    }

    #[test]
    fn each_thing_to_do_has_the_tag_that_is_documented() {
        #[track_caller]
        fn check(what: &str, more: &[(&str, &str)], tag: Tag) {
            assert_eq!(call(what, 17, more).tag(), &tag);
        }
        check("number", &[], Tag::ok("17"));
        check("when", &[], Tag::ok("17@0"));
        check("bytes", &[], Tag::ok("6c696e65"));
        check("tags", &[], Tag::ok("7"));
        check("tags", &[("modulo", "3")], Tag::ok("2"));
        check("fail", &[("modulo", "3")], Tag::fail("2"));
        check("context", &[], Tag::ok("SUCCESS"));
        check("log", &[], Tag::ok("SUCCESS"));
        check("measure", &[], Tag::ok("odd"));
        check("parameters", &[("x", "1")], Tag::ok("2"));
        check("item", &[], Tag::ok("line"));
        check("row", &[], Tag::ok("1,2"));
        check("bigtag", &[("size", "4")], Tag::ok("xxxx"));
        check("emptytag", &[], Tag::ok(""));
        check("nonascii", &[], Tag::ok("größe→☃"));
        check("nonsense", &[], Tag::fail("bad-parameter:do"));
    }

    #[test]
    fn what_an_instance_keeps_is_counted() {
        assert_eq!(call("state", 0, &[]).tag(), &Tag::ok("1"));
        assert_eq!(call("state", 9, &[]).tag(), &Tag::ok("2"));
    }

    #[test]
    fn spans_are_measured_as_documented() {
        let call = call("measure", 2, &[]);
        let samples = |name| call.measurements(name).len();
        assert_eq!(
            (
                samples("outer"),
                samples("inner"),
                samples("even only"),
                samples("never ended"),
                samples("recorded")
            ),
            (1, 3, 1, 0, 1)
        );
        assert_eq!(
            (
                call.counter("pages"),
                call.checks("is even"),
                call.checks("fails")
            ),
            (5, (1, 0), (0, 1))
        );
    }
}
