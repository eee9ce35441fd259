//! A run's JSON summary, and what has to hold for every one of them.

use std::collections::BTreeMap;
use std::fmt::Debug;

use serde_json::Value;

/// A summary that fits its schema and whose calls add up.
pub(crate) struct Summary {
    value: Value,
}

impl Summary {
    #[track_caller]
    pub(crate) fn checked(value: Value) -> Summary {
        check_schema(&value);
        let summary = Summary { value };
        summary.check_accounting();
        summary
    }

    /// What is at a JSON pointer (RFC 6901).
    #[track_caller]
    pub(crate) fn at(&self, pointer: &str) -> &Value {
        self.value
            .pointer(pointer)
            .unwrap_or_else(|| panic!("no `{pointer}` in {:#}", self.value))
    }

    /// One of the counts of calls: `asked`, `done`, `ok`, `fail`, `fault`, `missed`, `not_started`, `unfinished`.
    #[track_caller]
    pub(crate) fn calls(&self, what: &str) -> u64 {
        number(self.at(&format!("/calls/{what}")))
    }

    /// Whether the verdict on the runner is that nothing can be said by these figures, as on a machine that is busy with
    /// other things.
    #[track_caller]
    pub(crate) fn is_invalid(&self) -> bool {
        self.at("/verdict/state") == "invalid"
    }

    /// What came of the first rule. On a machine that is so busy that the run is invalid no rule has data, and no test can
    /// help that.
    #[track_caller]
    pub(crate) fn first_rule_is(&self, expected: &str) {
        let expected = if self.is_invalid() {
            "no_data"
        } else {
            expected
        };
        assert_eq!(self.at("/thresholds/0/result"), expected);
    }

    /// How often each tag came back, whatever it counts as.
    #[track_caller]
    pub(crate) fn tags(&self) -> BTreeMap<String, u64> {
        let mut tags = BTreeMap::new();
        for row in self.rows() {
            *tags.entry(text(&row["tag"]).to_owned()).or_default() += number(&row["count"]);
        }
        tags
    }

    /// Checks every tag's count, and that there is no other tag.
    #[track_caller]
    pub(crate) fn has_tags<'a>(
        &self,
        expected: impl IntoIterator<Item = (&'a str, u64)>,
    ) -> &Summary {
        let expected: BTreeMap<String, u64> = expected
            .into_iter()
            .map(|(tag, count)| (tag.to_owned(), count))
            .collect();
        self.same(&self.tags(), &expected);
        self
    }

    /// How often a tag came back as `ok`, `fail` or `fault`.
    #[track_caller]
    pub(crate) fn count(&self, outcome: &str, tag: &str) -> u64 {
        let rows = self.rows().iter();
        rows.filter(|row| row["tag"] == tag && row["outcome"] == outcome)
            .map(|row| number(&row["count"]))
            .sum()
    }

    #[track_caller]
    fn rows(&self) -> &Vec<Value> {
        self.at("/tags").as_array().expect("`tags` is a list")
    }

    #[track_caller]
    fn same<T: PartialEq + Debug>(&self, actual: &T, expected: &T) {
        assert_eq!(actual, expected, "in {:#}", self.value);
    }

    /// `asked = done + missed + not_started + unfinished`, `done = ok + fail + fault`, and the tags are what was done.
    #[track_caller]
    fn check_accounting(&self) {
        let asked = self.calls("done")
            + self.calls("missed")
            + self.calls("not_started")
            + self.calls("unfinished");
        self.same(&self.calls("asked"), &asked);
        for outcome in ["ok", "fail", "fault"] {
            let rows = self.rows().iter().filter(|row| row["outcome"] == outcome);
            let count: u64 = rows.map(|row| number(&row["count"])).sum();
            self.same(&self.calls(outcome), &count);
        }
        self.same(&self.tags().values().sum(), &self.calls("done"));
        self.same(&number(self.at("/totals/completed")), &self.calls("done"));
        for row in self.rows() {
            // Every call that was made has a time: none is invented, none is left out. One whose instance could not
            // start was not made.
            let made = if row["tag"] == "!start" {
                0
            } else {
                number(&row["count"])
            };
            self.same(&number(&row["latency"]["service"]["count"]), &made);
        }
    }
}

/// A count, which is a number, or text where it may exceed what JSON's readers hold exactly.
#[track_caller]
fn number(value: &Value) -> u64 {
    value
        .as_u64()
        .or_else(|| value.as_str()?.parse().ok())
        .unwrap_or_else(|| panic!("`{value}` is not a count"))
}

#[track_caller]
fn text(value: &Value) -> &str {
    value
        .as_str()
        .unwrap_or_else(|| panic!("`{value}` is not text"))
}

#[track_caller]
fn check_schema(value: &Value) {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../schema/summary.schema.json");
    let schema = std::fs::read(path).expect("the schema is there");
    let schema: Value = serde_json::from_slice(&schema).expect("the schema is JSON");
    let validator = jsonschema::validator_for(&schema).expect("the schema is one");
    let errors: Vec<String> = validator
        .iter_errors(value)
        .map(|error| format!("{} at {}", error, error.instance_path()))
        .collect();
    assert!(
        errors.is_empty(),
        "against the schema: {errors:#?} in {value:#}"
    );
}
