//! What the server counts and remembers, shared by all its connections.

use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use serde_json::json;
use tokio::time::Instant;

use super::shop::Shop;
use super::web;
use crate::clock;
use crate::splitmix;

/// One server's state. Counters only: nothing in here grows.
#[derive(Debug)]
pub(super) struct State {
    started: Instant,
    pub(super) requests: AtomicU64,
    pub(super) connections: AtomicU64,
    open: AtomicU64,
    json_ids: AtomicU64,
    flaky_calls: AtomicU64,
    jitter_draws: AtomicU64,
    pub(super) shop: Shop,
    pub(super) gzip: Bytes,
    pub(super) deflate: Bytes,
}

impl State {
    pub(super) fn new() -> io::Result<State> {
        Ok(State {
            started: clock::now(),
            requests: AtomicU64::new(0),
            connections: AtomicU64::new(0),
            open: AtomicU64::new(0),
            json_ids: AtomicU64::new(0),
            flaky_calls: AtomicU64::new(0),
            jitter_draws: AtomicU64::new(0),
            shop: Shop::default(),
            gzip: web::gzip_body()?,
            deflate: web::deflate_body()?,
        })
    }

    /// Counts a connection as open until the returned guard is dropped.
    pub(super) fn connected(&self) -> Connected<'_> {
        self.connections.fetch_add(1, Ordering::Relaxed);
        self.open.fetch_add(1, Ordering::Relaxed);
        Connected { open: &self.open }
    }

    /// The time since the server started: the clock of `/stall`.
    pub(super) fn uptime(&self) -> Duration {
        clock::now() - self.started
    }

    /// The next id of `/json`, from 1.
    pub(super) fn next_json_id(&self) -> u64 {
        self.json_ids.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// Counts a call of `/flaky` and returns its place, from 1.
    pub(super) fn next_flaky_call(&self) -> u64 {
        self.flaky_calls.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// A number from 0 to below 1 that differs from draw to draw, the same sequence in every server.
    pub(super) fn draw(&self) -> f64 {
        let draw = self.jitter_draws.fetch_add(1, Ordering::Relaxed) + 1;
        splitmix::unit(splitmix::after(0, draw))
    }

    /// What `/stats` tells.
    pub(super) fn stats(&self) -> serde_json::Value {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        json!({
            "requests": read(&self.requests),
            "connections": read(&self.connections),
            "open": read(&self.open),
            "carts": read(&self.shop.carts),
            "paid": read(&self.shop.paid),
            "declined": read(&self.shop.declined),
        })
    }
}

/// Keeps a connection counted as open.
#[derive(Debug)]
pub(super) struct Connected<'a> {
    open: &'a AtomicU64,
}

impl Drop for Connected<'_> {
    fn drop(&mut self) {
        self.open.fetch_sub(1, Ordering::Relaxed);
    }
}
