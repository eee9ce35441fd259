//! What a key that is no key of the suite's own may be set to.

use toml::Spanned;
use toml::de::DeValue;

use super::super::document::{Document, at, in_order, kind, plain};
use super::super::expand::RateOf;
use super::super::flags::{Flag, FlagKind};
use super::{Alternative, MIX, OPERATION, SET, Setting, With, escaped};
use crate::error::{Error, Result};

/// Reads the values below one key.
pub(super) struct Reader<'d, 'a> {
    pub(super) document: &'d Document<'a>,
    /// Where the key stands.
    pub(super) place: usize,
}

impl Reader<'_, '_> {
    pub(super) fn operation(&self, value: &Spanned<DeValue<'_>>) -> Result<Setting> {
        let one = |value: &Spanned<DeValue<'_>>| {
            let DeValue::String(name) = value.get_ref() else {
                return Err(self.wrong("`operation`", "text, or a list of texts", value));
            };
            match name.as_ref() {
                "" => Err(self
                    .document
                    .refuse(at(value), "the name of the operation is empty")),
                "-" => Err(self
                    .document
                    .refuse(
                        at(value),
                        "no run of a suite can read its operation from standard input",
                    )
                    .hint("write it to a file")),
                name if name.starts_with('-') => Err(self
                    .document
                    .refuse(at(value), "an operation does not begin with `-`")
                    .hint(format!(
                        "a file is given by its path: `./{}`",
                        escaped(name)
                    ))),
                name => Ok(Alternative {
                    with: With {
                        name: OPERATION.to_owned(),
                        value: name.to_owned(),
                        text: name.to_owned(),
                    },
                    operations: vec![name.to_owned()],
                    ..Alternative::default()
                }),
            }
        };
        self.setting(OPERATION, value, one)
    }

    pub(super) fn mix(&self, value: &Spanned<DeValue<'_>>) -> Result<Setting> {
        let one = |value: &Spanned<DeValue<'_>>| {
            let DeValue::Table(table) = value.get_ref() else {
                let expected = "a table of weights: `{ \"browse.wasm\" = 90, \"buy.wasm\" = 10 }`";
                return Err(self.wrong("`mix`", expected, value));
            };
            if table.is_empty() {
                return Err(self.document.refuse(at(value), "the mix has no operation"));
            }
            let mut operations = Vec::new();
            for (name, place, weight) in in_order(table) {
                let DeValue::Integer(_) = weight.get_ref() else {
                    return Err(self.wrong("a weight", "a whole number", weight));
                };
                if name.is_empty() || name.starts_with('-') {
                    return Err(self
                        .document
                        .refuse(place, "this is no name of an operation"));
                }
                let weight = plain(weight.get_ref()).unwrap_or_default();
                operations.push(format!("{name}={weight}"));
            }
            let text = operations.join(" ");
            Ok(Alternative {
                with: With {
                    name: MIX.to_owned(),
                    value: text.clone(),
                    text,
                },
                operations,
                ..Alternative::default()
            })
        };
        self.setting(OPERATION, value, one)
    }

    /// Parameters: a table, in which a list is several runs, or a list of tables.
    pub(super) fn set(&self, value: &Spanned<DeValue<'_>>) -> Result<Vec<Setting>> {
        match value.get_ref() {
            DeValue::Table(table) => {
                let parameters = in_order(table).into_iter();
                let settings = parameters.map(|(name, place, value)| {
                    let reader = Reader { place, ..*self };
                    reader.check_parameter(name)?;
                    let one = |value: &Spanned<DeValue<'_>>| reader.parameter(name, value);
                    reader.setting(&format!("{SET} {name}"), value, one)
                });
                settings.collect()
            }
            DeValue::Array(_) => {
                let one = |value: &Spanned<DeValue<'_>>| {
                    let DeValue::Table(table) = value.get_ref() else {
                        return Err(self.wrong("one of several `set`", "a table", value));
                    };
                    let mut all = Alternative::default();
                    let mut texts = Vec::new();
                    for (name, place, value) in in_order(table) {
                        let reader = Reader { place, ..*self };
                        reader.check_parameter(name)?;
                        let parameter = reader.parameter(name, value)?;
                        texts.push(parameter.with.text);
                        all.args.extend(parameter.args);
                    }
                    let text = texts.join(" ");
                    all.with = With {
                        name: SET.to_owned(),
                        value: text.clone(),
                        text,
                    };
                    Ok(all)
                };
                Ok(vec![self.setting(SET, value, one)?])
            }
            _ => Err(self.wrong(
                "`set`",
                "a table: `{ url = \"http://127.0.0.1:8080/\" }`",
                value,
            )),
        }
    }

    fn check_parameter(&self, name: &str) -> Result<()> {
        if name.is_empty() || name.contains('=') {
            return Err(self
                .document
                .refuse(self.place, "a parameter has a name without `=`"));
        }
        Ok(())
    }

    fn parameter(&self, name: &str, value: &Spanned<DeValue<'_>>) -> Result<Alternative> {
        let text = match value.get_ref() {
            DeValue::Boolean(truth) => Some(truth.to_string()),
            value => plain(value),
        };
        let Some(text) = text else {
            return Err(self.wrong("a parameter", "text, a number, or a list of them", value));
        };
        let pair = format!("{name}={text}");
        Ok(Alternative {
            with: With {
                name: name.to_owned(),
                value: text,
                text: pair.clone(),
            },
            args: vec!["--set".to_owned(), pair],
            ..Alternative::default()
        })
    }

    pub(super) fn flag(&self, flag: &Flag, value: &Spanned<DeValue<'_>>) -> Result<Setting> {
        if let Some(why) = flag.refused {
            let problem = format!("`{}` is nothing for a run of a suite", flag.key());
            return Err(self.document.refuse(self.place, problem).hint(why));
        }
        let key = format!("`{}`", flag.key());
        let item = |value: &Spanned<DeValue<'_>>| {
            plain(value.get_ref()).ok_or_else(|| self.wrong(&key, "text or a number", value))
        };
        match (flag.kind, value.get_ref()) {
            (FlagKind::Many, DeValue::Array(items)) => {
                let values = items.iter().map(item).collect::<Result<Vec<_>>>()?;
                Ok(Setting {
                    key: flag.name.clone(),
                    at: self.place,
                    alternatives: vec![Alternative {
                        args: flag.args(&values),
                        ..Alternative::default()
                    }],
                    is_list: false,
                })
            }
            (FlagKind::Switch, _) => {
                self.setting(&flag.name, value, |value| match value.get_ref() {
                    DeValue::Boolean(is_on) => Ok(switch(flag, *is_on)),
                    _ => Err(self.wrong(&key, "`true` or `false`", value)),
                })
            }
            (FlagKind::One | FlagKind::Many, _) => {
                self.setting(&flag.name, value, |value| Ok(one(flag, item(value)?)))
            }
        }
    }

    /// A setting whose value may be a list.
    fn setting(
        &self,
        key: &str,
        value: &Spanned<DeValue<'_>>,
        read: impl Fn(&Spanned<DeValue<'_>>) -> Result<Alternative>,
    ) -> Result<Setting> {
        let (alternatives, is_list) = match value.get_ref() {
            DeValue::Array(values) if values.is_empty() => {
                let problem = "an empty list makes no run";
                return Err(self.document.refuse(at(value), problem));
            }
            DeValue::Array(values) => (values.iter().map(read).collect::<Result<_>>()?, true),
            _ => (vec![read(value)?], false),
        };
        Ok(Setting {
            key: key.to_owned(),
            at: self.place,
            alternatives,
            is_list,
        })
    }

    fn wrong(&self, what: &str, expected: &str, value: &Spanned<DeValue<'_>>) -> Error {
        let problem = format!("{what} is {expected}, and not {}", kind(value.get_ref()));
        self.document.refuse(at(value), problem)
    }
}

/// A flag with a value.
fn one(flag: &Flag, value: String) -> Alternative {
    let rate_of = (flag.name == "rate")
        .then(|| RateOf::read(&value))
        .flatten();
    let args = match rate_of {
        Some(_) => Vec::new(),
        None => flag.args(std::slice::from_ref(&value)),
    };
    Alternative {
        with: With {
            name: flag.name.clone(),
            text: flag.with(&value),
            value,
        },
        args,
        rate_of,
        ..Alternative::default()
    }
}

fn switch(flag: &Flag, is_on: bool) -> Alternative {
    let text = match is_on {
        true => flag.dashed(),
        false => format!("no {}", flag.dashed()),
    };
    Alternative {
        with: With {
            name: flag.name.clone(),
            value: is_on.to_string(),
            text,
        },
        args: if is_on { flag.args(&[]) } else { Vec::new() },
        ..Alternative::default()
    }
}
