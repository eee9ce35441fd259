//! Where the flags of a command get their values from, and which files there are to get them from.

use std::io::{self, Write};

use serde::Serialize;

use super::printable::printable;
use super::style::{Ink, Style};
use super::table::{Cell, Table};

/// The columns that a value may take where there is no room for more.
const VALUE_LEAST: usize = 12;

/// A command line, flag by flag.
#[derive(Debug, Default, Serialize)]
pub struct Explained {
    /// The command, by the names that lead to it.
    pub command: Vec<String>,
    /// Its flags. One that is set by several places is there several times.
    pub flags: Vec<Flag>,
    /// What was said and does not count.
    pub left_out: Vec<LeftOut>,
    /// The command line that says the same without variables and files.
    pub arguments: Vec<String>,
}

/// A flag with its value.
#[derive(Debug, Default, Serialize)]
pub struct Flag {
    /// Its long name, without the dashes.
    pub flag: String,
    /// Its values; `true` or `false` for one without.
    pub values: Vec<String>,
    /// Where they come from.
    pub from: Source,
}

/// What was said and does not count.
#[derive(Debug, Default, Serialize)]
pub struct LeftOut {
    /// The flag, without the dashes.
    pub flag: String,
    /// Its values.
    pub values: Vec<String>,
    /// Where it was said.
    pub from: Source,
    /// Why it does not count.
    pub why: String,
}

/// Where a value comes from.
#[derive(Debug, Default, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Source {
    /// Nobody has said anything, and there is no default.
    #[default]
    Nowhere,
    /// It is the default.
    Default,
    /// The command line.
    CommandLine,
    /// A variable of the environment.
    Variable {
        /// Its name.
        name: String,
    },
    /// A file.
    File {
        /// Its path.
        path: String,
        /// The line, from 1.
        line: usize,
        /// The section, as it stands in brackets.
        section: String,
    },
}

/// A file that was looked for.
#[derive(Debug, Default, Serialize)]
pub struct LookedFor {
    /// Its path.
    pub path: String,
    /// What it is for: `project`, `named`, `user`.
    pub of: &'static str,
    /// What was found: `used`, `missing`, `unsafe`, `broken`.
    pub state: &'static str,
    /// More about that, in words.
    pub about: String,
    /// Its profiles.
    pub profiles: Vec<String>,
}

impl Source {
    fn in_words(&self) -> String {
        match self {
            Source::Nowhere => String::new(),
            Source::Default => "default".to_owned(),
            Source::CommandLine => "command line".to_owned(),
            Source::Variable { name } => name.clone(),
            Source::File {
                path,
                line,
                section,
            } => format!("{path}:{line} [{section}]"),
        }
    }
}

/// Writes the flags of a command, then what does not count, then the command line that says the same.
///
/// # Errors
/// When the writer fails.
pub fn write(out: &mut dyn Write, explained: &Explained, style: Style) -> io::Result<()> {
    let mut table = Table::default();
    table.head(vec![
        Cell::left("Flag"),
        Cell::left("Value"),
        Cell::left("From"),
    ]);
    for row in &explained.flags {
        let ink = match row.from {
            Source::Nowhere | Source::Default => Ink::Dim,
            Source::CommandLine | Source::Variable { .. } | Source::File { .. } => Ink::Plain,
        };
        let value = match row.values.is_empty() {
            true => style.text("–").into_owned(),
            false => printable(&row.values.join(", "), style).into_owned(),
        };
        table.row(vec![
            Cell::left(format!("--{}", row.flag)).ink(ink),
            Cell::left(value).ink(ink),
            Cell::left(printable(&row.from.in_words(), style)).ink(ink),
        ]);
    }
    table.squeeze(1, style.columns(), VALUE_LEAST, style);
    table.write(out, style)?;
    if !explained.left_out.is_empty() {
        writeln!(out, "\n Left out")?;
    }
    for left in &explained.left_out {
        let values = left.values.join(", ");
        let line = format!(
            "--{} {values} of {}: {}",
            left.flag,
            left.from.in_words(),
            left.why
        );
        writeln!(out, "  {}", printable(&line, style))?;
    }
    let words: Vec<String> = explained
        .arguments
        .iter()
        .map(|word| quoted(word))
        .collect();
    let line = words.join(" ");
    writeln!(
        out,
        "\n The same without variables and files\n  {}",
        printable(&line, style)
    )
}

