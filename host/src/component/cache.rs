//! Compiled components, kept from run to run.
//!
//! A compiled component is machine code that is mapped and run without further checks, so a file that somebody else
//! could have written must never be loaded. Therefore the cache is a directory of the user's own with mode 0700, a file
//! in it must belong to the user and be writable by nobody else, and nothing that came from elsewhere is ever put there:
//! what a run is given is always the component, never its compilation. A directory that is not safe is not used.

use std::fs::{self, DirBuilder};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};

use wasmtime::component::Component;
use wasmtime::{Engine, Module};

use super::code::{Code, Form};
use crate::user;

/// Bits of a mode that let others than the owner write.
const OTHERS_WRITE: u32 = 0o022;

/// A directory of compiled components.
#[derive(Debug, Clone)]
pub struct Cache {
    directory: PathBuf,
}

impl Cache {
    /// The cache of this user: `$GORGON_CACHE_DIR`, else `$XDG_CACHE_HOME/gorgon`, else `~/.cache/gorgon`. Nothing if
    /// none of them is set or the directory cannot be made safe; everything works without, only slower.
    pub fn of_user() -> Option<Cache> {
        let set = |name: &str| {
            std::env::var_os(name)
                .filter(|value| !value.is_empty())
                .map(PathBuf::from)
        };
        // As the XDG specification has it: a relative path is to be ignored.
        let absolute = |name: &str| set(name).filter(|path| path.is_absolute());
        let directory = set("GORGON_CACHE_DIR")
            .or_else(|| absolute("XDG_CACHE_HOME").map(|base| base.join("gorgon")))
            .or_else(|| absolute("HOME").map(|home| home.join(".cache/gorgon")))?;
        Cache::in_directory(directory).ok()
    }

    /// Where it is.
    pub fn directory(&self) -> &std::path::Path {
        &self.directory
    }

    /// The cache in `directory`, which is made with mode 0700 where it is missing.
    ///
    /// # Errors
    /// It cannot be made, or others could write to it.
    pub fn in_directory(directory: PathBuf) -> io::Result<Cache> {
        if let Some(parent) = directory.parent() {
            fs::create_dir_all(parent)?;
        }
        match DirBuilder::new().mode(0o700).create(&directory) {
            Err(cause) if cause.kind() != io::ErrorKind::AlreadyExists => return Err(cause),
            _ => {}
        }
        let metadata = fs::metadata(&directory)?;
        if !metadata.is_dir() || !is_ours(&metadata) {
            let why = "the directory belongs to another user, or others may write to it";
            return Err(io::Error::new(io::ErrorKind::PermissionDenied, why));
        }
        Ok(Cache { directory })
    }

    /// The compilation of the component with this digest for `engine`, if it is there.
    pub(super) fn load(&self, engine: &Engine, digest: &str, form: Form) -> Option<Code> {
        let path = self.path(engine, digest);
        if !is_ours(&fs::symlink_metadata(&path).ok()?) {
            return None;
        }
        trusted(engine, &path, form)
    }

    /// Keeps the compilation of a component. Whether that worked matters to nobody but the next run.
    pub(super) fn store(&self, engine: &Engine, digest: &str, compiled: &[u8]) -> io::Result<()> {
        // Complete under a name of its own before it has its final name: another process sees all of it or nothing.
        let mut file = tempfile::NamedTempFile::new_in(&self.directory)?;
        file.write_all(compiled)?;
        file.as_file().sync_data()?;
        file.persist(self.path(engine, digest))
            .map_err(|error| error.error)?;
        Ok(())
    }

    fn path(&self, engine: &Engine, digest: &str) -> PathBuf {
        let mut hasher = DefaultHasher::new();
        engine.precompile_compatibility_hash().hash(&mut hasher);
        self.directory
            .join(format!("{digest}-{:016x}.cwasm", hasher.finish()))
    }
}

/// True for something that only this user can have written. A symbolic link is never.
fn is_ours(metadata: &fs::Metadata) -> bool {
    !metadata.is_symlink()
        && metadata.uid() == user::effective_id()
        && metadata.mode() & OTHERS_WRITE == 0
}

