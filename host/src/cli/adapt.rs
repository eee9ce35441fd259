//! `gorgon adapt`: writes the component that a core module becomes.

use std::path::PathBuf;

use clap::Args;

use super::sink::Sink;
use super::{Done, output};
use crate::component::adapt;
use crate::component::kind::{self, CoreKind, Kind};
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
        let needless = |what: &str| {
            let what = format!("`{}` is {what}", source.name);
            Err(Error::new(Exit::Unusable, what).hint("run it as it is"))
        };
        let exports = match kind::tell(&source.name, &source.bytes)? {
            Kind::Core(CoreKind::Operation { exports }) => exports,
            Kind::Core(CoreKind::Command) => {
                return needless("a program, which is not made a component");
            }
            Kind::Component => return needless("a component already"),
        };
        let component = adapt::component(&source.name, &source.bytes, &exports)?;
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
