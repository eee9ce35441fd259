//! Programs with a `main` as operations, without any bindings: each call is one run of the program.
//!
//! | the program is given | |
//! |---|---|
//! | arguments | its name, the number, the item if there is one |
//! | `GORGON_NUMBER`, `GORGON_WORKER`, `GORGON_RUN_ID` | the number, the worker, the name of the run |
//! | `GORGON_ITEM` | the item, if there is one |
//! | `GORGON_SET_NAME` | the parameter `name`: in capitals, with `_` for what is neither a letter nor a digit |
//! | `GORGON_CELL_NAME` | the cell of the call's row in the column `name`, likewise |
//!
//! The last line that it prints, and that is not empty, is the tag; exit status 0 means that the call is ok. A program that prints nothing
//! returns `SUCCESS` or `FAIL`. What else it prints goes to the log.

use std::collections::BTreeMap;

use wasmtime_wasi::I32Exit;

use super::state::State;
use crate::engine::operation::Call;

/// What a program is called in its first argument.
const NAME: &str = "operation";

/// What a program is started with.
#[derive(Debug, Default)]
pub(super) struct Start {
    pub(super) arguments: Vec<String>,
    pub(super) variables: Vec<(String, String)>,
}

impl Start {
    /// What it is started with for a call.
    ///
    /// # Errors
    /// The item or a cell has a zero byte, at which arguments and variables end; the tag for that.
    pub(super) fn of(call: &Call, state: &State) -> Result<Start, &'static str> {
        let number = call.number.to_string();
        let mut variables = vec![
            ("GORGON_NUMBER".to_owned(), number.clone()),
            ("GORGON_WORKER".to_owned(), state.worker.to_string()),
            ("GORGON_RUN_ID".to_owned(), state.run.run_id.clone()),
        ];
        let mut arguments = vec![NAME.to_owned(), number];
        if let Some(item) = &call.item {
            let item = text(item).ok_or("bad-item")?;
            variables.push(("GORGON_ITEM".to_owned(), item.clone()));
            arguments.push(item);
        }
        let parameters = state.run.parameters.all().into_iter();
        variables.extend(parameters.map(|(name, value)| (variable("SET", &name), value)));
        let row = state
            .run
            .data
            .as_ref()
            .and_then(|data| data.row(call.index));
        for (name, cell) in row.iter().flat_map(|row| row.cells()) {
            let cell = text(cell).ok_or("bad-cell")?;
            variables.push((variable("CELL", name), cell));
        }
        Ok(Start {
            arguments,
            variables,
        })
    }
}

/// Whether a variable of this name tells a program something, so that it cannot mean anything to gorgon itself.
pub fn is_variable_of_programs(name: &str) -> bool {
    const FIXED: [&str; 4] = [
        "GORGON_ITEM",
        "GORGON_NUMBER",
        "GORGON_RUN_ID",
        "GORGON_WORKER",
    ];
    FIXED.contains(&name) || name.starts_with("GORGON_SET_") || name.starts_with("GORGON_CELL_")
}

/// Two parameters that a program would find in the same variable, if there are such.
pub fn same_variable<'a>(
    names: impl IntoIterator<Item = &'a str>,
) -> Option<(&'a str, &'a str, String)> {
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    names.into_iter().find_map(|name| {
        let variable = variable("SET", name);
        let other = seen.insert(variable.clone(), name)?;
        (other != name).then_some((other, name, variable))
    })
}

/// Bytes as an argument or a variable; nothing for what neither can hold.
fn text(bytes: &[u8]) -> Option<String> {
    (!bytes.contains(&0)).then(|| String::from_utf8_lossy(bytes).into_owned())
}

/// The name of a variable for something that a person has given a name.
fn variable(what: &str, name: &str) -> String {
    let sign = |c: char| match c.is_alphanumeric() {
        true => c.to_uppercase().collect(),
        false => "_".to_owned(),
    };
    let name: String = name.chars().map(sign).collect();
    format!("GORGON_{what}_{name}")
}

/// The tag of a call: what the program printed last, in the arm that its exit status says.
///
/// # Errors
/// It did not end by itself.
pub(super) fn tag(
    ended: wasmtime::Result<Result<(), ()>>,
    printed: Option<String>,
) -> wasmtime::Result<Result<String, String>> {
    let is_ok = match ended {
        Ok(returned) => returned.is_ok(),
        Err(error) => match error.downcast_ref::<I32Exit>() {
            Some(I32Exit(status)) => *status == 0,
            None => return Err(error),
        },
    };
    Ok(if is_ok {
        Ok(printed.unwrap_or_else(|| "SUCCESS".to_owned()))
    } else {
        Err(printed.unwrap_or_else(|| "FAIL".to_owned()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_has_the_name_of_what_it_is_in_capitals() {
        assert_eq!(variable("SET", "url"), "GORGON_SET_URL");
        assert_eq!(variable("CELL", "user-id.2"), "GORGON_CELL_USER_ID_2");
    }

    #[test]
    fn variables_of_programs_are_told_from_others() {
        for name in [
            "GORGON_NUMBER",
            "GORGON_ITEM",
            "GORGON_SET_URL",
            "GORGON_CELL_X",
        ] {
            assert!(is_variable_of_programs(name), "{name}");
        }
        for name in ["GORGON_SET", "GORGON_WORKERS", "GORGON_ITEMS", "NUMBER"] {
            assert!(!is_variable_of_programs(name), "{name}");
        }
    }

    #[test]
    fn parameters_that_share_a_variable_are_found() {
        #[track_caller]
        fn check(names: &[&str], expected: Option<(&str, &str, &str)>) {
            let same = same_variable(names.iter().copied());
            let same = same
                .as_ref()
                .map(|(a, b, variable)| (*a, *b, variable.as_str()));
            assert_eq!(same, expected);
        }
        check(&["a-b", "a_b"], Some(("a-b", "a_b", "GORGON_SET_A_B")));
        check(&["url", "x", "URL"], Some(("url", "URL", "GORGON_SET_URL")));
        check(&["a-b", "a-b", "ab"], None);
        check(&[], None);
    }

    #[test]
    fn the_exit_status_decides_and_the_last_line_is_the_tag() {
        #[track_caller]
        fn check(
            ended: wasmtime::Result<Result<(), ()>>,
            printed: Option<&str>,
            expected: Result<&str, &str>,
        ) {
            let tag = tag(ended, printed.map(str::to_owned)).unwrap();
            assert_eq!(tag.as_deref().map_err(String::as_str), expected);
        }
        check(Ok(Ok(())), Some("200"), Ok("200"));
        check(Ok(Ok(())), None, Ok("SUCCESS"));
        check(Ok(Err(())), None, Err("FAIL"));
        check(Err(I32Exit(0).into()), Some("odd"), Ok("odd"));
        check(Err(I32Exit(3).into()), Some("503"), Err("503"));
        let trapped = tag(Err(wasmtime::Trap::UnreachableCodeReached.into()), None);
        assert!(trapped.is_err());
    }
}
