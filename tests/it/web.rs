//! A guest that uses the network in its own way, by `wasi:http` or sockets, does so through gorgon.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{IpAddr, Ipv4Addr, TcpListener, TcpStream, UdpSocket};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::support::{Gorgon, RawServer, Target, gorgon};

/// Calls of the guest, told what to do.
fn web(what: &str, calls: u64, workers: u64) -> Gorgon {
    let (n, w) = (calls.to_string(), workers.to_string());
    gorgon("run")
        .args([gorgon_fixtures::WEB, "-n", &n, "-w", &w])
        .set("do", what)
}

/// The error by which one GET of `url` fails.
#[track_caller]
fn fails(run: Gorgon, tag: &str) {
    let exit = if tag == "HttpRequestDenied" { 77 } else { 69 };
    run.json_and_exit(exit).has_tags([(tag, 1)]);
}

#[test]
fn the_status_is_the_tag() {
    let target = Target::start();
    #[track_caller]
    fn check(target: &Target, path: &str, tag: &str, outcome: &str, exit: i32) {
        let summary = web("get", 20, 2)
            .set("url", target.url(path))
            .json_and_exit(exit);
        assert_eq!(summary.count(outcome, tag), 20, "{:?}", summary.tags());
    }
    check(&target, "/status/200", "200", "ok", 0);
    check(&target, "/status/204", "204", "ok", 0);
    check(&target, "/status/404", "404", "fail", 69);
    check(&target, "/status/503", "503", "fail", 69);
    check(&target, "/chunked/100", "200", "ok", 0);
    assert_eq!(target.stop().requests, 5 * 20);
}

#[test]
fn requests_share_the_connection_of_their_worker() {
    let target = Target::start();
    let summary = web("twice", 50, 1).set("url", target.url("/json")).json();
    summary.has_tags([("200+200", 50)]);
    let served = target.stop();
    assert_eq!((served.requests, served.connections), (100, 1));
    assert_eq!(*summary.at("/http/requests"), 100);
    assert_eq!(*summary.at("/http/connections_opened"), 1);
    assert_eq!(*summary.at("/http/reused_requests"), 99);
}

#[test]
fn a_thousand_calls_end_well_whether_or_not_their_bodies_are_read() {
    for what in ["get", "unread"] {
        let target = Target::start();
        let summary = web(what, 1_000, 4)
            .set("url", target.url("/bytes/64KiB"))
            .json();
        summary.has_tags([("200", 1_000)]);
        let served = target.stop();
        assert_eq!(served.requests, 1_000, "{what}");
        assert!(served.connections <= 4, "{what}: {}", served.connections);
        assert_eq!(*summary.at("/http/responses"), 1_000, "{what}");
    }
}

#[test]
fn the_connections_of_a_worker_survive_its_instances() {
    let target = Target::start();
    web("get", 100, 2)
        .args(["--isolate", "call"])
        .set("url", target.url("/json"))
        .json()
        .has_tags([("200", 100)]);
    assert!(target.stop().connections <= 2);
}

#[test]
fn a_guest_that_lets_go_of_nothing_is_replaced_before_it_has_no_handle_left() {
    let target = Target::start();
    let summary = web("leak", 4_000, 2).set("url", target.url("/json")).json();
    summary.has_tags([("200", 4_000)]);
    let created = summary.at("/instances/created").as_u64();
    assert!(
        created.is_some_and(|created| (3..=12).contains(&created)),
        "{created:?}"
    );
    assert!(target.stop().connections <= 2);
}