/// A word as a POSIX shell reads it.
fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "-_=/.:,%@+…".contains(c);
    match !word.is_empty() && word.chars().all(is_plain) {
        true => word.to_owned(),
        false => format!("'{}'", word.replace('\'', "'\\''")),
    }
}

/// Writes the files that were looked for, the more explicit first.
///
/// # Errors
/// When the writer fails.
pub fn write_files(out: &mut dyn Write, files: &[LookedFor], style: Style) -> io::Result<()> {
    let mut table = Table::default();
    let head = ["File", "Of", "State", ""];
    table.head(head.into_iter().map(Cell::left).collect());
    for file in files {
        let ink = match file.state {
            "used" => Ink::Plain,
            "missing" => Ink::Dim,
            _ => Ink::Bad,
        };
        let cells = [&*file.path, file.of, file.state, &*file.about];
        let cells = cells.map(|text| Cell::left(printable(text, style)).ink(ink));
        table.row(cells.to_vec());
    }
    table.write(out, style)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn explained() -> Explained {
        let row = |flag: &str, values: &[&str], from| Flag {
            flag: flag.to_owned(),
            values: values.iter().map(|value| (*value).to_owned()).collect(),
            from,
        };
        let file = |line| Source::File {
            path: "gorgon.toml".to_owned(),
            line,
            section: "run".to_owned(),
        };
        Explained {
            command: vec!["run".to_owned()],
            flags: vec![
                row("calls", &["4000"], Source::CommandLine),
                row(
                    "workers",
                    &["8"],
                    Source::Variable {
                        name: "GORGON_WORKERS".to_owned(),
                    },
                ),
                row("fail-if", &["p99 > 1s", "fail > 1%\u{1b}"], file(3)),
                row("timeout", &["10s"], Source::Default),
                row("seed", &[], Source::Nowhere),
            ],
            left_out: vec![LeftOut {
                flag: "duration".to_owned(),
                values: vec!["30s".to_owned()],
                from: file(2),
                why: "`--calls` of the command line counts in its stead".to_owned(),
            }],
            arguments: ["gorgon", "run", "--fail-if=p99 > 1s", "it's"]
                .map(str::to_owned)
                .to_vec(),
        }
    }

    #[test]
    fn each_flag_has_its_value_and_where_it_comes_from() {
        let mut out = Vec::new();
        write(&mut out, &explained(), Style::PLAIN).unwrap();
        let expected = "\
 Flag       Value                        From
 --calls    4000                         command line
 --workers  8                            GORGON_WORKERS
 --fail-if  p99 > 1s, fail > 1%\\u{1b}    gorgon.toml:3 [run]
 --timeout  10s                          default
 --seed     -

 Left out
  --duration 30s of gorgon.toml:2 [run]: `--calls` of the command line counts in its stead

 The same without variables and files
  gorgon run '--fail-if=p99 > 1s' 'it'\\''s'
";
        let text = String::from_utf8(out).unwrap();
        let squeezed = |text: &str| {
            text.split(' ')
                .filter(|word| !word.is_empty())
                .collect::<Vec<_>>()
                .join(" ")
        };
        assert_eq!(squeezed(&text), squeezed(expected));
    }

    #[test]
    fn programs_get_the_same() {
        let json = serde_json::to_value(explained()).unwrap();
        assert_eq!(json["flags"][1]["from"]["kind"], "variable");
        assert_eq!(json["flags"][1]["from"]["name"], "GORGON_WORKERS");
        assert_eq!(json["flags"][2]["from"]["line"], 3);
        assert_eq!(json["flags"][4]["from"]["kind"], "nowhere");
    }
}
