use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;

use super::*;
use crate::settings::testing::program;

/// A file with this text, read as somebody's.
fn read(text: impl AsRef<[u8]>, whose: Whose) -> (tempfile::TempDir, Result<File>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("gorgon.toml");
    fs::write(&path, text).unwrap();
    fs::set_permissions(&path, Permissions::from_mode(0o644)).unwrap();
    let file = File::read(&path, whose, &program());
    (folder, file)
}

fn layer(text: &str, whose: Whose, scope: &Scope) -> Result<Vec<Setting>> {
    let (_folder, file) = read(text, whose);
    let program = program();
    file?.layer(scope, program.child("run").unwrap())
}

#[test]
fn what_lets_something_out_has_to_be_asked_for() {
    let (project, profile) = (Whose::Project, Scope::Profile("ci".to_owned()));
    for said in [
        "allow-host = ['any']",
        "json = '/etc/passwd'",
        "json = '../x'",
    ] {
        let text = format!("[defaults]\n{said}\n");
        let error = layer(&text, project, &Scope::Defaults).unwrap_err();
        assert_eq!(error.exit(), Exit::Usage);
        assert!(error.what().contains("line 2"), "{error}");
        assert!(
            error.hints().iter().any(|hint| hint.contains("--profile")),
            "{error:?}"
        );
        for whose in [Whose::Named, Whose::Users] {
            assert_eq!(
                layer(&text, whose, &Scope::Defaults).map(|layer| layer.len()),
                Ok(1)
            );
        }
        let text = format!("[profile.ci]\n{said}\n");
        assert_eq!(
            layer(&text, project, &profile).map(|layer| layer.len()),
            Ok(1)
        );
    }
    assert!(
        layer(
            "[defaults]\nallow-host = []\njson = 'x'\n",
            project,
            &Scope::Defaults
        )
        .is_ok()
    );
}

#[test]
fn a_path_is_meant_from_the_folder_of_the_file_on() {
    let (folder, file) = read(
        "[run]\njson = 'out/r.json'\n[defaults]\njson = '-'\n",
        Whose::Project,
    );
    let (file, program) = (file.unwrap(), program());
    let run = program.child("run").unwrap();
    let value = |scope: &Scope| match &file.layer(scope, run).unwrap()[0].given {
        Given::Values(values) => values[0].clone(),
        other => panic!("{other:?}"),
    };
    let command = Scope::Command(vec!["run".to_owned()]);
    assert_eq!(value(&command), folder.path().join("out/r.json"));
    assert_eq!(value(&Scope::Defaults), "-");
}

#[test]
fn a_section_for_all_sets_only_what_the_command_takes() {
    let text = "[defaults]\njson = true\nworkers = 3\n";
    let layer = layer(text, Whose::Project, &Scope::Defaults).unwrap();
    assert_eq!(layer.len(), 1);
    assert_eq!(layer[0].flag, "workers");
    assert!(
        layer[0]
            .origin
            .to_string()
            .ends_with("gorgon.toml:3 [defaults]")
    );
}

#[test]
fn a_file_that_cannot_be_used_is_told_with_its_name() {
    #[track_caller]
    fn check(bytes: &[u8], parts: &[&str]) {
        let (_folder, file) = read(bytes, Whose::Project);
        let error = file.unwrap_err();
        assert_eq!(error.exit(), Exit::Usage);
        for part in ["gorgon.toml"].iter().chain(parts) {
            assert!(error.what().contains(part), "{error}");
        }
    }
    check(b"[run]\nset = { a = \"\xff\" }\n", &["line 2", "not UTF-8"]);
    check(b"[run]\nworker = 1\n", &["line 2", "`worker`"]);
    check(&vec![b'#'; BYTES_MAX as usize + 1], &["larger than 1 MiB"]);
    let missing = File::read(Path::new("/nowhere/gorgon.toml"), Whose::Named, &program());
    assert_eq!(missing.unwrap_err().exit(), Exit::NoInput);
}

#[test]
fn a_secret_that_everybody_can_read_is_found() {
    #[track_caller]
    fn check(text: &str, expected: Option<(usize, &str)>) {
        let (folder, file) = read(text, Whose::Users);
        let expected = expected.map(|(line, name)| (line, name.to_owned()));
        assert_eq!(file.unwrap().exposed(), expected, "{text}");
        let path = folder.path().join("gorgon.toml");
        fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
        let file = File::read(&path, Whose::Users, &program()).unwrap();
        assert_eq!(file.exposed(), None);
    }
    check(
        "[run]\nset = { url = 'x', token = 'abc' }\n",
        Some((2, "set.token")),
    );
    check(
        "[run]\nset = { url = 'https://user:pw@host/' }\n",
        Some((2, "set.url")),
    );
    check("[run]\nset = { url = 'https://host/' }\n", None);
}