#[test]
fn every_byte_is_counted() {
    const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello";
    let (read, written) = <(Arc<AtomicU64>, Arc<AtomicU64>)>::default();
    let server = {
        let (read, written) = (Arc::clone(&read), Arc::clone(&written));
        RawServer::start(move |stream| {
            // A client that goes away ends its connection, nothing else.
            let _ = serve_counting(&stream, ANSWER, &read, &written);
        })
    };
    let summary = web("post", 100, 2).set("url", server.url("/")).json();
    summary.has_tags([("200", 100)]);
    assert_eq!(*summary.at("/http/requests"), 100);
    assert_eq!(
        *summary.at("/http/connections_opened"),
        server.connections()
    );
    assert_eq!(*summary.at("/http/bytes_sent"), read.load(Ordering::SeqCst));
    assert_eq!(
        *summary.at("/http/bytes_received"),
        written.load(Ordering::SeqCst)
    );
    assert_eq!(written.load(Ordering::SeqCst), 100 * ANSWER.len() as u64);
}

/// Answers requests that have a body of 20 bytes.
fn serve_counting(
    stream: &TcpStream,
    answer: &[u8],
    read: &AtomicU64,
    written: &AtomicU64,
) -> std::io::Result<()> {
    let (mut reader, mut writer) = (BufReader::new(stream), stream);
    let mut line = String::new();
    loop {
        line.clear();
        let length = reader.read_line(&mut line)?;
        if length == 0 {
            return Ok(());
        }
        read.fetch_add(length as u64, Ordering::SeqCst);
        if line == "\r\n" {
            let mut body = [0; 20];
            reader.read_exact(&mut body)?;
            read.fetch_add(20, Ordering::SeqCst);
            written.fetch_add(answer.len() as u64, Ordering::SeqCst);
            writer.write_all(answer)?;
        }
    }
}

#[test]
fn method_headers_and_body_arrive_and_come_back() {
    let target = Target::start();
    web("echo", 20, 2)
        .set("url", target.url("/echo"))
        .json()
        .has_tags([("method+body+header+json", 20)]);
}

#[test]
fn a_length_that_is_right_is_no_error() {
    let target = Target::start();
    for length in ["0", "20", "100000"] {
        web("post", 2, 1)
            .set("url", target.url("/echo"))
            .set("length", length)
            .set("announced", length)
            .json()
            .has_tags([("200", 2)]);
    }
}

#[test]
fn several_requests_are_under_way_at_once_and_not_too_many() {
    let target = Target::start();
    let summary = web("many", 2, 1)
        .set("url", target.url("/delay/20ms"))
        .set("count", 40)
        .json();
    summary.has_tags([("40", 2)]);
    let served = target.stop();
    assert_eq!(served.requests, 80);
    assert!(
        (2..=16).contains(&served.connections),
        "{} connections",
        served.connections
    );
}

#[test]
fn a_request_that_is_not_waited_for_ends_with_its_future() {
    let server = RawServer::silent();
    let summary = web("abandon", 20, 2).set("url", server.url("/")).json();
    summary.has_tags([("abandoned", 20)]);
    assert_eq!(*summary.at("/http/responses"), 0);
}

#[test]
fn the_network_policy_applies_and_its_hint_appears() {
    let finished = web("get", 4, 2)
        .set("url", "http://production.example/")
        .expect_exit(77);
    finished
        .stdout_contains("HttpRequestDenied")
        .stdout_contains("--allow-host production.example:80")
        .has_no_sign_of_a_bug();

    let server = RawServer::answering("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok");
    let beside_loopback = server.url("/").replace("127.0.0.1", "0.0.0.0");
    fails(
        web("get", 1, 1).set("url", &beside_loopback),
        "HttpRequestDenied",
    );
    assert_eq!(server.connections(), 0);
    if cfg!(target_os = "linux") {
        web("get", 1, 1)
            .args(["--allow-host", "0.0.0.0"])
            .set("url", beside_loopback)
            .json()
            .has_tags([("200", 1)]);
    }
}

#[test]
fn a_call_that_waits_too_long_is_ended() {
    let server = RawServer::silent();
    let summary = web("get", 4, 2)
        .args(["--timeout", "200ms"])
        .set("url", server.url("/"))
        .json_and_exit(69);
    summary.has_tags([("!timeout", 4)]);
}

