//! What was measured for a rule, and how it is shown.

use std::cmp::Ordering;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::limit::{self, Limit};
use crate::report::format;

/// A figure as it was measured.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Quantity {
    /// A duration in nanoseconds.
    Ns(u64),
    /// A part of a whole that is not 0.
    Share {
        /// How many of them.
        part: u64,
        /// How many there are.
        whole: u64,
    },
    /// How many there are.
    Count(u64),
    /// How many in a second.
    PerS(f64),
}

/// A figure as it was measured, and how well it is known. Its `Display` is rounded as reports are, with a unit of its own
/// (`78.8 ms`, `1.10 %`, `44`, `402.4/s`), and a `>` before a bound.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Measured {
    /// Its value.
    pub quantity: Quantity,
    /// Whether this is only a lower bound of it, because calls never ended.
    pub is_lower_bound: bool,
}

impl Measured {
    pub(super) fn exactly(quantity: Quantity) -> Measured {
        Measured {
            quantity,
            is_lower_bound: false,
        }
    }

    pub(super) fn at_least(quantity: Quantity) -> Measured {
        Measured {
            quantity,
            is_lower_bound: true,
        }
    }

    pub(super) fn is_equal_to(self, limit: Limit) -> bool {
        !self.is_lower_bound && limit.compare(self.quantity) == Some(Ordering::Equal)
    }

    /// The value as exactly as it is known.
    pub(super) fn in_full(self) -> String {
        let text = match self.quantity {
            Quantity::Ns(ns) => limit::duration(ns, " "),
            Quantity::Share { part, whole } => {
                format!("{} of {}", format::count(part), format::count(whole))
            }
            Quantity::Count(count) => format::count(count),
            Quantity::PerS(per_s) => format!("{per_s}/s"),
        };
        self.marked(&text)
    }

    fn marked(self, text: &str) -> String {
        let mark = if self.is_lower_bound { "> " } else { "" };
        format!("{mark}{text}")
    }
}

impl Quantity {
    /// A part of a whole, 0 to 1.
    pub(crate) fn ratio(part: u64, whole: u64) -> f64 {
        part as f64 / whole as f64
    }
}

impl fmt::Display for Measured {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self.quantity {
            Quantity::Ns(ns) => format::duration(ns),
            Quantity::Share { part, whole } => format::share(Quantity::ratio(part, whole)),
            Quantity::Count(count) => format::count(count),
            Quantity::PerS(per_s) => format!("{}/s", format::rate(per_s)),
        };
        f.write_str(&self.marked(&text))
    }
}
