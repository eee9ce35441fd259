//! `gorgon:load/http`: turns what the guest asks into requests of the worker's client, and answers into responses.

use std::pin::pin;
use std::time::Duration;

use bytes::Bytes;

use super::super::bindings::gorgon::load::http::{
    BodyMode, Error, Host, Phase, Request, Response, Timings,
};
use super::super::exchange::{Exchange, ExchangeResponse};
use super::super::responses::Head;
use super::super::state::State;
use super::super::timed::{noticed, timed_if};
use super::measure::cut;
use crate::http_client;
use crate::stats::Phases;

impl Host for State {
    async fn get(&mut self, url: String) -> Result<Response, Error> {
        let request = http_client::Request::get(url);
        self.findings.waited = true;
        let traced = self.trace(&request);
        let result = {
            let sent = pin!(self.client.send(request));
            let sent = noticed(sent, &mut self.waited);
            timed_if(self.is_sampled, sent, &mut self.host_ns).await
        };
        self.answer(None, traced, result)
    }

    async fn send(&mut self, request: Request) -> Result<Response, Error> {
        let (request, name) = outgoing(request);
        self.findings.waited = true;
        let traced = self.trace(&request);
        let result = {
            let sent = pin!(self.client.send(request));
            let sent = noticed(sent, &mut self.waited);
            timed_if(self.is_sampled, sent, &mut self.host_ns).await
        };
        self.answer(name, traced, result)
    }

    async fn send_all(&mut self, requests: Vec<Request>) -> Vec<Result<Response, Error>> {
        self.findings.waited = true;
        let (requests, names): (Vec<_>, Vec<_>) = requests.into_iter().map(outgoing).unzip();
        let traced: Vec<_> = requests.iter().map(|request| self.trace(request)).collect();
        let sent = noticed(self.client.send_all(requests), &mut self.waited);
        let results = timed_if(self.is_sampled, sent, &mut self.host_ns).await;
        let answers = results.into_iter().zip(names).zip(traced);
        answers
            .map(|((result, name), traced)| self.answer(name, traced, result))
            .collect()
    }

    fn header(&mut self, response: u32, name: String) -> wasmtime::Result<Option<String>> {
        Ok(self.responses.get(response)?.headers.get(&name).map(text))
    }

    fn header_all(&mut self, response: u32, name: String) -> wasmtime::Result<Vec<String>> {
        Ok(self
            .responses
            .get(response)?
            .headers
            .get_all(&name)
            .map(text)
            .collect())
    }

    fn headers_of(&mut self, response: u32) -> wasmtime::Result<Vec<(String, String)>> {
        let headers = &self.responses.get(response)?.headers;
        Ok(headers
            .iter()
            .map(|(name, value)| (name.to_ascii_lowercase(), text(value)))
            .collect())
    }

    fn timings_of(&mut self, response: u32) -> wasmtime::Result<Timings> {
        let http_client::Timings {
            blocked,
            dns,
            connect,
            tls,
            send,
            wait,
            receive,
            total,
        } = self.responses.get(response)?.timings;
        Ok(Timings {
            blocked,
            dns,
            connect,
            tls,
            send,
            wait,
            receive,
            total,
        })
    }

    fn reused(&mut self, response: u32) -> wasmtime::Result<bool> {
        Ok(self.responses.get(response)?.reused)
    }

    fn version(&mut self, response: u32) -> wasmtime::Result<String> {
        Ok(version_text(self.responses.get(response)?.version))
    }
}

impl State {
    /// Keeps a request for a traced run, as under way, and returns its place.
    fn trace(&mut self, request: &http_client::Request) -> Option<usize> {
        if !self.run.trace {
            return None;
        }
        self.exchanges.push(Exchange {
            method: request.method.clone(),
            url: request.url.clone(),
            outcome: Err("none yet when the call ended".to_owned()),
        });
        Some(self.exchanges.len() - 1)
    }

