//! Command lines as a person can paste them into a shell.

/// The arguments, quoted where a POSIX shell would take them for something else.
pub(super) fn line<S: AsRef<str>>(args: &[S]) -> String {
    let quoted: Vec<String> = args.iter().map(|arg| word(arg.as_ref())).collect();
    quoted.join(" ")
}

fn word(arg: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=,+@%…".contains(c);
    match !arg.is_empty() && arg.chars().all(is_plain) {
        true => arg.to_owned(),
        false => format!("'{}'", arg.replace('\'', r"'\''")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_shell_would_change_is_quoted() {
        assert_eq!(
            line(&["gorgon", "run", "op.wasm", "-n", "4000"]),
            "gorgon run op.wasm -n 4000"
        );
        assert_eq!(
            line(&["p99 > 1ms", "", "it's", "$HOME", "a=b"]),
            r#"'p99 > 1ms' '' 'it'\''s' '$HOME' a=b"#
        );
    }
}
