//! The functions of `wit/`, as the test host has them. Same names and types as the generated bindings.

pub(crate) mod clock {
    use crate::testing::state;

    pub(crate) fn now() -> u64 {
        state::with(|state| state.now)
    }

    pub(crate) fn sleep(nanos: u64) {
        state::with(|state| state.now = state.now.saturating_add(nanos));
    }
}

pub(crate) mod context {
    use crate::host::wire;
    use crate::log::Level;
    use crate::random::mix;
    use crate::testing::LogLine;
    use crate::testing::state;

    pub(crate) fn number() -> u64 {
        state::with(|state| state.number)
    }

    pub(crate) fn worker() -> u32 {
        state::with(|state| state.worker)
    }

    pub(crate) fn workers() -> u32 {
        state::with(|state| state.workers)
    }

    pub(crate) fn due() -> u64 {
        0
    }

    pub(crate) fn run_id() -> String {
        "test".into()
    }

    pub(crate) fn random() -> u64 {
        state::with(|state| {
            state.drawn += 1;
            mix(mix(mix(state.seed) ^ state.number) ^ state.drawn)
        })
    }

    pub(crate) fn parameter(name: &str) -> Option<String> {
        state::with(|state| {
            state
                .parameters
                .iter()
                .find(|(other, _)| other == name)
                .map(|(_, value)| value.clone())
        })
    }

    pub(crate) fn parameters() -> Vec<(String, String)> {
        state::with(|state| state.parameters.clone())
    }

    pub(crate) fn item() -> Option<Vec<u8>> {
        state::with(|state| state.item.clone())
    }

    pub(crate) fn cell(column: &str) -> Option<Vec<u8>> {
        state::with(|state| {
            state
                .row
                .iter()
                .find(|(other, _)| other == column)
                .map(|(_, cell)| cell.clone())
        })
    }

    pub(crate) fn row() -> Vec<(String, Vec<u8>)> {
        state::with(|state| state.row.clone())
    }

    pub(crate) fn stopping() -> bool {
        state::with(|state| state.stopping)
    }

    pub(crate) fn log(level: wire::Level, text: &str) {
        let level = match level {
            wire::Level::Debug => Level::Debug,
            wire::Level::Info => Level::Info,
            wire::Level::Warn => Level::Warn,
            wire::Level::Error => Level::Error,
        };
        state::with(|state| {
            state.log.push(LogLine {
                level,
                text: text.to_owned(),
            })
        });
    }
}

pub(crate) mod measure {
    use crate::testing::state;

    pub(crate) fn begin(name: &str) -> u32 {
        state::with(|state| {
            let handle = u32::try_from(state.spans.len()).unwrap_or(u32::MAX);
            state.spans.push(Some((name.to_owned(), state.now)));
            handle
        })
    }

    pub(crate) fn end(span: u32) {
        state::with(|state| {
            let place = usize::try_from(span)
                .ok()
                .and_then(|place| state.spans.get_mut(place));
            if let Some((name, started)) = place.and_then(Option::take) {
                state.samples.push((name, state.now - started));
            }
        });
    }

    pub(crate) fn record(name: &str, nanos: u64) {
        state::with(|state| state.samples.push((name.to_owned(), nanos)));
    }

    pub(crate) fn count(name: &str, delta: u64) {
        state::with(|state| state.counters.push((name.to_owned(), delta)));
    }

    pub(crate) fn check(name: &str, passed: bool) {
        state::with(|state| state.checks.push((name.to_owned(), passed)));
    }
}

pub(crate) mod http {
    use crate::bindings::op::gorgon::load::http as bindings;
    use crate::host::wire;
    use crate::testing::exchange::{self, Stored};
    use crate::testing::state;

    pub(crate) fn get(url: &str) -> Result<wire::Response, wire::Error> {
        exchange::send(&wire::Request {
            method: "GET".into(),
            url: url.into(),
            headers: Vec::new(),
            body: None,
            body_mode: wire::BodyMode::Full,
            decode: false,
            redirects: 0,
            timeout: None,
            name: None,
            extra: Vec::new(),
        })
    }

    pub(crate) fn send(request: &wire::Request) -> Result<wire::Response, wire::Error> {
        exchange::send(request)
    }

    /// One after another on the virtual clock, but in the time that the longest takes, as if all were under way at once.
    pub(crate) fn send_all(requests: &[wire::Request]) -> Vec<Result<wire::Response, wire::Error>> {
        let started = super::clock::now();
        let mut last = started;
        let results = requests.iter().map(|request| {
            state::with(|state| state.now = started);
            let result = exchange::send(request);
            last = last.max(super::clock::now());
            result
        });
        let results = results.collect();
        state::with(|state| state.now = last);
        results
    }

    pub(crate) fn header(response: u32, name: &str) -> Option<String> {
        stored(response, |response| response.header(name)).flatten()
    }

    pub(crate) fn header_all(response: u32, name: &str) -> Vec<String> {
        let headers = headers_of(response).into_iter();
        headers
            .filter(|(other, _)| other.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
            .collect()
    }

    pub(crate) fn headers_of(response: u32) -> bindings::Headers {
        stored(response, |response| response.headers.clone()).unwrap_or_default()
    }

    pub(crate) fn timings_of(response: u32) -> wire::Timings {
        let total = stored(response, |response| response.total).unwrap_or_default();
        wire::Timings {
            blocked: 0,
            dns: 0,
            connect: 0,
            tls: 0,
            send: 0,
            wait: total,
            receive: 0,
            total,
        }
    }

    pub(crate) fn reused(response: u32) -> bool {
        stored(response, |response| response.reused).unwrap_or_default()
    }

    pub(crate) fn version(_: u32) -> String {
        "HTTP/1.1".into()
    }

    /// Nothing for a response of another test, where gorgon would end the call.
    fn stored<T>(response: u32, part: impl FnOnce(&Stored) -> T) -> Option<T> {
        state::with(|state| {
            state
                .responses
                .get(usize::try_from(response).ok()?)
                .map(part)
        })
    }
}
