//! The client against real servers on loopback.
//!
//! Nothing here waits for time to pass: where a server has to have done something first, the test is told so by the
//! server; where a limit has to run out, the server does nothing for ever.

pub(super) mod answers;
mod batches;
mod bodies;
mod connections;
mod corpus;
mod encodings;
mod http2;
mod limits;
mod reach;
mod redirects;
mod requests;
mod secure;
mod server;

use std::sync::Arc;

use super::{Client, Settings, Shared};

/// A client that may reach loopback.
fn client() -> Client {
    client_with(Settings::default())
}

fn client_with(settings: Settings) -> Client {
    Client::new(shared(settings))
}

fn shared(settings: Settings) -> Arc<Shared> {
    Shared::new(settings).expect("the settings of a test are usable")
}

#[test]
fn a_client_and_its_futures_may_move_between_threads() {
    fn assert_send<T: Send>(value: T) -> T {
        value
    }
    let mut client = assert_send(client());
    drop(assert_send(
        client.send(super::Request::get("http://127.0.0.1/")),
    ));
    drop(assert_send(client.send_all(Vec::new())));
}
