//! Where files of settings are looked for, and whether one found there may be used.

use std::ffi::OsString;
use std::fs::{self, Metadata};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use super::file::Whose;
use crate::user;

/// The file of a project.
const PROJECT_FILE: &str = "gorgon.toml";

/// Bits of a mode that let everybody write.
const ALL_WRITE: u32 = 0o002;
/// Only who made a file in such a directory may replace it.
const STICKY: u32 = 0o1000;

/// A file that was looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file, as a person would name it.
    pub path: PathBuf,
    /// Whose file it is.
    pub whose: Whose,
    /// What was found.
    pub state: State,
}

/// What was found where a file was looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// It is there.
    There,
    /// It is not there.
    Missing,
    /// It is there and must not be used; why.
    Unsafe(&'static str),
}

/// The files that settings come from, the more explicit first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Places {
    /// The files.
    pub places: Vec<Place>,
}

impl Places {
    /// The file that was named, else the nearest `gorgon.toml` of `here` and the directories above it; then that of the
    /// user. The way up ends at the root of a repository, which has a `.git`, and at the home directory.
    ///
    /// `variable` reads a variable of the environment.
    pub fn of(
        named: Option<&Path>,
        here: &Path,
        variable: impl Fn(&str) -> Option<OsString>,
    ) -> Places {
        let set = |name: &str| {
            variable(name)
                .filter(|value| !value.is_empty())
                .map(PathBuf::from)
        };
        // As the XDG specification has it: a relative path is to be ignored.
        let absolute = |name: &str| set(name).filter(|path| path.is_absolute());
        let home = absolute("HOME");
        let project = match named {
            // That it is named is consent; and what is not there is told when it is read.
            Some(path) => Place {
                path: path.to_owned(),
                whose: Whose::Named,
                state: State::There,
            },
            None => project(here, home.as_deref()),
        };
        let users = set("GORGON_CONFIG_DIR")
            .or_else(|| absolute("XDG_CONFIG_HOME").map(|base| base.join("gorgon")))
            .or_else(|| home.map(|home| home.join(".config/gorgon")))
            .map(|folder| folder.join("config.toml"))
            .map(|path| Place {
                state: state(&path),
                whose: Whose::Users,
                path,
            });
        Places {
            places: [project].into_iter().chain(users).collect(),
        }
    }
}

fn project(here: &Path, home: Option<&Path>) -> Place {
    let mut path = PathBuf::from(PROJECT_FILE);
    for folder in here.ancestors() {
        let state = state(&folder.join(PROJECT_FILE));
        if state != State::Missing {
            return Place {
                path,
                whose: Whose::Project,
                state,
            };
        }
        if folder.join(".git").exists() || home == Some(folder) {
            break;
        }
        let Some(parent) = folder.parent() else { break };
        path = parent.join(PROJECT_FILE);
    }
    Place {
        path: PathBuf::from(PROJECT_FILE),
        whose: Whose::Project,
        state: State::Missing,
    }
}

fn state(path: &Path) -> State {
    let Ok(file) = fs::metadata(path) else {
        return State::Missing;
    };
    let folder = path.parent().map(fs::metadata);
    let Some(Ok(folder)) = folder else {
        return State::Missing;
    };
    if !file.is_file() {
        return State::Unsafe("it is not a file");
    }
    if !is_ours(&file) {
        return State::Unsafe("it belongs to somebody else");
    }
    if file.mode() & ALL_WRITE != 0 {
        return State::Unsafe("everybody may write to it");
    }
    if folder.mode() & ALL_WRITE != 0 && folder.mode() & STICKY == 0 {
        return State::Unsafe("everybody may replace it: its directory is writable for all");
    }
    State::There
}