#[test]
fn the_limits_of_a_request_are_kept() {
    let silent = RawServer::silent();
    let limited = |limit: &str, duration: &str, url: String| {
        web("limited", 1, 1).set(limit, duration).set("url", url)
    };
    for duration in ["50ms", "0s"] {
        fails(
            limited("first", duration, silent.url("/")),
            "ConnectionReadTimeout",
        );
    }
    let stalling = RawServer::answering("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nsome");
    for duration in ["50ms", "0s"] {
        fails(
            limited("between", duration, stalling.url("/")),
            "ConnectionReadTimeout",
        );
    }
    let target = Target::start();
    limited("first", "10s", target.url("/json"))
        .json()
        .has_tags([("200", 1)]);
    // A connection may be there before any time has passed.
    let hurried = limited("connect", "0s", target.url("/json")).args(["--json", "-"]);
    hurried.finish().has_no_sign_of_a_bug();
}

#[test]
fn bodies_are_bounded() {
    let target = Target::start();
    let size = |path: &str| {
        web("size", 1, 1)
            .args(["--timeout", "60s"])
            .set("url", target.url(path))
    };
    size("/bytes/16MiB").json().has_tags([("16777216", 1)]);
    fails(size("/bytes/16777217"), "HttpResponseBodySize");
    let post = |length: u64| {
        web("post", 1, 1)
            .args(["--timeout", "60s"])
            .set("length", length)
            .set("url", target.url("/status/200"))
    };
    fails(post((16 << 20) + 1), "HttpRequestBodySize");
}

#[test]
fn answers_that_are_none_have_the_name_of_their_error() {
    let target = Target::start();
    let get = |url: String| web("get", 1, 1).set("url", url);
    fails(get(target.url("/drop")), "ConnectionTerminated");
    fails(get(target.url("/short")), "HttpResponseIncomplete");
    let closed = RawServer::silent().url("/");
    fails(get(closed), "ConnectionRefused");
    fails(
        get("http://no-such-host.localhost./".to_owned()).args(["--timeout", "60s"]),
        "DnsError",
    );
    let malformed = RawServer::answering("HTTP/1.1 200 OK\r\nno colon\r\n\r\n");
    fails(get(malformed.url("/")), "HttpProtocolError");
    let headers: String = (0..300).map(|index| format!("x-{index}: y\r\n")).collect();
    let answer = format!("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n{headers}\r\n");
    let flooding = RawServer::answering(answer.leak());
    fails(get(flooding.url("/")), "HttpProtocolError");
}

#[test]
fn what_wasi_http_forbids_is_refused_before_anything_is_sent() {
    let target = Target::start();
    let misuse = |what: &str| {
        web("misuse", 1, 1)
            .set("what", what)
            .set("url", target.url("/echo"))
    };
    for (what, tag) in [
        ("short", "HttpRequestBodySize"),
        ("long", "HttpRequestBodySize"),
        ("short-unfinished", "HttpRequestBodySize"),
        ("unfinished", "HttpProtocolError"),
        ("no-body", "HttpRequestBodySize"),
        ("two-lengths", "invalid"),
        ("plus-length", "invalid"),
        ("many-headers", "HttpRequestHeaderSectionSize"),
        ("connect", "HttpRequestMethodInvalid"),
        ("user", "HttpRequestUriInvalid"),
        ("other-host", "refused"),
        ("endless-method", "refused"),
        ("endless-authority", "refused"),
        ("trailers", "HttpRequestTrailerSectionSize"),
    ] {
        fails(misuse(what), tag);
    }
    for name in [
        "connection",
        "host",
        "keep-alive",
        "te",
        "transfer-encoding",
        "upgrade",
    ] {
        fails(misuse("header").set("name", name), "forbidden");
    }
    // Beyond the limit wasmtime ends the instance.
    fails(misuse("endless-headers"), "!abi");
    assert_eq!(target.stop().connections, 0);
}

