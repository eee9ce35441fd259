//! The files of settings as a command line asks for them.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use super::super::misused;
use super::globals::{CONFIG, NO_CONFIG, PROFILE};
use crate::error::Result;
use crate::near::near;
use crate::settings::{Command, File, Given, Place, Places, Scope, Setting, State};

/// The files of settings.
#[derive(Debug, Default)]
pub(in crate::cli) struct Files {
    /// Where they were looked for.
    pub(in crate::cli) places: Vec<Place>,
    /// Those that are used, the more explicit first.
    pub(in crate::cli) files: Vec<File>,
    /// The profile that was asked for, and by what.
    profile: Option<Setting>,
}

impl Files {
    /// Finds and reads the files that the flags of the whole program ask for.
    ///
    /// # Errors
    /// One of them cannot be read or used, or none has the profile.
    pub(in crate::cli) fn read(globals: &[Setting], program: &Command) -> Result<Files> {
        let mut files = Files {
            places: places(globals),
            files: Vec::new(),
            profile: global(globals, PROFILE).cloned(),
        };
        let there = files
            .places
            .iter()
            .filter(|place| place.state == State::There);
        let read = there.map(|place| File::read(&place.path, place.whose, program));
        files.files = read.collect::<Result<_>>()?;
        files.check_profile()?;
        Ok(files)
    }

    /// What the files set of the flags of a command: layers, the most explicit first.
    ///
    /// # Errors
    /// A project's file sets what it must not.
    pub(super) fn layers(&self, path: &[String], command: &Command) -> Result<Vec<Vec<Setting>>> {
        let profile = self
            .profile_name()
            .map(|name| Scope::Profile(name.to_owned()));
        let of_profile = profile
            .iter()
            .flat_map(|scope| self.files.iter().map(move |file| (file, scope)));
        let scopes = [Scope::Command(path.to_owned()), Scope::Defaults];
        let of_files = self
            .files
            .iter()
            .flat_map(|file| scopes.iter().map(move |scope| (file, scope)));
        let layers = of_profile.chain(of_files);
        layers
            .map(|(file, scope)| file.layer(scope, command))
            .collect()
    }

    fn profile_name(&self) -> Option<&str> {
        self.profile
            .as_ref()
            .and_then(value)
            .and_then(OsStr::to_str)
    }

    fn check_profile(&self) -> Result<()> {
        let Some(name) = self.profile_name() else {
            return match &self.profile {
                Some(_) => Err(misused("the name of the profile is not UTF-8")),
                None => Ok(()),
            };
        };
        let profiles = || {
            self.files
                .iter()
                .flat_map(|file| file.document().profiles())
        };
        if profiles().any(|profile| profile == name) {
            return Ok(());
        }
        let error = misused(format!("there is no profile `{}`", name.escape_debug()));
        let all: Vec<&str> = profiles().collect();
        Err(match near(name, all.iter().copied()) {
            Some(near) => error.hint(format!("did you mean `{near}`?")),
            None if all.is_empty() => error
                .because("no file of settings has any")
                .hint("a file `gorgon.toml` here may have a section `[profile.NAME]`; `gorgon config` shows where files are looked for"),
            None => error.hint(format!("profiles: {}", all.join(", "))),
        })
    }
}

/// Where files are looked for, as the flags of the whole program say.
pub(super) fn places(globals: &[Setting]) -> Vec<Place> {
    if global(globals, NO_CONFIG).is_some() {
        return Vec::new();
    }
    let named = global(globals, CONFIG).and_then(value).map(Path::new);
    let here = std::env::current_dir().unwrap_or_else(|_| PathBuf::from("."));
    Places::of(named, &here, |name| std::env::var_os(name)).places
}

fn global<'a>(globals: &'a [Setting], name: &str) -> Option<&'a Setting> {
    let setting = globals.iter().find(|setting| setting.flag == name)?;
    setting.given.is_on().then_some(setting)
}

/// The one value of a setting.
fn value(setting: &Setting) -> Option<&OsStr> {
    match &setting.given {
        Given::Values(values) => values.first().map(|value| value.as_os_str()),
        Given::On | Given::Off => None,
    }
}
