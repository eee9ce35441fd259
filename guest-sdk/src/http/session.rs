//! What a client does on the way of a request: retries around redirects around one exchange with the host.
//!
//! Redirects are the host's to follow, with one exception: a client with cookies has to see the cookies that each
//! step sets, so its redirects are followed here.

use std::time::Duration;

use super::client::Client;
use super::exchange::{Answer, Route, direct};
use super::url::{self, Parts};
use super::{Error, Phase, Response, Result};
use crate::host::{self, wire};
use crate::{clock, measure};

impl Route for Client {
    fn send(&self, request: wire::Request) -> Result<Response> {
        let Some(retry) = self.retries().filter(|retry| retry.covers(&request)) else {
            return attempt(self, request).map(|response| Response::new(response, 1));
        };
        let mut attempts = 1;
        loop {
            measure::count("http.attempts", 1);
            let result = attempt(self, request.clone());
            if !retry.again(attempts, &result) || crate::context::stopping() {
                return result.map(|response| Response::new(response, attempts));
            }
            if attempts == 1 {
                measure::count("http.retried", 1);
            }
            clock::sleep(retry.wait(attempts));
            attempts += 1;
        }
    }

    fn prepare(&self, request: wire::Request) -> Result<Step> {
        Step::new(self, request)
    }

    fn settle(&self, step: Step, answer: Answer) -> Result<Response> {
        step.settle(self, answer)
            .map(|response| Response::new(response, 1))
    }
}

/// One attempt, with its redirects.
fn attempt(client: &Client, request: wire::Request) -> Result<wire::Response> {
    if client.jar().is_none() {
        return direct(&request);
    }
    let step = Step::new(client, request)?;
    let answer = host::http::send(&step.request);
    step.settle(client, answer)
}

/// A request on its way through its redirects.
#[derive(Debug)]
pub(crate) struct Step {
    request: wire::Request,
    /// How many redirects are still followed here.
    redirects: u32,
    /// The user sends a `cookie` header, which the jar then leaves alone.
    own_cookie: bool,
    /// On the run's clock: all steps share one limit.
    deadline: Option<Duration>,
    /// Times the steps together, where the host would time each.
    _span: Option<measure::Span>,
}

impl Step {
    fn new(client: &Client, mut request: wire::Request) -> Result<Step> {
        if client.jar().is_none() {
            return Ok(Step {
                request,
                redirects: 0,
                own_cookie: true,
                deadline: None,
                _span: None,
            });
        }
        let redirects = std::mem::take(&mut request.redirects);
        let deadline = request
            .timeout
            .map(|limit| clock::now().saturating_add(Duration::from_nanos(limit)));
        let own_cookie = request.headers.iter().any(|(name, _)| is(name, "cookie"));
        let name = if redirects > 0 {
            request.name.take()
        } else {
            None
        };
        let _span = name.as_deref().map(measure::span);
        let mut step = Step {
            request,
            redirects,
            own_cookie,
            deadline,
            _span,
        };
        step.prepare(client)?;
        Ok(step)
    }

    /// What goes to the host.
    pub(crate) fn request(&self) -> &wire::Request {
        &self.request
    }

    /// Puts the cookies of this URL and what is left of the limit into the request.
    fn prepare(&mut self, client: &Client) -> Result<()> {
        let now = clock::now();
        if !self.own_cookie {
            self.request.headers.retain(|(name, _)| !is(name, "cookie"));
            let cookies = client
                .jar()
                .and_then(|mut jar| jar.header(&self.request.url, now));
            self.request
                .headers
                .extend(cookies.map(|cookies| ("cookie".to_owned(), cookies)));
        }
        if let Some(deadline) = self.deadline {
            let left = deadline
                .checked_sub(now)
                .filter(|left| !left.is_zero())
                .ok_or(Error::Timeout(Phase::Send))?;
            self.request.timeout = Some(clock::nanos(left));
        }
        Ok(())
    }

    /// From the first answer to the last.
    fn settle(mut self, client: &Client, mut answer: Answer) -> Result<wire::Response> {
        loop {
            let response = answer?;
            let Some(mut jar) = client.jar() else {
                return Ok(response);
            };
            for cookie in host::http::header_all(response.id, "set-cookie") {
                jar.store(&self.request.url, &cookie, clock::now());
            }
            drop(jar);
            if !self.redirect(&response) {
                return Ok(response);
            }
            self.prepare(client)?;
            answer = host::http::send(&self.request);
        }
    }

    /// Turns the request into the one that this answer redirects to (RFC 9110, section 15.4), if it does.
    fn redirect(&mut self, response: &wire::Response) -> bool {
        if self.redirects == 0 || !matches!(response.status, 301 | 302 | 303 | 307 | 308) {
            return false;
        }
        let Some(location) = host::http::header(response.id, "location") else {
            return false;
        };
        self.redirects -= 1;
        let next = url::resolve(&self.request.url, &location);
        let to_get = match response.status {
            303 => self.request.method != "HEAD",
            // Not what the RFC once asked for, but what all clients do.
            301 | 302 => self.request.method == "POST",
            _ => false,
        };
        if to_get {
            self.request.method = "GET".into();
            self.request.body = None;
            self.request
                .headers
                .retain(|(name, _)| !is(name, "content-type"));
        }
        if !same_origin(&self.request.url, &next) {
            // What identifies the user to one host is not another's to know; the jar has its own rule.
            self.request
                .headers
                .retain(|(name, _)| !is(name, "authorization") && !is(name, "cookie"));
        }
        self.request.url = next;
        true
    }
}

fn same_origin(here: &str, there: &str) -> bool {
    Parts::of(here)
        .zip(Parts::of(there))
        .is_some_and(|(here, there)| here.same_origin(&there))
}

fn is(name: &str, header: &str) -> bool {
    name.eq_ignore_ascii_case(header)
}
