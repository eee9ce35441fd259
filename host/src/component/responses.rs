//! What of the responses of a call stays with the host.

use std::collections::VecDeque;

use crate::http_client;

/// Responses of one call that the host keeps heads of; older ones are forgotten.
const RESPONSES_MAX: usize = 1_024;

/// The heads of the responses of the present call, by the ids the guest knows them by.
#[derive(Debug, Default)]
pub(super) struct Responses {
    first_id: u32,
    heads: VecDeque<Head>,
}

/// The guest asked about a response that it may not ask about any more.
#[derive(Debug, thiserror::Error)]
#[error("response {0} is not one of this call, or {RESPONSES_MAX} newer ones have arrived")]
pub(super) struct StaleResponse(pub(super) u32);

/// What of a response stays with the host.
#[derive(Debug)]
pub(super) struct Head {
    pub(super) headers: http_client::Headers,
    pub(super) timings: http_client::Timings,
    pub(super) reused: bool,
    pub(super) version: http::Version,
}

impl Responses {
    pub(super) fn keep(&mut self, head: Head) -> u32 {
        if self.heads.len() == RESPONSES_MAX {
            self.heads.pop_front();
            self.first_id = self.first_id.wrapping_add(1);
        }
        let id = self.first_id.wrapping_add(self.heads.len() as u32);
        self.heads.push_back(head);
        id
    }

    pub(super) fn get(&self, id: u32) -> wasmtime::Result<&Head> {
        let head = self.heads.get(id.wrapping_sub(self.first_id) as usize);
        head.ok_or_else(|| StaleResponse(id).into())
    }

    /// A new call begins: no id given out so far means anything any more.
    pub(super) fn clear(&mut self) {
        self.first_id = self.first_id.wrapping_add(self.heads.len() as u32);
        self.heads.clear();
    }
}