#[expect(
    unsafe_code,
    reason = "the file is one that this user's gorgon has written, see the module's documentation"
)]
fn trusted(engine: &Engine, path: &Path, form: Form) -> Option<Code> {
    unsafe {
        match form {
            Form::Component => Component::deserialize_file(engine, path).map(Code::Component),
            Form::Program => Module::deserialize_file(engine, path).map(Code::Program),
        }
    }
    .ok()
}

/// Loads what [`Engine`] has just compiled in this process.
#[expect(
    unsafe_code,
    reason = "the bytes come from `Code::serialize` of this process"
)]
pub(super) fn from_own_bytes(
    engine: &Engine,
    compiled: &[u8],
    form: Form,
) -> wasmtime::Result<Code> {
    unsafe {
        Ok(match form {
            Form::Component => Code::Component(Component::deserialize(engine, compiled)?),
            Form::Program => Code::Program(Module::deserialize(engine, compiled)?),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::component::config::{Shape, compiler};
    use std::fs::Permissions;
    use std::os::unix::fs::PermissionsExt;

    fn engine() -> Engine {
        compiler(Shape {
            instances: 1,
            operations: 1,
            memory_bytes: 1 << 20,
            backtrace_frames: 0,
        })
        .unwrap()
    }

    fn filled(engine: &Engine) -> (tempfile::TempDir, Cache) {
        let home = tempfile::tempdir().unwrap();
        let cache = Cache::in_directory(home.path().join("gorgon")).unwrap();
        let component =
            Component::from_binary(engine, &wat::parse_str("(component)").unwrap()).unwrap();
        cache
            .store(engine, "d1", &component.serialize().unwrap())
            .unwrap();
        (home, cache)
    }

    #[test]
    fn what_was_stored_is_loaded_again() {
        let engine = engine();
        let (_home, cache) = filled(&engine);
        assert!(cache.load(&engine, "d1", Form::Component).is_some());
        assert!(cache.load(&engine, "d2", Form::Component).is_none());
    }

    #[test]
    fn the_directory_is_the_user_s_alone() {
        let engine = engine();
        let (home, cache) = filled(&engine);
        let mode = fs::metadata(&cache.directory).unwrap().mode();
        assert_eq!(mode & 0o777, 0o700);
        fs::set_permissions(&cache.directory, Permissions::from_mode(0o777)).unwrap();
        let refused = Cache::in_directory(home.path().join("gorgon")).unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::PermissionDenied);
    }

    #[test]
    fn a_file_that_others_could_have_written_is_not_loaded() {
        let engine = engine();
        let (home, cache) = filled(&engine);
        let path = cache.path(&engine, "d1");
        fs::set_permissions(&path, Permissions::from_mode(0o666)).unwrap();
        assert!(cache.load(&engine, "d1", Form::Component).is_none());
        let elsewhere = home.path().join("elsewhere.cwasm");
        fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
        fs::rename(&path, &elsewhere).unwrap();
        std::os::unix::fs::symlink(&elsewhere, &path).unwrap();
        assert!(cache.load(&engine, "d1", Form::Component).is_none());
    }

    #[test]
    fn a_damaged_or_foreign_file_is_not_loaded() {
        let engine = engine();
        let (_home, cache) = filled(&engine);
        let path = cache.path(&engine, "d1");
        let whole = fs::read(&path).unwrap();
        for bytes in [&whole[..0], &whole[..100], b"not machine code".as_slice()] {
            fs::write(&path, bytes).unwrap();
            assert!(cache.load(&engine, "d1", Form::Component).is_none());
        }
    }

    #[test]
    fn another_configuration_has_another_file() {
        let engine = engine();
        let (_home, cache) = filled(&engine);
        let many = compiler(Shape {
            instances: 100_000,
            operations: 1,
            memory_bytes: 1 << 20,
            backtrace_frames: 0,
        })
        .unwrap();
        assert!(cache.load(&many, "d1", Form::Component).is_none());
    }
}
