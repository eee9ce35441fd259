//! `gorgon new`: a small project to begin with.

use std::io;
use std::path::Path;

use clap::{Args, ValueEnum};

use super::{Done, misused, output};
use crate::error::{Error, Exit};
use crate::projects::{self, Language, Recipe};

#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  gorgon new checkout --lang rust")]
pub(super) struct NewArgs {
    /// The name of the project, and of the folder that is made for it
    #[arg(value_name = "NAME")]
    name: String,

    /// What it is to be written in
    #[arg(short, long, value_name = "LANGUAGE")]
    lang: Lang,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Lang {
    /// Rust
    Rust,
    /// C
    C,
    /// Go
    Go,
    /// Python
    Python,
    /// TypeScript, or JavaScript
    #[value(alias = "ts", alias = "javascript", alias = "typescript")]
    Js,
}

impl Lang {
    fn language(self) -> Language {
        match self {
            Lang::Rust => Language::Rust,
            Lang::C => Language::C,
            Lang::Go => Language::Go,
            Lang::Python => Language::Python,
            Lang::Js => Language::Js,
        }
    }
}

impl NewArgs {
    pub(super) fn main(self) -> Done {
        let name = &self.name;
        if !projects::is_name(name) {
            return Err(misused(format!(
                "`{}` cannot be the name of a project",
                name.escape_debug()
            ))
            .because("it begins with a small letter, has small letters, digits and `-`, and is no word of a language or SDK")
            .hint("`gorgon new checkout --lang rust`"));
        }
        let language = self.lang.language();
        let folder = Path::new(name);
        projects::write(folder, name, language).map_err(|cause| cannot_write(name, &cause))?;
        let recipe = Recipe::of(folder);
        Ok(output::to_stdout(|out| {
            writeln!(out, "cd {name}")?;
            for line in language.preparation() {
                writeln!(out, "{line:60}  # once")?;
            }
            if let Some(recipe) = &recipe {
                writeln!(out, "{:60}  # after each change", recipe.command())?;
            }
            writeln!(out, "{:60}  # its unit test", language.test_command())?;
            writeln!(
                out,
                "{:60}  # in another terminal: a server to try it against",
                "gorgon target --port 8080"
            )?;
            let operation = operation(language, name);
            writeln!(
                out,
                "gorgon run {operation} --set url=http://127.0.0.1:8080/ -n 4000 -w 8"
            )
        }))
    }
}

/// Where the file is once the project has been built.
fn operation(language: Language, name: &str) -> String {
    match language {
        Language::Rust => format!(
            "target/wasm32-wasip2/release/{}.wasm",
            name.replace('-', "_")
        ),
        Language::C | Language::Go | Language::Python | Language::Js => "./op.wasm".to_owned(),
    }
}

fn cannot_write(name: &str, cause: &io::Error) -> Error {
    let error = Error::new(
        Exit::CannotWrite,
        format!("cannot make the project `{name}`"),
    );
    match cause.kind() {
        io::ErrorKind::AlreadyExists => error
            .because("there is something of that name already")
            .hint("choose another name, or remove it"),
        _ => error.caused_by(cause),
    }
}