/// Whether something belongs to the user, or to root, who can do as he likes anyway.
fn is_ours(metadata: &Metadata) -> bool {
    [user::effective_id(), 0].contains(&metadata.uid())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    fn nearest(here: &Path, home: Option<&Path>) -> Place {
        let variable = |name: &str| (name == "HOME").then(|| home.map(Into::into)).flatten();
        Places::of(None, here, variable).places.remove(0)
    }

    #[test]
    fn the_nearest_file_up_to_the_repository_or_the_home_directory_is_found() {
        let root = tempfile::tempdir().unwrap();
        let (home, deep) = (
            root.path().join("home"),
            root.path().join("home/shop/load/deep"),
        );
        fs::create_dir_all(&deep).unwrap();
        assert_eq!(nearest(&deep, Some(&home)).state, State::Missing);
        fs::write(root.path().join(PROJECT_FILE), "").unwrap();
        assert_eq!(
            nearest(&deep, Some(&home)).state,
            State::Missing,
            "above the home directory"
        );
        fs::write(home.join(PROJECT_FILE), "").unwrap();
        assert_eq!(nearest(&deep, Some(&home)).path, home.join(PROJECT_FILE));
        fs::create_dir(home.join("shop/.git")).unwrap();
        assert_eq!(
            nearest(&deep, Some(&home)).state,
            State::Missing,
            "above the repository"
        );
        fs::write(home.join("shop").join(PROJECT_FILE), "").unwrap();
        assert_eq!(
            nearest(&deep, Some(&home)).path,
            home.join("shop").join(PROJECT_FILE)
        );
        fs::write(deep.join(PROJECT_FILE), "").unwrap();
        assert_eq!(nearest(&deep, Some(&home)).path, Path::new(PROJECT_FILE));
    }

    #[test]
    fn a_file_that_everybody_may_write_to_or_replace_is_not_used() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(PROJECT_FILE);
        fs::write(&path, "").unwrap();
        let set = |path: &Path, mode: u32| {
            fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap()
        };
        #[track_caller]
        fn check(path: &Path, expected: &str) {
            let told = match state(path) {
                State::Unsafe(why) => why,
                State::There => "there",
                State::Missing => "missing",
            };
            assert!(told.contains(expected), "{told}");
        }
        check(&path, "there");
        set(&path, 0o666);
        check(&path, "everybody may write to it");
        set(&path, 0o664);
        check(&path, "there");
        set(folder.path(), 0o777);
        check(&path, "everybody may replace it");
        set(folder.path(), 0o1777);
        check(&path, "there");
        fs::remove_file(&path).unwrap();
        fs::create_dir(&path).unwrap();
        check(&path, "not a file");
    }

    #[test]
    fn the_users_file_is_where_the_variables_say() {
        #[track_caller]
        fn check(set: &[(&str, &str)], expected: Option<&str>) {
            let variable = |name: &str| {
                let found = set.iter().find(|(of, _)| *of == name);
                found.map(|(_, value)| OsString::from(value))
            };
            let places = Places::of(None, Path::new("/nowhere"), variable).places;
            let users = places.iter().find(|place| place.whose == Whose::Users);
            assert_eq!(
                users.map(|place| place.path.as_path()),
                expected.map(Path::new)
            );
        }
        check(&[], None);
        check(&[("HOME", "/h")], Some("/h/.config/gorgon/config.toml"));
        check(
            &[("HOME", "/h"), ("XDG_CONFIG_HOME", "/x")],
            Some("/x/gorgon/config.toml"),
        );
        check(
            &[("HOME", "/h"), ("XDG_CONFIG_HOME", "x")],
            Some("/h/.config/gorgon/config.toml"),
        );
        check(
            &[("HOME", "/h"), ("XDG_CONFIG_HOME", "")],
            Some("/h/.config/gorgon/config.toml"),
        );
        check(
            &[("HOME", "/h"), ("GORGON_CONFIG_DIR", "/g")],
            Some("/g/config.toml"),
        );
    }

    #[test]
    fn a_named_file_is_taken_as_it_is() {
        let places = Places::of(Some(Path::new("ci.toml")), Path::new("/nowhere"), |_| None);
        let named = Place {
            path: "ci.toml".into(),
            whose: Whose::Named,
            state: State::There,
        };
        assert_eq!(places.places, [named]);
    }
}