#[test]
fn what_came_to_nothing_is_counted_by_its_kind() {
    let summary = web("misuse", 10, 2)
        .set("what", "short")
        .set("url", "http://127.0.0.1:9/")
        .json_and_exit(69);
    assert_eq!(*summary.at("/http/requests"), 10);
    assert_eq!(*summary.at("/http/errors/invalid-request"), 10);
    let summary = web("get", 10, 2)
        .set("url", "http://production.example/")
        .json_and_exit(77);
    assert_eq!(*summary.at("/http/errors/denied"), 10);
    assert_eq!(*summary.at("/denied/0/count"), 10);
}

#[cfg(unix)]
#[test]
fn its_connections_count_among_the_open_files() {
    Gorgon::limited("ulimit -n 100", "run")
        .args([gorgon_fixtures::WEB, "-n", "1k", "-w", "200"])
        .expect_exit(75)
        .stderr_contains("open files");
}

/// Where the target is, for a socket.
fn address(target: &Target) -> String {
    target.url("").replace("http://", "")
}

#[test]
fn sockets_reach_loopback_by_address_and_by_name() {
    let target = Target::start();
    let address = address(&target);
    let by_name = address.replace("127.0.0.1", "localhost");
    for address in [&address, &by_name] {
        web("tcp", 20, 2)
            .set("address", address)
            .json()
            .has_tags([("200", 20)]);
    }
    assert_eq!(target.stop().requests, 40);
}

#[test]
fn sockets_reach_nothing_that_was_not_granted() {
    #[track_caller]
    fn check(address: &str, tag: &str, flag: &str) {
        web("tcp", 2, 1)
            .set("address", address)
            .expect_exit(77)
            .stdout_contains(tag)
            .stdout_contains(flag)
            .has_no_sign_of_a_bug();
    }
    check(
        "198.51.100.7:80",
        "connect:PermissionDenied",
        "--allow-host 198.51.100.7:80",
    );
    check(
        "169.254.169.254:80",
        "connect:PermissionDenied",
        "--allow-host 169.254.169.254:80",
    );
    check(
        "production.example:80",
        "look-up:",
        "--allow-host production.example",
    );
}

#[test]
fn no_socket_listens_or_sends_datagrams() {
    for what in ["listen", "udp"] {
        let summary = web(what, 2, 1)
            .args(["--allow-host", "any"])
            .json_and_exit(69);
        assert_eq!(
            summary.count("fail", &format!("{what}:PermissionDenied")),
            2,
            "{:?}",
            summary.tags()
        );
    }
}

/// An address of this machine that is no loopback one, if it has one. Nothing is sent to find it.
fn own_address() -> Option<IpAddr> {
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).ok()?;
    socket.connect(("198.51.100.7", 9)).ok()?;
    let own = socket.local_addr().ok()?.ip();
    (!own.is_loopback() && !own.is_unspecified()).then_some(own)
}

#[test]
fn sockets_reach_what_was_granted_on_its_port() {
    let Some(own) = own_address() else {
        return;
    };
    let listener = TcpListener::bind((own, 0)).expect("a free port");
    let address = listener.local_addr().expect("an address");
    std::thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            let mut lines = BufReader::new(stream.try_clone().expect("a second handle")).lines();
            while lines
                .next()
                .is_some_and(|line| line.is_ok_and(|line| !line.is_empty()))
            {}
            // A client that goes away ends its connection, nothing else.
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
        }
    });
    let tcp = |grant: String| {
        web("tcp", 2, 1)
            .args(["--allow-host", &grant])
            .set("address", address)
    };
    tcp(address.to_string()).json().has_tags([("200", 2)]);
    tcp(own.to_string()).json().has_tags([("200", 2)]);
    tcp(format!("{own}:1")).expect_exit(77);
}
