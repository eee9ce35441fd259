//! `gorgon man`: the manual, a page for each command, written from the same description of the flags that `--help` is.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::{Args, Command};
use clap_mangen::Man;
use roff::{Roff, bold, roman};

use super::{Done, misused, output, program, settings};
use crate::error::{Error, Exit};

/// The section of the manual that commands are in.
const SECTION: &str = "1";

#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  gorgon man run | man -l -
  gorgon man --out ~/.local/share/man/man1 && man gorgon-run")]
pub(super) struct ManArgs {
    /// Print the page of this command, such as `run` or `runs prune`; that of gorgon itself unless given
    #[arg(value_name = "COMMAND", num_args = 0.., conflicts_with = "out")]
    command: Vec<String>,

    /// Write all pages into this folder, which is made if it is missing
    #[arg(long, value_name = "DIR", value_hint = clap::ValueHint::DirPath)]
    out: Option<PathBuf>,
}

/// Variables that no flag stands for, and what they are for.
const VARIABLES: [(&str, &str); 8] = [
    ("GORGON_CACHE_DIR", "where compiled operations are kept"),
    (
        "GORGON_CONFIG_DIR",
        "where the file of settings of the user is",
    ),
    ("GORGON_STATE_DIR", "where runs are saved"),
    (
        "NO_COLOR, CLICOLOR, CLICOLOR_FORCE",
        "colours or none; without them, colours on a terminal",
    ),
    ("TERM", "\"dumb\", or unset: no live view on the terminal"),
    (
        "LC_ALL, LC_CTYPE, LANG",
        "the first that is set decides: without UTF-8 in it the report is ASCII",
    ),
    (
        "SSL_CERT_FILE, SSL_CERT_DIR",
        "the certificates to trust, instead of those of the system",
    ),
    (
        "TMPDIR",
        "where a run that is not saved is kept for the time of the run",
    ),
];

/// Files, and what is in them.
const FILES: [(&str, &str); 4] = [
    (
        "gorgon.toml",
        "settings of a project, in the working directory or above it",
    ),
    ("~/.config/gorgon/config.toml", "settings of the user"),
    ("~/.cache/gorgon", "compiled operations"),
    ("~/.local/state/gorgon/runs", "saved runs"),
];

impl ManArgs {
    pub(super) fn main(self) -> Done {
        let built = settings::built(&program());
        if let Some(folder) = &self.out {
            let pages = pages(&built).map_err(|cause| cannot_write(folder, &cause))?;
            fs::create_dir_all(folder).map_err(|cause| cannot_write(folder, &cause))?;
            for (name, text) in &pages {
                let path = folder.join(name);
                fs::write(&path, text).map_err(|cause| cannot_write(&path, &cause))?;
            }
            output::notice(&format!("{} pages in `{}`", pages.len(), folder.display()));
            return Ok(Exit::Done);
        }
        let mut command = &built;
        for name in &self.command {
            let below = command
                .find_subcommand(name)
                .filter(|below| has_page(below));
            command = below.ok_or_else(|| {
                misused(format!("there is no command `{}`", name.escape_debug()))
                    .hint("`gorgon --help` lists the commands")
            })?;
        }
        let name = page_name(&self.command);
        Ok(output::to_stdout(|out| write(out, command, &name)))
    }
}

fn cannot_write(path: &Path, cause: &io::Error) -> Error {
    Error::new(
        Exit::CannotWrite,
        format!("cannot write `{}`", path.display()),
    )
    .caused_by(cause)
}

/// All pages, each with the name of its file.
fn pages(built: &Command) -> io::Result<Vec<(String, Vec<u8>)>> {
    let mut pages = Vec::new();
    collect(built, &mut Vec::new(), &mut pages)?;
    Ok(pages)
}

fn collect(
    command: &Command,
    path: &mut Vec<String>,
    pages: &mut Vec<(String, Vec<u8>)>,
) -> io::Result<()> {
    let name = page_name(path);
    let mut text = Vec::new();
    write(&mut text, command, &name)?;
    pages.push((format!("{name}.{SECTION}"), text));
    for below in command.get_subcommands().filter(|below| has_page(below)) {
        path.push(below.get_name().to_owned());
        collect(below, path, pages)?;
        path.pop();
    }
    Ok(())
}

/// Clap's own `help` has none.
fn has_page(command: &Command) -> bool {
    command.get_name() != "help" && !command.is_hide_set()
}

fn page_name(path: &[String]) -> String {
    let names = std::iter::once("gorgon").chain(path.iter().map(String::as_str));
    names.collect::<Vec<_>>().join("-")
}

