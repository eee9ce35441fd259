//! What the calls used, and how to repeat the run.

use std::collections::BTreeSet;

use super::data::Fact;
use super::shown::{STYLE, named, safe};
use crate::report::format;
use crate::report::style::Ink;
use crate::report::text::environment_lines;
use crate::stats::{RunFacts, Summary};

/// What the calls used: HTTP, instances, the runner itself.
pub(super) fn environment(summary: &Summary) -> Vec<Fact> {
    let lines = environment_lines(summary, STYLE);
    let fact = |(label, text, ink): (&str, String, Ink)| Fact {
        label: label.to_owned(),
        text,
        is_code: false,
        is_bad: ink == Ink::Bad,
    };
    lines.into_iter().map(fact).collect()
}

/// What it takes to make the same run again.
pub(super) fn repeat(facts: &RunFacts) -> Vec<Fact> {
    let mut repeat = vec![code("Command", &shell(&facts.command))];
    // One operation may be beside itself, with other parameters.
    let mut told = BTreeSet::new();
    for component in &facts.components {
        if !told.insert((&component.path, &component.sha256)) {
            continue;
        }
        repeat.push(plain(
            "Operation",
            &format!(
                "{}, {}, {} ({})",
                named(&component.path),
                component.kind,
                format::bytes(component.bytes),
                named(&component.world)
            ),
        ));
        repeat.push(code("", &format!("sha256:{}", safe(&component.sha256))));
    }
    repeat.push(code("Seed", &facts.load.seed.to_string()));
    repeat.push(plain("Limits", &limits(facts)));
    repeat.push(plain("Host", &host(facts)));
    repeat.push(plain(
        "Versions",
        &format!(
            "gorgon {}, wasmtime {}",
            safe(&facts.gorgon),
            safe(&facts.wasmtime)
        ),
    ));
    repeat.push(code("Run", &safe(&facts.run_id)));
    repeat
}

fn plain(label: &str, text: &str) -> Fact {
    Fact {
        label: label.to_owned(),
        text: text.to_owned(),
        is_code: false,
        is_bad: false,
    }
}

fn code(label: &str, text: &str) -> Fact {
    Fact {
        is_code: true,
        ..plain(label, text)
    }
}

/// A command line as a shell reads it.
pub(super) fn shell(command: &[String]) -> String {
    let arguments: Vec<String> = command.iter().map(|one| quoted(one)).collect();
    safe(&arguments.join(" "))
}

/// An argument as a POSIX shell takes it, quoted where it has to be.
fn quoted(argument: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_-./:=@%+,".contains(c);
    if !argument.is_empty() && argument.chars().all(is_plain) {
        argument.to_owned()
    } else {
        format!("'{}'", argument.replace('\'', "'\\''"))
    }
}

fn limits(facts: &RunFacts) -> String {
    let limits = &facts.limits;
    let hosts: Vec<String> = limits.allow_hosts.iter().map(|host| named(host)).collect();
    let hosts = match hosts.is_empty() {
        true => "loopback only".to_owned(),
        false => format!("loopback and {}", hosts.join(", ")),
    };
    format!(
        "{} of memory an instance, {} a call, {hosts}",
        format::bytes(limits.memory_bytes),
        format::duration(limits.timeout_ns)
    )
}

fn host(facts: &RunFacts) -> String {
    let host = &facts.host;
    let cpus = format::plural(host.cpus, "CPU", "CPUs");
    let memory = host
        .memory_bytes
        .map(|bytes| format!(", {} of memory", format::bytes(bytes)));
    format!("{}, {cpus}{}", safe(&host.os), memory.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn arguments_are_quoted_where_a_shell_needs_it() {
        for (argument, expected) in [
            ("run", "run"),
            (
                "--set=url=http://127.0.0.1:80/a",
                "--set=url=http://127.0.0.1:80/a",
            ),
            ("p99 > 1ms", "'p99 > 1ms'"),
            ("it's", "'it'\\''s'"),
            ("", "''"),
            ("$HOME", "'$HOME'"),
        ] {
            assert_eq!(quoted(argument), expected);
        }
    }
}