    fn answer(
        &mut self,
        name: Option<String>,
        traced: Option<usize>,
        result: Result<http_client::Response, http_client::Error>,
    ) -> Result<Response, Error> {
        if let Some(exchange) = traced.and_then(|place| self.exchanges.get_mut(place)) {
            exchange.outcome = result
                .as_ref()
                .map(traced_response)
                .map_err(ToString::to_string);
        }
        let response = result.map_err(|error| {
            self.last_error = Some(error.to_string());
            if let http_client::Error::Denied(denied) = &error {
                self.findings.deny(cut(denied.grant().to_owned()));
            }
            guest_error(error)
        })?;
        self.phases.add(&phases(&response.timings));
        if let Some(name) = name {
            self.findings.sample(cut(name), response.timings.total);
        }
        let id = self.responses.keep(Head {
            headers: response.headers,
            timings: response.timings,
            reused: response.reused,
            version: response.version,
        });
        Ok(Response {
            id,
            status: response.status,
            body: response.body.into(),
            body_size: response.body_size,
        })
    }
}

/// The client's request, and the name it is to be measured under.
fn outgoing(request: Request) -> (http_client::Request, Option<String>) {
    let outgoing = http_client::Request {
        method: request.method,
        url: request.url,
        headers: request
            .headers
            .into_iter()
            .map(|(name, value)| (name, value.into_bytes()))
            .collect(),
        body: request.body.map(Bytes::from),
        body_mode: match request.body_mode {
            BodyMode::Full => http_client::BodyMode::Full,
            BodyMode::Discard => http_client::BodyMode::Discard,
            BodyMode::First(bytes) => http_client::BodyMode::First(bytes),
        },
        decode: request.decode,
        redirects: request.redirects,
        timeout: request.timeout.map(Duration::from_nanos),
        between_bytes: None,
        extra: request.extra,
    };
    (outgoing, request.name)
}

/// Bytes of a body that a trace shows.
const SHOWN_BYTES: usize = 512;

pub(in super::super) fn traced_response(response: &http_client::Response) -> ExchangeResponse {
    ExchangeResponse {
        status: response.status,
        version: response.version,
        body_size: response.body_size,
        reused: response.reused,
        timings: response.timings,
        headers: response
            .headers
            .iter()
            .map(|(name, value)| (name.to_ascii_lowercase(), text(value)))
            .collect(),
        beginning: response.body.slice(..response.body.len().min(SHOWN_BYTES)),
    }
}

/// A header value as the guest reads it: UTF-8 if it is that, else every byte as the character of that number.
fn text(value: &[u8]) -> String {
    match std::str::from_utf8(value) {
        Ok(text) => text.to_owned(),
        Err(_) => value.iter().copied().map(char::from).collect(),
    }
}

/// `HTTP/1.1`, `HTTP/2`.
fn version_text(version: http::Version) -> String {
    match version {
        http::Version::HTTP_2 => "HTTP/2".to_owned(),
        other => format!("{other:?}"),
    }
}

pub(in super::super) fn phases(timings: &http_client::Timings) -> Phases {
    Phases {
        blocked_ns: timings.blocked,
        dns_ns: timings.dns,
        connect_ns: timings.connect,
        tls_ns: timings.tls,
        send_ns: timings.send,
        wait_ns: timings.wait,
        receive_ns: timings.receive,
    }
}

fn guest_error(error: http_client::Error) -> Error {
    use http_client::Error as Client;
    match error {
        Client::InvalidRequest(why) => Error::InvalidRequest(why),
        Client::Denied(denied) => Error::Denied(denied.to_string()),
        Client::Dns(why) => Error::Dns(why),
        Client::Connect(why) => Error::Connect(why),
        Client::Tls(why) => Error::Tls(why),
        Client::Timeout(at) => Error::Timeout(phase(at)),
        Client::Closed(at) => Error::Closed(phase(at)),
        Client::TooLarge(limit) => Error::TooLarge(limit),
        Client::Protocol(why) => Error::Protocol(why),
        Client::Decode(why) => Error::Decode(why),
        Client::Stopped => Error::Stopped,
        Client::Other(why) => Error::Other(why),
    }
}

fn phase(phase: http_client::Phase) -> Phase {
    use http_client::Phase as Client;
    match phase {
        Client::Blocked => Phase::Blocked,
        Client::Dns => Phase::Dns,
        Client::Connect => Phase::Connect,
        Client::Tls => Phase::Tls,
        Client::Send => Phase::Send,
        Client::Wait => Phase::Wait,
        Client::Receive => Phase::Receive,
        Client::Other => Phase::Other,
    }
}
