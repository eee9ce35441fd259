//! `gorgon:load/context`.

use super::super::bindings::gorgon::load::context::{Host, Level};
use super::super::log::Origin;
use super::super::state::State;
use crate::data::Row;

impl Host for State {
    fn number(&mut self) -> u64 {
        self.current.number
    }

    fn worker(&mut self) -> u32 {
        self.worker
    }

    fn workers(&mut self) -> u32 {
        self.run.workers
    }

    fn due(&mut self) -> u64 {
        self.current.due_ns
    }

    fn run_id(&mut self) -> String {
        self.run.run_id.clone()
    }

    fn random(&mut self) -> u64 {
        self.current.random.next()
    }

    fn parameter(&mut self, name: String) -> Option<String> {
        self.run.parameters.get(&name)
    }

    fn parameters(&mut self) -> Vec<(String, String)> {
        self.run.parameters.all()
    }

    fn item(&mut self) -> Option<Vec<u8>> {
        self.current.item.as_ref().map(|item| item.to_vec())
    }

    fn cell(&mut self, column: String) -> Option<Vec<u8>> {
        self.data_row()?.cell(&column).map(<[u8]>::to_vec)
    }

    fn row(&mut self) -> Vec<(String, Vec<u8>)> {
        let Some(row) = self.data_row() else {
            return Vec::new();
        };
        row.cells()
            .map(|(column, cell)| (column.to_owned(), cell.to_vec()))
            .collect()
    }

    fn stopping(&mut self) -> bool {
        !self.run.control.is_running()
    }

    fn log(&mut self, level: Level, text: String) {
        let origin = match level {
            Level::Debug => Origin::Debug,
            Level::Info => Origin::Info,
            Level::Warn => Origin::Warn,
            Level::Error => Origin::Error,
        };
        self.output.line(origin, &text);
    }
}

impl State {
    /// The row of data of this call; hooks have none.
    fn data_row(&self) -> Option<Row<'_>> {
        self.run.data.as_ref()?.row(self.current.index?)
    }
}
