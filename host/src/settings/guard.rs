//! What a project's file must not do unasked.
//!
//! A `gorgon.toml` may come with a repository that somebody else wrote. It may say how much load there is; it must not, by
//! lying in the working directory, let an operation reach hosts, switch off checks, or have files read and written
//! elsewhere. Those settings count where the person asked for them: by the name of the profile that they are in, or by
//! naming the file itself.

use std::ffi::OsString;
use std::path::{Component, Path};

use super::flag::Flag;
use super::setting::Given;

/// Why a setting of a project's file does not count unasked; nothing if it may.
pub(super) fn objection(flag: &Flag, given: &Given, folder: &Path) -> Option<&'static str> {
    if !given.is_on() {
        return None;
    }
    if flag.opens {
        return Some("it lets something out of the sandbox, or others in");
    }
    let Given::Values(values) = given else {
        return None;
    };
    let leads_out = |value: &OsString| leads_out(Path::new(value), folder);
    if flag.is_path && values.iter().any(leads_out) {
        return Some("it leads out of the folder of the file, or into a hidden one");
    }
    None
}

/// Whether a path that is meant from `folder` on leaves it, through links too, or goes through something hidden, such as
/// `.git`.
fn leads_out(path: &Path, folder: &Path) -> bool {
    if path.as_os_str() == "-" {
        return false;
    }
    let is_plain = |component: Component<'_>| match component {
        Component::Normal(name) => !name.as_encoded_bytes().starts_with(b"."),
        Component::CurDir => true,
        Component::ParentDir | Component::RootDir | Component::Prefix(_) => false,
    };
    if !path.components().all(is_plain) {
        return true;
    }
    // What is there decides where the rest will be.
    let full = folder.join(path);
    let there = full.ancestors().find_map(|path| path.canonicalize().ok());
    let dangles = full.is_symlink() && !full.exists();
    match (there, folder.canonicalize()) {
        (Some(there), Ok(folder)) => dangles || !there.starts_with(folder),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::flag::Takes;

    fn path(value: &str, folder: &Path) -> Option<&'static str> {
        let flag = Flag {
            is_path: true,
            takes: Takes::Value,
            ..Flag::default()
        };
        objection(&flag, &Given::Values(vec![value.into()]), folder)
    }

    #[test]
    fn a_path_has_to_stay_in_the_folder_and_out_of_what_is_hidden() {
        let outside = tempfile::tempdir().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        std::fs::create_dir_all(folder.join("out")).unwrap();
        let link =
            |to: &Path, name: &str| std::os::unix::fs::symlink(to, folder.join(name)).unwrap();
        link(outside.path(), "elsewhere");
        link(&folder.join("out"), "inside");
        link(&outside.path().join("missing"), "dangling");
        for fine in [
            "-",
            "report.json",
            "./report.json",
            "out/report.json",
            "new/deep/report.json",
            "inside/x",
        ] {
            assert_eq!(path(fine, folder), None, "{fine}");
        }
        let bad = [
            "/etc/passwd",
            "../x",
            "out/../../x",
            ".git/hooks/pre-commit",
            ".env",
            "elsewhere/x",
            "elsewhere",
            "dangling",
        ];
        for bad in bad {
            assert!(path(bad, folder).is_some(), "{bad}");
        }
    }

    #[test]
    fn what_opens_the_sandbox_may_be_switched_off_and_not_on() {
        let opens = Flag {
            opens: true,
            takes: Takes::Nothing,
            ..Flag::default()
        };
        let here = Path::new(".");
        assert!(objection(&opens, &Given::On, here).is_some());
        assert_eq!(objection(&opens, &Given::Off, here), None);
        assert_eq!(
            objection(&Flag::default(), &Given::Values(vec!["8".into()]), here),
            None
        );
    }
}
