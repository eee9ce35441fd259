//! hyper, as what ours is compared with.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::Poll;

use bytes::Bytes;
use http::{Method, Request};
use http_body::Body;
use http_body_util::Empty;
use hyper::client::conn::http1::Builder;
use hyper_util::rt::TokioIo;

use super::super::breach::{FIELDS, HEAD_BYTES};
use super::Answer;
use super::script::{Script, drive};

/// What hyper makes of an exchange.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Reference {
    Answer(Answer),
    Failed(String),
    Waits,
}

/// Asks over this stream, with the same limits as ours.
pub(super) fn ask(script: Script, method: Method) -> Reference {
    drive(exchange(script, method))
        .unwrap_or(Ok(Reference::Waits))
        .unwrap_or_else(|cause| Reference::Failed(format!("{cause:?}")))
}

async fn exchange(script: Script, method: Method) -> hyper::Result<Reference> {
    let (mut sender, driver) = Builder::new()
        .max_buf_size(HEAD_BYTES)
        .max_header_size(HEAD_BYTES)
        .max_headers(FIELDS)
        .handshake(TokioIo::new(script))
        .await?;
    let mut driver = pin!(driver);
    let mut ended = false;
    let mut request = Request::new(Empty::<Bytes>::new());
    *request.method_mut() = method;
    let mut drive_once = move |cx: &mut std::task::Context<'_>| {
        ended = ended || driver.as_mut().poll(cx).is_ready();
        ended
    };
    let answer = {
        let mut answer = pin!(sender.send_request(request));
        poll_fn(|cx| {
            drive_once(cx);
            answer.as_mut().poll(cx)
        })
        .await?
    };
    let (parts, mut incoming) = answer.into_parts();
    let mut body = Vec::new();
    while let Some(frame) = poll_fn(|cx| {
        drive_once(cx);
        Pin::new(&mut incoming).poll_frame(cx)
    })
    .await
    {
        if let Ok(data) = frame?.into_data() {
            body.extend_from_slice(&data);
        }
    }
    let ended = poll_fn(|cx| Poll::Ready(drive_once(cx))).await;
    let mut headers: Vec<_> = parts
        .headers
        .iter()
        .map(|(name, value)| (name.as_str().to_owned(), value.as_bytes().to_vec()))
        .collect();
    headers.sort_by(|(one, _), (other, _)| one.cmp(other));
    Ok(Reference::Answer(Answer {
        status: parts.status.as_u16(),
        headers,
        body,
        reusable: !ended && sender.is_ready(),
    }))
}
