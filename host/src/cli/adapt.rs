//! `gorgon adapt`: writes the component that a core module becomes.

use std::path::PathBuf;

use clap::Args;

use super::sink::Sink;
use super::{Done, output};
use crate::component::{adapt, kind};
use crate::error::{Error, Exit};
use crate::report::format;
use crate::source::{self, Trust};

#[derive(Debug, Args)]
pub(super) struct AdaptArgs {
    /// The core module, as a compiler made it
    #[arg(value_name = "MODULE")]
    module: String,

    /// Write the component to this file; `-` writes it to stdout
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
}

impl AdaptArgs {
    pub(super) fn main(self) -> Done {
        let source = source::read(&self.module, &Trust::default())?;
        let core = match kind::tell(&source.name, &source.bytes)? {
            kind::Kind::Core(core) => core,
            kind::Kind::Component => {
                return Err(Error::new(
                    Exit::Unusable,
                    format!("`{}` is a component already", source.name),
                )
                .hint("run it as it is"));
            }
        };
        let component = adapt::component(&source.name, &source.bytes, &core)?;
        let mut sink = Sink::open(&self.output)?;
        sink.write(|out| out.write_all(&component))?;
        if !sink.is_stdout() {
            output::notice(&format!(
                "`{}` is a component of {}",
                self.output.display(),
                format::bytes(component.len() as u64)
            ));
        }
        Ok(Exit::Done)
    }
}
