//! The one command that builds a project, told by the files in its folder.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::Language;

/// How a project is built.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipe {
    /// What it is written in.
    pub language: Language,
    /// The program to run in the folder of the project.
    pub program: &'static str,
    /// Its arguments.
    pub arguments: &'static [&'static str],
    /// Variables that it needs.
    pub variables: &'static [(&'static str, &'static str)],
    /// What is to be done first where it fails because something is missing.
    pub hint: &'static str,
}

impl Recipe {
    /// How the project in a folder is built; nothing where that cannot be told.
    pub fn of(folder: &Path) -> Option<Recipe> {
        let has = |name: &str| folder.join(name).is_file();
        if has("Cargo.toml") {
            return Some(Recipe {
                language: Language::Rust,
                program: "cargo",
                arguments: &["build", "--release", "--target", "wasm32-wasip2"],
                variables: &[],
                hint: "once: `rustup target add wasm32-wasip2`",
            });
        }
        if has("package.json") {
            return Some(Recipe {
                language: Language::Js,
                program: "npm",
                arguments: &["run", "build"],
                variables: &[],
                hint: "once: `npm install`, with Node.js 20 or later",
            });
        }
        if has("go.mod") {
            return Some(Recipe {
                language: Language::Go,
                program: "go",
                arguments: &["build", "-buildmode=c-shared", "-o", "op.wasm", "."],
                variables: &[("GOOS", "wasip1"), ("GOARCH", "wasm")],
                hint: "Go 1.24 or later has to be on the PATH",
            });
        }
        if has("Makefile") {
            return Some(Recipe {
                language: Language::C,
                program: "make",
                arguments: &[],
                variables: &[],
                hint: "once, on Debian: `apt-get install make clang-19 lld-19 wasi-libc libclang-rt-19-dev-wasm32`",
            });
        }
        has("op.py").then_some(Recipe {
            language: Language::Python,
            program: ".venv/bin/python",
            arguments: &["-m", "gorgon", "build", "op.py"],
            variables: &[],
            hint: "once: `python3 -m venv .venv && .venv/bin/pip install -r requirements.txt`",
        })
    }

    /// Whether a folder that is built so is a project for gorgon, and not just one of the same language: the file that says
    /// how it is built speaks of gorgon.
    fn is_gorgons(&self, folder: &Path) -> bool {
        let file = match self.language {
            Language::Rust => "Cargo.toml",
            Language::Js => "package.json",
            Language::Go => "go.mod",
            Language::C => "Makefile",
            Language::Python => "op.py",
        };
        let text = fs::read_to_string(folder.join(file));
        text.is_ok_and(|text| text.contains("gorgon"))
    }

    /// The command as a person would type it.
    pub fn command(&self) -> String {
        let variables = self.variables.iter();
        let variables = variables.map(|(name, value)| format!("{name}={value}"));
        let arguments = self.arguments.iter().map(|argument| (*argument).to_owned());
        let words = variables.chain([self.program.to_owned()]).chain(arguments);
        words.collect::<Vec<_>>().join(" ")
    }
}

/// The component, or core module, that was built last in a folder.
pub fn built(folder: &Path) -> Option<PathBuf> {
    const PLACES: [&str; 4] = ["", "build", "dist", "target/wasm32-wasip2/release"];
    let files = PLACES
        .iter()
        .filter_map(|place| fs::read_dir(folder.join(place)).ok())
        .flat_map(|entries| entries.flatten())
        .map(|entry| entry.path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "wasm")
        });
    let changed = |path: &PathBuf| {
        let changed = fs::metadata(path).and_then(|metadata| metadata.modified());
        changed.unwrap_or(SystemTime::UNIX_EPOCH)
    };
    files.max_by_key(changed)
}

/// The command that builds the project in which a file is missing; nothing where it is in none, or something has been built
/// there: then the file has another name.
pub fn not_built(missing: &Path) -> Option<String> {
    let folder = missing.ancestors().skip(1).find(|folder| {
        let is_here = folder.as_os_str().is_empty();
        is_here || folder.is_dir()
    })?;
    let here = Path::new(".");
    let folder = if folder.as_os_str().is_empty() {
        here
    } else {
        folder
    };
    let is_gorgons = Recipe::of(folder).is_some_and(|recipe| recipe.is_gorgons(folder));
    if !is_gorgons || built(folder).is_some() {
        return None;
    }
    Some(match folder == here {
        true => "gorgon build".to_owned(),
        false => format!("gorgon build {}", folder.display()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_of_a_folder_tell_how_it_is_built() {
        #[track_caller]
        fn check(file: &str, expected: &str) {
            let folder = tempfile::tempdir().unwrap();
            fs::write(folder.path().join(file), "").unwrap();
            let command = Recipe::of(folder.path()).map(|recipe| recipe.command());
            assert_eq!(command.as_deref().unwrap_or("none"), expected);
        }
        check("Cargo.toml", "cargo build --release --target wasm32-wasip2");
        check("package.json", "npm run build");
        check(
            "go.mod",
            "GOOS=wasip1 GOARCH=wasm go build -buildmode=c-shared -o op.wasm .",
        );
        check("Makefile", "make");
        check("op.py", ".venv/bin/python -m gorgon build op.py");
        check("README.md", "none");
    }

    #[test]
    fn a_file_that_is_missing_because_nobody_built_it_is_told_from_others() {
        let root = tempfile::tempdir().unwrap();
        let shop = root.path().join("shop");
        let name = |path: &str| not_built(&shop.join(path));
        assert_eq!(name("op.wasm"), None, "there is no folder");
        fs::create_dir(&shop).unwrap();
        assert_eq!(name("op.wasm"), None, "the folder is no project");
        fs::write(shop.join("go.mod"), "module shop").unwrap();
        assert_eq!(name("op.wasm"), None, "the project is not one of gorgon's");
        fs::write(shop.join("go.mod"), "require example.com/gorgon").unwrap();
        let build = Some(format!("gorgon build {}", shop.display()));
        assert_eq!(name("op.wasm"), build);
        assert_eq!(name("target/wasm32-wasip2/release/shop.wasm"), build);
        fs::write(shop.join("op.wasm"), "").unwrap();
        assert_eq!(name("other.wasm"), None, "it is built");
    }

    #[test]
    fn every_template_is_told_to_be_a_project_of_gorgon() {
        for language in Language::ALL {
            let root = tempfile::tempdir().unwrap();
            let folder = root.path().join("shop");
            crate::projects::write(&folder, "shop", language).unwrap();
            assert!(not_built(&folder.join("op.wasm")).is_some(), "{language:?}");
        }
    }

    #[test]
    fn the_file_that_was_built_last_is_found_wherever_the_language_puts_it() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(built(folder.path()), None);
        let release = folder.path().join("target/wasm32-wasip2/release");
        fs::create_dir_all(&release).unwrap();
        let there = release.join("op.wasm");
        fs::write(&there, "").unwrap();
        fs::write(release.join("op.d"), "").unwrap();
        assert_eq!(built(folder.path()), Some(there));
    }
}
