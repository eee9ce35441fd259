//! The real binary with real operations against servers on the loopback interface.
//!
//! Every run's summary is checked against the schema and for calls that add up, so each test only says what is its own.
//! Nothing here needs a network, a fixed port or a fast machine.

mod browser;
mod closed_load;
mod commands;
mod compare;
mod config;
mod damaged;
mod doctor;
mod due;
mod faults;
mod fetch;
mod files;
#[cfg(target_os = "linux")]
mod gaps;
mod guest;
mod http;
mod items;
#[cfg(unix)]
mod kill;
mod kinds;
mod languages;
mod lifecycle;
#[cfg(target_os = "linux")]
mod live;
mod mix;
mod network_policy;
mod open_load;
mod other_hdr;
mod other_readers;
mod output;
mod pairs;
mod projects;
mod saved;
mod shells;
mod shop;
#[cfg(unix)]
mod signals;
mod suite;
mod support;
mod thresholds;
#[cfg(unix)]
mod told;
mod usage;
mod verdict;
mod views;
mod web;
