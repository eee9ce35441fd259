//! `gorgon:load/context`.

use super::super::bindings::gorgon::load::context::{Host, Level};
use super::super::log::Origin;
use super::super::state::State;

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

    // A run has neither items nor data yet: every answer is the one for a run without.
    fn item(&mut self) -> Option<Vec<u8>> {
        None
    }

    fn cell(&mut self, _column: String) -> Option<Vec<u8>> {
        None
    }

    fn row(&mut self) -> Vec<(String, Vec<u8>)> {
        Vec::new()
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
