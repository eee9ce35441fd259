//! The server as a client sees it, over real sockets. Waiting is on virtual time.

mod basics;
mod client;
mod faults;
mod server;
mod shop;
mod web;
