//! Requests that their caller does not stand still for: over the connections of a client, counted with its own.

use std::sync::Arc;

use super::core::Core;
use super::error::Error;
use super::flight;
use super::request::Request;
use super::response::Response;

/// Sends in the name of a client. What is under way holds no reference to the client and may outlive it.
#[derive(Debug, Clone)]
pub struct Sender {
    core: Arc<Core>,
}

impl Sender {
    pub(super) fn new(core: Arc<Core>) -> Sender {
        Sender { core }
    }

    /// Sends a request and waits for its answer, body included.
    ///
    /// # Errors
    /// As of [`Client::send`](super::Client::send).
    pub async fn send(self, request: Request) -> Result<Response, Error> {
        flight::fly(&self.core, request, None).await
    }

    /// Counts a request that came to nothing before it could be sent.
    pub fn refuse(&self, error: Error) -> Error {
        let traffic = &mut self.core.state().traffic;
        traffic.requests += 1;
        let refused: Result<(), Error> = Err(error.clone());
        traffic.count(&refused);
        error
    }
}
