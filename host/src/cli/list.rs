//! `gorgon list`.

use clap::Args;

use super::{Done, output};
use crate::plugins;

#[derive(Debug, Args)]
pub(super) struct ListArgs {}

impl ListArgs {
    pub(super) fn main(self) -> Done {
        Ok(output::to_stdout(|out| {
            let width = plugins::ALL
                .iter()
                .map(|plugin| plugin.name.len())
                .max()
                .unwrap_or(0);
            for plugin in plugins::ALL {
                writeln!(out, "{:width$}  {}", plugin.name, plugin.description)?;
            }
            Ok(())
        }))
    }
}
