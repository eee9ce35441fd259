//! What a run read of itself and what happened to it, in bounded memory.

use serde_json::Value;

use super::format::Event;

/// The most readings, and the most events, that are kept.
const MOST: usize = 3_600;

/// The most bytes of either.
const MOST_BYTES: usize = 16 << 20;

/// A reading that takes more is left out.
const MOST_BYTES_OF_ONE: usize = 1 << 20;

/// What the runner read of itself at the end of a tick.
#[derive(Debug, Clone, PartialEq)]
pub struct Extra {
    /// When, in nanoseconds since the run started.
    pub to_ns: u64,
    /// What.
    pub value: Value,
}

/// Readings, thinned out evenly where there would be too many.
#[derive(Debug)]
pub(super) struct Extras {
    kept: Vec<Extra>,
    bytes: usize,
    seen: usize,
    /// One of so many is kept.
    every: usize,
}

impl Default for Extras {
    fn default() -> Extras {
        Extras {
            kept: Vec::new(),
            bytes: 0,
            seen: 0,
            every: 1,
        }
    }
}

impl Extras {
    pub(super) fn push(&mut self, extra: Extra) {
        let is_next = self.seen.is_multiple_of(self.every);
        self.seen += 1;
        let bytes = bytes_of(&extra.value);
        if !is_next || bytes > MOST_BYTES_OF_ONE {
            return;
        }
        self.bytes += bytes;
        self.kept.push(extra);
        while self.kept.len() > MOST || self.bytes > MOST_BYTES {
            self.thin_out();
        }
    }

    pub(super) fn into_kept(self) -> Vec<Extra> {
        self.kept
    }

    /// Keeps every second one, now and from here on.
    fn thin_out(&mut self) {
        let mut is_kept = false;
        self.kept.retain(|_| {
            is_kept = !is_kept;
            is_kept
        });
        self.every = self.every.saturating_mul(2);
        self.bytes = self.kept.iter().map(|extra| bytes_of(&extra.value)).sum();
    }
}

/// The first events, and the number of those that were too many.
#[derive(Debug, Default)]
pub(super) struct Events {
    pub(super) kept: Vec<Event>,
    pub(super) beyond: u64,
    bytes: usize,
}

impl Events {
    pub(super) fn push(&mut self, event: Event) {
        let bytes = event.kind.len() + event.text.len() + size_of::<Event>();
        if self.kept.len() < MOST && self.bytes + bytes <= MOST_BYTES {
            self.bytes += bytes;
            self.kept.push(event);
        } else {
            self.beyond += 1;
        }
    }
}

/// Memory of a value, roughly. The reader of JSON bounds its depth.
fn bytes_of(value: &Value) -> usize {
    size_of::<Value>()
        + match value {
            Value::Null | Value::Bool(_) | Value::Number(_) => 0,
            Value::String(text) => text.len(),
            Value::Array(list) => list.iter().map(bytes_of).sum(),
            Value::Object(members) => members
                .iter()
                .map(|(name, value)| name.len() + bytes_of(value) + 64)
                .sum(),
        }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn kept(values: impl Iterator<Item = Value>) -> Vec<Extra> {
        let mut extras = Extras::default();
        values
            .zip(0..)
            .for_each(|(value, to_ns)| extras.push(Extra { to_ns, value }));
        extras.into_kept()
    }

    #[test]
    fn few_readings_are_all_kept_and_many_are_thinned_out_evenly() {
        let times = |extras: &[Extra]| extras.iter().map(|extra| extra.to_ns).collect::<Vec<_>>();
        let few = kept((0..MOST).map(|i| json!(i)));
        assert_eq!(times(&few), (0..MOST as u64).collect::<Vec<_>>());
        let many = times(&kept((0..4 * MOST).map(|i| json!(i))));
        assert!(many.len() > MOST / 4 && many.len() <= MOST);
        let apart = many[1] - many[0];
        assert!(apart > 1 && many.windows(2).all(|pair| pair[1] - pair[0] == apart));
    }

    #[test]
    fn readings_have_bounds_in_bytes() {
        assert_eq!(kept(std::iter::once(json!("x".repeat(2 << 20)))), []);
        let large = kept((0..100).map(|_| json!({"text": "x".repeat(900 << 10)})));
        assert!((1..=18).contains(&large.len()), "{}", large.len());
    }

    #[test]
    fn events_beyond_the_bound_are_counted() {
        let mut events = Events::default();
        let event = Event {
            text: "x".repeat(1 << 20),
            ..Event::default()
        };
        (0..40).for_each(|_| events.push(event.clone()));
        assert_eq!((events.kept.len(), events.beyond), (15, 25));
        (0..MOST).for_each(|_| events.push(Event::default()));
        assert_eq!(events.kept.len(), MOST);
    }
}