/// Writes the page of a command.
fn write(out: &mut dyn Write, command: &Command, name: &str) -> io::Result<()> {
    let man = Man::new(named(command, name));
    // Without a date, which would differ from build to build: an argument that is empty has to be said to be.
    let (title, version) = (name.to_uppercase(), env!("CARGO_PKG_VERSION"));
    writeln!(
        out,
        ".TH {title} {SECTION} \"\" \"gorgon {version}\" gorgon"
    )?;
    man.render_name_section(out)?;
    synopsis(command).to_writer(out)?;
    man.render_description_section(out)?;
    if command.get_arguments().any(|arg| !arg.is_hide_set()) {
        man.render_options_section(out)?;
    }
    if command.get_subcommands().any(has_page) {
        commands(command, name).to_writer(out)?;
    }
    exit_status().to_writer(out)?;
    environment().to_writer(out)?;
    listed("FILES", &FILES).to_writer(out)?;
    if let Some(examples) = examples(command) {
        examples.to_writer(out)?;
    }
    see_also(command, name).to_writer(out)
}

/// The command under the name that its page has, and without what the page has sections of its own for.
fn named(command: &Command, name: &str) -> Command {
    let bin = name.replace('-', " ");
    let mut named = command
        .clone()
        .name(name.to_owned())
        .bin_name(bin)
        .after_long_help("");
    if let Some(about) = command.get_about() {
        // In a line of the form `name - what it does`, which whatis(1) reads.
        named = named.about(about.to_string());
    }
    named
}

/// How it is called, in a line: the flags are listed below it.
fn synopsis(command: &Command) -> Roff {
    let usage = command.clone().render_usage().to_string();
    let mut page = Roff::new();
    page.control("SH", ["SYNOPSIS"]);
    for (index, line) in usage.trim_start_matches("Usage:").lines().enumerate() {
        if index > 0 {
            page.control("br", []);
        }
        page.text([bold(line.trim())]);
    }
    page
}

fn commands(command: &Command, name: &str) -> Roff {
    let mut page = Roff::new();
    page.control("SH", ["COMMANDS"]);
    for below in command.get_subcommands().filter(|below| has_page(below)) {
        page.control("TP", []);
        page.text([
            bold(format!("{name}-{}", below.get_name())),
            roman(format!("({SECTION})")),
        ]);
        page.text([roman(
            below
                .get_about()
                .map(ToString::to_string)
                .unwrap_or_default(),
        )]);
    }
    page
}

fn exit_status() -> Roff {
    let codes = Exit::ALL.map(|exit| (exit.code().to_string(), exit.meaning()));
    let codes: Vec<(&str, &str)> = codes
        .iter()
        .map(|(code, meaning)| (code.as_str(), *meaning))
        .collect();
    listed("EXIT STATUS", &codes)
}

fn environment() -> Roff {
    let mut page = Roff::new();
    page.control("SH", ["ENVIRONMENT"]);
    page.text([
        roman("Each flag of "),
        bold("gorgon run"),
        roman(" can be set by a variable: "),
        bold("GORGON_WORKERS"),
        roman(" for "),
        bold("--workers"),
        roman(", "),
        bold("GORGON_FAIL_IF"),
        roman(" for "),
        bold("--fail-if"),
        roman(". The same flag of another command is set by it, too. Several values are lines; a flag without a value takes true or false. The command line counts more than a variable, and a variable more than a file. gorgon config --explain tells where each value comes from."),
    ]);
    add_list(&mut page, &VARIABLES);
    page
}

fn listed(heading: &str, list: &[(&str, &str)]) -> Roff {
    let mut page = Roff::new();
    page.control("SH", [heading]);
    add_list(&mut page, list);
    page
}

fn add_list(page: &mut Roff, list: &[(&str, &str)]) {
    for (term, meaning) in list {
        page.control("TP", []);
        page.text([bold(*term)]);
        page.text([roman(*meaning)]);
    }
}

/// The examples of `--help`, as they stand there.
fn examples(command: &Command) -> Option<Roff> {
    let text = command.get_after_long_help()?.to_string();
    let lines = text.strip_prefix("Examples:\n")?;
    let mut page = Roff::new();
    page.control("SH", ["EXAMPLES"]);
    page.control("nf", []);
    for line in lines.lines() {
        page.text([roman(line.trim_start())]);
    }
    page.control("fi", []);
    Some(page)
}

fn see_also(command: &Command, name: &str) -> Roff {
    let above = name.rsplit_once('-').map(|(above, _)| above.to_owned());
    let below = command.get_subcommands().filter(|below| has_page(below));
    let below = below.map(|below| format!("{name}-{}", below.get_name()));
    let config = "gorgon-config".to_owned();
    let mut names: Vec<String> = above.into_iter().chain(below).collect();
    if name != config && !names.contains(&config) {
        names.push(config);
    }
    let mut page = Roff::new();
    page.control("SH", ["SEE ALSO"]);
    let last = names.len().saturating_sub(1);
    for (index, name) in names.iter().enumerate() {
        let end = if index == last { "" } else { "," };
        page.control("BR", [name.as_str(), &format!("({SECTION}){end}")]);
    }
    page
}

#[cfg(test)]
mod tests;
