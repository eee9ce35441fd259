//! Routes about what browsers do by themselves: compressed answers, redirects and cookies.

use std::io::{self, Write};

use bytes::Bytes;
use flate2::Compression;
use flate2::write::{GzEncoder, ZlibEncoder};
use http::header::{CONTENT_ENCODING, COOKIE, LOCATION, SET_COOKIE};
use http::{HeaderMap, HeaderValue, StatusCode};
use serde_json::{Map, Value, json};

use super::answer::{Answer, Refusal, json as json_answer, json_bytes, text, with_status};
use super::query::{self, Query};

/// What the compressed answers say, often enough to be worth compressing.
fn uncompressed() -> String {
    let line = json!({ "compressed": true, "text": "the same words again and again ".repeat(64) });
    line.to_string()
}

/// The body of `/gzip`.
pub(super) fn gzip_body() -> io::Result<Bytes> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(uncompressed().as_bytes())?;
    Ok(Bytes::from(encoder.finish()?))
}

/// The body of `/deflate`: the zlib format, which is what RFC 9110 section 8.4.1.2 means by that name.
pub(super) fn deflate_body() -> io::Result<Bytes> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(uncompressed().as_bytes())?;
    Ok(Bytes::from(encoder.finish()?))
}

pub(super) fn compressed(coding: &'static str, body: &Bytes) -> Answer {
    let mut answer = json_bytes(body.clone());
    answer
        .headers_mut()
        .insert(CONTENT_ENCODING, HeaderValue::from_static(coding));
    answer
}

/// A chain of redirects: N of them, then a 200.
pub(super) fn redirect(value: &str, query: Query<'_>) -> Result<Answer, Refusal> {
    match query::count("redirects", value)? {
        0 => Ok(text("arrived\n")),
        left => {
            let status = redirect_status(query)?;
            let code = status.as_u16();
            located(status, &format!("/redirect/{}?status={code}", left - 1))
        }
    }
}

/// A redirect to anywhere.
pub(super) fn redirect_to(query: Query<'_>) -> Result<Answer, Refusal> {
    let url = query
        .get("url")
        .ok_or_else(|| Refusal::bad_request("where to? `/redirect-to?url=http://127.0.0.1:9/`"))?;
    located(redirect_status(query)?, &url)
}

fn redirect_status(query: Query<'_>) -> Result<StatusCode, Refusal> {
    let status = query.status(StatusCode::FOUND)?;
    if status.is_redirection() {
        return Ok(status);
    }
    Err(Refusal::bad_request(format!(
        "status `{}`: a redirect has one of 300 to 399",
        status.as_u16()
    )))
}

fn located(status: StatusCode, location: &str) -> Result<Answer, Refusal> {
    let location = HeaderValue::from_str(location).map_err(|_| {
        Refusal::bad_request("url: has to be printable ASCII, percent-encoded where it is not")
    })?;
    let mut answer = with_status(status, text("elsewhere\n"));
    answer.headers_mut().insert(LOCATION, location);
    Ok(answer)
}

/// Sets each parameter of the URL as a cookie.
pub(super) fn set_cookies(query: Query<'_>) -> Result<Answer, Refusal> {
    let mut set = Map::new();
    let mut headers = Vec::new();
    for (name, value) in query.pairs() {
        let fits = !name.is_empty()
            && name.bytes().all(is_cookie_byte)
            && value.bytes().all(is_cookie_byte);
        let header = HeaderValue::from_str(&format!("{name}={value}; Path=/"));
        let (true, Ok(header)) = (fits && !name.contains('='), header) else {
            return Err(Refusal::bad_request(format!(
                "cookie `{}`: a name and a value of printable ASCII without blanks, quotes, `,`, `;` and `\\`",
                name.escape_debug()
            )));
        };
        headers.push(header);
        set.insert(name.into_owned(), Value::from(value));
    }
    if headers.is_empty() {
        return Err(Refusal::bad_request(
            "which cookies? `/cookies/set?name=value`",
        ));
    }
    let mut answer = json_answer(&json!({ "set": set }));
    for header in headers {
        answer.headers_mut().append(SET_COOKIE, header);
    }
    Ok(answer)
}

/// The `cookie-octet` of RFC 6265 section 4.1.1.
fn is_cookie_byte(byte: u8) -> bool {
    matches!(byte, 0x21 | 0x23..=0x2b | 0x2d..=0x3a | 0x3c..=0x5b | 0x5d..=0x7e)
}

/// The cookies that came with the request.
pub(super) fn cookies(headers: &HeaderMap) -> Answer {
    let mut cookies = Map::new();
    for header in headers.get_all(COOKIE) {
        let header: String = header
            .as_bytes()
            .iter()
            .map(|&byte| char::from(byte))
            .collect();
        for pair in header.split(';') {
            if let Some((name, value)) = pair.trim().split_once('=') {
                cookies.insert(name.to_owned(), Value::from(value));
            }
        }
    }
    json_answer(&json!({ "cookies": cookies }))
}
