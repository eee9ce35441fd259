//! What the errors of the client are called in `wasi:http`.

use http::Method;
use wasmtime_wasi_http::Error;

use crate::http_client::{self, Phase};

/// What a request was, as far as it tells why it is invalid.
pub(super) struct Asked {
    is_connect: bool,
    headers: usize,
}

impl Asked {
    pub(super) fn of(request: &http::request::Parts) -> Asked {
        Asked {
            is_connect: request.method == Method::CONNECT,
            headers: request.headers.len(),
        }
    }
}

/// The name of an error, one for each kind that the client has.
pub(super) fn name(error: http_client::Error, asked: &Asked) -> Error {
    use http_client::Error as Client;
    match error {
        // Names and values have passed before; what is left are the method, the URL and how much there is.
        Client::InvalidRequest(_) if asked.is_connect => Error::HttpRequestMethodInvalid,
        Client::InvalidRequest(_) if asked.headers > http_client::HEADERS_MAX => {
            Error::HttpRequestHeaderSectionSize(None)
        }
        Client::InvalidRequest(_) => Error::HttpRequestUriInvalid,
        Client::Denied(_) => Error::HttpRequestDenied,
        Client::Dns(why) => Error::DnsError {
            rcode: Some(why),
            info_code: None,
        },
        Client::Connect(_) => Error::ConnectionRefused,
        Client::Tls(_) => Error::TlsProtocolError,
        Client::Timeout(phase) => timeout(phase),
        Client::Closed(Phase::Receive) => Error::HttpResponseIncomplete,
        Client::Closed(_) => Error::ConnectionTerminated,
        Client::TooLarge(limit) => Error::HttpResponseBodySize(Some(limit)),
        Client::Protocol(_) => Error::HttpProtocolError,
        Client::Decode(why) => Error::HttpResponseContentCoding(Some(why)),
        Client::Stopped => Error::InternalError(Some("the run has ended".to_owned())),
        Client::Other(why) => Error::InternalError(Some(why)),
    }
}

fn timeout(phase: Phase) -> Error {
    match phase {
        Phase::Dns => Error::DnsTimeout,
        Phase::Blocked | Phase::Connect | Phase::Tls => Error::ConnectionTimeout,
        Phase::Send => Error::ConnectionWriteTimeout,
        Phase::Wait | Phase::Receive => Error::ConnectionReadTimeout,
        Phase::Other => Error::HttpResponseTimeout,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Policy;

    fn asked(method: Method, headers: usize) -> Asked {
        Asked {
            is_connect: method == Method::CONNECT,
            headers,
        }
    }

    #[test]
    fn every_kind_of_error_has_a_name_in_wasi() {
        #[track_caller]
        fn check(error: http_client::Error, expected: &str) {
            let shown = format!("{:?}", name(error, &asked(Method::GET, 1)));
            assert_eq!(shown, expected);
        }
        use http_client::Error as Client;
        let denied = Policy::default()
            .admit_look_up("elsewhere.example")
            .expect_err("not granted");
        let why = || "why".to_owned();
        check(Client::InvalidRequest(why()), "HttpRequestUriInvalid");
        check(Client::Denied(denied), "HttpRequestDenied");
        check(
            Client::Dns(why()),
            "DnsError { rcode: Some(\"why\"), info_code: None }",
        );
        check(Client::Connect(why()), "ConnectionRefused");
        check(Client::Tls(why()), "TlsProtocolError");
        check(Client::Timeout(Phase::Blocked), "ConnectionTimeout");
        check(Client::Timeout(Phase::Dns), "DnsTimeout");
        check(Client::Timeout(Phase::Connect), "ConnectionTimeout");
        check(Client::Timeout(Phase::Tls), "ConnectionTimeout");
        check(Client::Timeout(Phase::Send), "ConnectionWriteTimeout");
        check(Client::Timeout(Phase::Wait), "ConnectionReadTimeout");
        check(Client::Timeout(Phase::Receive), "ConnectionReadTimeout");
        check(Client::Timeout(Phase::Other), "HttpResponseTimeout");
        check(Client::Closed(Phase::Send), "ConnectionTerminated");
        check(Client::Closed(Phase::Wait), "ConnectionTerminated");
        check(Client::Closed(Phase::Receive), "HttpResponseIncomplete");
        check(Client::TooLarge(7), "HttpResponseBodySize(Some(7))");
        check(Client::Protocol(why()), "HttpProtocolError");
        check(
            Client::Decode(why()),
            "HttpResponseContentCoding(Some(\"why\"))",
        );
        check(
            Client::Stopped,
            "InternalError(Some(\"the run has ended\"))",
        );
        check(Client::Other(why()), "InternalError(Some(\"why\"))");
    }

    #[test]
    fn an_invalid_request_is_called_by_what_is_wrong_with_it() {
        #[track_caller]
        fn check(asked: Asked, expected: &str) {
            let error = http_client::Error::InvalidRequest(String::new());
            assert_eq!(format!("{:?}", name(error, &asked)), expected);
        }
        check(asked(Method::CONNECT, 0), "HttpRequestMethodInvalid");
        check(
            asked(Method::POST, 1_001),
            "HttpRequestHeaderSectionSize(None)",
        );
        check(asked(Method::POST, 1_000), "HttpRequestUriInvalid");
    }
}
