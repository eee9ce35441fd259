//! `gorgon build`: runs the one command that builds a project, whatever it is written in.

use std::path::{Path, PathBuf};
use std::process::Command;

use clap::Args;

use super::{Done, output};
use crate::component::kind;
use crate::error::{Error, Exit, Result};
use crate::projects::{self, Recipe};
use crate::report::format;
use crate::source::{self, Trust};

#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  gorgon build
  gorgon build checkout")]
pub(super) struct BuildArgs {
    /// The folder of the project
    #[arg(value_name = "FOLDER", default_value = ".")]
    folder: PathBuf,
}

impl BuildArgs {
    pub(super) fn main(self) -> Done {
        let folder = &self.folder;
        let shown = folder.display();
        if !folder.is_dir() {
            return Err(Error::new(
                Exit::NoInput,
                format!("there is no folder `{shown}`"),
            ));
        }
        let recipe = Recipe::of(folder).ok_or_else(|| {
            Error::new(Exit::NoInput, format!("cannot tell how `{shown}` is built"))
                .because("it has no `Cargo.toml`, `package.json`, `go.mod`, `Makefile` or `op.py`")
                .hint("`gorgon new NAME --lang rust|c|go|python|js` writes a project that has")
        })?;
        output::notice(&recipe.command());
        run(folder, &recipe)?;
        let built = projects::built(folder).ok_or_else(|| {
            Error::new(
                Exit::NoInput,
                format!("`{}` has built no `.wasm` file", recipe.command()),
            )
            .hint("the build has to leave it in the folder itself, or in its `build` or `dist`")
        })?;
        let name = built.display().to_string();
        let bytes = source::read(&in_full(&name), &Trust::default())?.bytes;
        // Whatever else is wrong with it, it has to be WebAssembly.
        kind::tell(&name, &bytes)?;
        Ok(output::to_stdout(|out| {
            writeln!(out, "{name}  {}", format::bytes(bytes.len() as u64))
        }))
    }
}

/// A name that cannot be taken for a stock plugin.
fn in_full(name: &str) -> String {
    match name.contains('/') {
        true => name.to_owned(),
        false => format!("./{name}"),
    }
}

fn run(folder: &Path, recipe: &Recipe) -> Result<()> {
    let mut command = Command::new(recipe.program);
    command
        .args(recipe.arguments)
        .envs(recipe.variables.iter().copied())
        .current_dir(folder);
    let failed = |cause: String| {
        Error::new(Exit::Unusable, format!("`{}` failed", recipe.command()))
            .because(cause)
            .hint(recipe.hint)
    };
    let status = command
        .status()
        .map_err(|cause| failed(cause.to_string()))?;
    if status.success() {
        Ok(())
    } else {
        Err(failed(status.to_string()))
    }
}
