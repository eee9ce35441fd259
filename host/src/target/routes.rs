//! Which path leads where, and the list of them that `GET /` shows.

use std::sync::atomic::Ordering;

use bytes::Bytes;
use http::request::Parts;
use http::{Method, Request, StatusCode};
use hyper::body::Incoming;

use super::answer::{Answer, HangUp, Refusal, json, text};
use super::query::Query;
use super::state::State;
use super::{basics, faults, web};

/// What `GET /` says.
pub(super) const HELP: &str = "\
gorgon target: a server to try things against

  /status/404                       answer with that status
  /delay/50ms?jitter=20ms           answer after 50 to 70 ms
  /bytes/64KiB                      a body of that many bytes, at most 1GiB
  /chunked/10                       that many chunks
  /json?name=value                  the parameters and an id that counts up
  /echo                             the request: method, path, query, headers, body
  /headers                          the headers of the request
  /gzip  /deflate                   compressed JSON
  /redirect/3?status=302            that many redirects, then a 200
  /redirect-to?url=http://...       one redirect, to anywhere
  /cookies/set?name=value           set cookies
  /cookies                          the cookies of the request
  /close                            answer, then close the connection
  /drop                             close the connection without an answer
  /short                            announce more than is sent, then close the connection
  /flaky?every=5&status=503         fail every 5th time
  /stall?every=10s&for=1s&delay=0s  wait out the last second of every 10 s since the start, then the delay
  /stats                            requests and connections so far, without those for this

  POST /shop/carts                  {\"item\":\"book\",\"quantity\":2} makes a cart: 201
  GET  /shop/carts/ID               shows it
  POST /shop/carts/ID/checkout      pays: 200, or 402 for every 10th cart
";

/// A path, taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Route<'a> {
    Help,
    Status(&'a str),
    Delay(&'a str),
    Bytes(&'a str),
    Chunked(&'a str),
    Json,
    Echo,
    Headers,
    Gzip,
    Deflate,
    Redirect(&'a str),
    RedirectTo,
    SetCookies,
    Cookies,
    Close,
    Drop,
    Short,
    Flaky,
    Stall,
    Stats,
    Carts,
    Cart(&'a str),
    Checkout(&'a str),
}

impl<'a> Route<'a> {
    fn of(path: &'a str) -> Option<Route<'a>> {
        let (first, rest) = match path.strip_prefix('/')?.split_once('/') {
            Some((first, rest)) => (first, Some(rest)),
            None => (path.strip_prefix('/')?, None),
        };
        let one = rest.filter(|rest| !rest.is_empty() && !rest.contains('/'));
        Some(match (first, rest) {
            ("", None) => Route::Help,
            ("status", _) => Route::Status(one?),
            ("delay", _) => Route::Delay(one?),
            ("bytes", _) => Route::Bytes(one?),
            ("chunked", _) => Route::Chunked(one?),
            ("json", None) => Route::Json,
            ("echo", None) => Route::Echo,
            ("headers", None) => Route::Headers,
            ("gzip", None) => Route::Gzip,
            ("deflate", None) => Route::Deflate,
            ("redirect", _) => Route::Redirect(one?),
            ("redirect-to", None) => Route::RedirectTo,
            ("cookies", Some("set")) => Route::SetCookies,
            ("cookies", None) => Route::Cookies,
            ("close", None) => Route::Close,
            ("drop", None) => Route::Drop,
            ("short", None) => Route::Short,
            ("flaky", None) => Route::Flaky,
            ("stall", None) => Route::Stall,
            ("stats", None) => Route::Stats,
            ("shop", Some(rest)) => return Route::of_shop(rest),
            _ => return None,
        })
    }

    fn of_shop(rest: &'a str) -> Option<Route<'a>> {
        let mut parts = rest.split('/');
        match (parts.next()?, parts.next(), parts.next(), parts.next()) {
            ("carts", None, _, _) => Some(Route::Carts),
            ("carts", Some(id), None, _) if !id.is_empty() => Some(Route::Cart(id)),
            ("carts", Some(id), Some("checkout"), None) if !id.is_empty() => {
                Some(Route::Checkout(id))
            }
            _ => None,
        }
    }

    /// The methods the route takes, as an `allow` header lists them; nothing where it takes any.
    fn methods(self) -> Option<&'static str> {
        match self {
            Route::Carts | Route::Checkout(_) => Some("POST"),
            Route::Help | Route::Cart(_) | Route::Stats | Route::Cookies | Route::SetCookies => {
                Some("GET, HEAD")
            }
            Route::Status(_)
            | Route::Delay(_)
            | Route::Bytes(_)
            | Route::Chunked(_)
            | Route::Json
            | Route::Echo
            | Route::Headers
            | Route::Gzip
            | Route::Deflate
            | Route::Redirect(_)
            | Route::RedirectTo
            | Route::Close
            | Route::Drop
            | Route::Short
            | Route::Flaky
            | Route::Stall => None,
        }
    }

    fn reads_body(self) -> bool {
        matches!(self, Route::Echo | Route::Carts)
    }

    fn check_method(self, method: &Method) -> Result<(), Refusal> {
        match self.methods() {
            Some(allowed) if !allowed.split(", ").any(|name| name == method.as_str()) => {
                Err(Refusal::Method(allowed))
            }
            _ => Ok(()),
        }
    }
}

/// Answers one request, or hangs up.
pub(super) async fn answer(state: &State, request: Request<Incoming>) -> Result<Answer, HangUp> {
    let (head, body) = request.into_parts();
    let route = Route::of(head.uri.path());
    if route != Some(Route::Stats) {
        state.requests.fetch_add(1, Ordering::Relaxed);
    }
    match follow(state, route, &head, body).await {
        Ok(answer) => Ok(answer),
        Err(refusal) => refusal.into_answer(),
    }
}

async fn follow(
    state: &State,
    route: Option<Route<'_>>,
    head: &Parts,
    body: Incoming,
) -> Result<Answer, Refusal> {
    let route = route.ok_or_else(|| unknown(head.uri.path()))?;
    route.check_method(&head.method)?;
    let body = if route.reads_body() {
        basics::read(body).await?
    } else {
        basics::drain(body).await?;
        Bytes::new()
    };
    let query = Query::of(&head.uri);
    match route {
        Route::Help => Ok(text(HELP)),
        Route::Status(value) => basics::status(value),
        Route::Delay(value) => basics::delay(state, value, query).await,
        Route::Bytes(value) => basics::bytes(value),
        Route::Chunked(value) => basics::chunked(value),
        Route::Json => Ok(basics::json(state, query)),
        Route::Echo => Ok(basics::echo(head, &body)),
        Route::Headers => Ok(basics::headers(&head.headers)),
        Route::Gzip => Ok(web::compressed("gzip", &state.gzip)),
        Route::Deflate => Ok(web::compressed("deflate", &state.deflate)),
        Route::Redirect(value) => web::redirect(value, query),
        Route::RedirectTo => web::redirect_to(query),
        Route::SetCookies => web::set_cookies(query),
        Route::Cookies => Ok(web::cookies(&head.headers)),
        Route::Close => Ok(faults::close()),
        Route::Drop => Err(Refusal::HangUp),
        Route::Short => Ok(faults::short()),
        Route::Flaky => faults::flaky(state, query),
        Route::Stall => faults::stall(state, query).await,
        Route::Stats => Ok(json(&state.stats())),
        Route::Carts => Ok(state.shop.create(&body)),
        Route::Cart(id) => Ok(state.shop.show(id)),
        Route::Checkout(id) => Ok(state.shop.checkout(id)),
    }
}

fn unknown(path: &str) -> Refusal {
    let what = format!("there is no `{path}` here; `/` lists what there is");
    Refusal::Problem(StatusCode::NOT_FOUND, what)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_path_in_the_help_leads_somewhere() {
        let paths: Vec<&str> = HELP
            .split_whitespace()
            .filter(|word| word.starts_with('/'))
            .collect();
        assert!(paths.len() > 20, "{paths:?}");
        for path in paths {
            let uri: http::Uri = path.parse().expect("a path");
            assert!(Route::of(uri.path()).is_some(), "{path}");
        }
    }

    #[test]
    fn what_leads_nowhere_is_no_route() {
        let paths = [
            "",
            "*",
            "/nothing",
            "/status",
            "/status/",
            "/status/1/2",
            "/echo/1",
            "/shop",
            "/shop/carts/",
        ];
        for path in paths.iter().chain(&[
            "/shop/carts/1/pay",
            "/shop/carts/1/checkout/2",
            "/cookies/get",
            "//",
        ]) {
            assert_eq!(Route::of(path), None, "{path}");
        }
    }
}
