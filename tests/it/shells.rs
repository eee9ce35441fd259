//! What is made for other programs of the system: completions for shells, and pages for `man`.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::support::{BINARY, Files, gorgon};

/// A program that a test needs, unless it is not installed: that is told loudly, and in CI it is a failure.
fn installed(program: &str) -> bool {
    let found = Command::new(program)
        .arg("--version")
        .stdin(Stdio::null())
        .output()
        .is_ok();
    if !found {
        let what = format!("`{program}` is not installed; `toolchains/shells.sh` installs it");
        assert!(std::env::var_os("CI").is_none(), "{what}");
        // Not by a macro, whose output the test harness keeps to itself.
        let _ = writeln!(std::io::stderr(), "SKIPPED: {what}");
    }
    found
}

/// What a shell prints for a script, in a folder with a few files and a saved run.
#[track_caller]
fn shell(program: &str, script: &str) -> String {
    let files = Files::new();
    files.write("shop.wasm", "");
    files.write("notes.txt", "");
    files.write("gorgon.toml", "[profile.staging]\nworkers = 3\n");
    let path = PathBuf::from(BINARY);
    let folder = path.parent().expect("the binary is in a folder");
    let paths = std::env::var_os("PATH").unwrap_or_default();
    let paths = std::iter::once(folder.to_owned()).chain(std::env::split_paths(&paths));
    let output = Command::new(program)
        .args(["-c", script])
        .env_clear()
        .env("PATH", std::env::join_paths(paths).expect("a PATH"))
        .env("HOME", files.path())
        .env("TERM", "dumb")
        .current_dir(files.path())
        .stdin(Stdio::null())
        .output()
        .expect(program);
    let (out, err) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    assert!(output.status.success(), "{out}{err}");
    assert_eq!(err, "", "{out}");
    out.into_owned()
}

/// What bash offers at the end of each command line.
#[track_caller]
fn bash(lines: &[&str]) -> Vec<Vec<String>> {
    let mut script = r#"
        gorgon run noop -n 1 -q >/dev/null || exit 1
        source <(gorgon completions bash) || exit 1
        handler=$(complete -p gorgon | sed 's/.* -F \([^ ]*\) .*/\1/')
        offered() {
            COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_TYPE=9 COMP_LINE="$*" COMP_POINT=${#COMP_LINE} COMPREPLY=()
            "$handler" gorgon "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
            (IFS=$'\t'; echo "${COMPREPLY[*]}")
        }
    "#
    .to_owned();
    for line in lines {
        script.push_str(&format!("offered {line}\n"));
    }
    let split = |line: &str| {
        line.split('\t')
            .map(|word| word.trim().to_owned())
            .collect()
    };
    shell("bash", &script).lines().map(split).collect()
}

#[test]
fn bash_completes_commands_flags_and_values() {
    let lines = [
        "gorgon r",
        "gorgon run hash --wo",
        "gorgon run hash --arrivals ''",
        "gorgon run ''",
        "gorgon run sh",
        "gorgon run hash --json no",
        "gorgon run hash --profile ''",
        "gorgon report l",
        "gorgon report 20",
        "gorgon runs p",
        "gorgon new x --lang p",
    ];
    let offered = bash(&lines);
    assert_eq!(offered.len(), lines.len(), "{offered:?}");
    let expected: [(usize, &[&str]); 8] = [
        (0, &["run", "report", "runs"]),
        (1, &["--workers"]),
        (2, &["uniform", "poisson"]),
        (4, &["shop.wasm"]),
        (5, &["notes.txt"]),
        (6, &["staging"]),
        (7, &["last"]),
        (9, &["prune"]),
    ];
    for (index, words) in expected {
        assert_eq!(offered[index], words, "{}", lines[index]);
    }
    // Stock plugins and files, but only those that can be run.
    for word in ["hash", "http", "shop.wasm"] {
        assert!(
            offered[3].iter().any(|other| other == word),
            "{word}: {:?}",
            offered[3]
        );
    }
    assert!(!offered[3].iter().any(|word| word == "notes.txt"));
    // The run that was saved.
    assert!(
        offered[8].len() == 1 && offered[8][0].starts_with("20"),
        "{:?}",
        offered[8]
    );
    assert_eq!(offered[10], ["python"]);
}

#[test]
fn zsh_loads_its_script() {
    if installed("zsh") {
        let script = "autoload -Uz compinit && compinit -D && source <(gorgon completions zsh) && print -r -- ${_comps[gorgon]}";
        let handler = shell("zsh", script);
        assert!(handler.contains("gorgon"), "{handler:?}");
    }
}

#[test]
fn fish_completes_commands_and_values() {
    if installed("fish") {
        let script = "gorgon completions fish | source; complete -C 'gorgon run ha'; complete -C 'gorgon run hash --arrivals p'";
        let offered = shell("fish", script);
        let words: Vec<&str> = offered
            .lines()
            .filter_map(|line| line.split('\t').next())
            .collect();
        assert_eq!(words, ["hash", "poisson"]);
    }
}

#[test]
fn every_shell_has_a_script() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let finished = gorgon("completions").arg(shell).expect_exit(0);
        finished.stdout_contains("GORGON_COMPLETE");
    }
    gorgon("completions")
        .arg("csh")
        .expect_exit(64)
        .stderr_contains("`bash`");
}

#[test]
fn the_pages_of_the_manual_are_written_and_can_be_read() {
    let files = Files::new();
    let folder = files.path().join("share/man1");
    gorgon("man").arg("--out").arg(&folder).expect_exit(0);
    let pages: Vec<PathBuf> = std::fs::read_dir(&folder)
        .expect("the folder is there")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    assert!(pages.len() > 10, "{pages:?}");
    let run = std::fs::read_to_string(folder.join("gorgon-run.1")).expect("a page");
    let printed = gorgon("man").arg("run").expect_exit(0);
    assert_eq!(printed.stdout(), run);
    gorgon("man")
        .args(["runs", "prune"])
        .expect_exit(0)
        .stdout_contains("GORGON-RUNS-PRUNE");
    gorgon("man")
        .arg("rum")
        .expect_exit(64)
        .stderr_contains("no command `rum`");
    if installed("mandoc") {
        pages.iter().for_each(|page| has_no_error(page));
    }
    if installed("man") {
        let read = Command::new("man")
            .args(["-l"])
            .arg(folder.join("gorgon-run.1"))
            .env("MANWIDTH", "80")
            .output();
        let text = String::from_utf8_lossy(&read.expect("man").stdout).into_owned();
        for part in [
            "EXIT STATUS",
            "ENVIRONMENT",
            "EXAMPLES",
            "gorgon run hash -n 4000 -w 8",
            "--fail-if",
        ] {
            assert!(text.contains(part), "`{part}`: {text}");
        }
    }
}

#[track_caller]
fn has_no_error(page: &Path) {
    let told = Command::new("mandoc")
        .args(["-T", "lint", "-W", "error"])
        .arg(page)
        .output()
        .expect("mandoc");
    let told =
        String::from_utf8_lossy(&told.stdout).into_owned() + &String::from_utf8_lossy(&told.stderr);
    assert_eq!(told, "", "{}", page.display());
}
