//! Answers by the grammar of RFC 9112, by what people get wrong about it, and by chance.

use proptest::prelude::*;
use proptest::sample::{Index, select};

/// An answer as it comes in.
#[derive(Clone)]
pub(super) struct Case {
    pub(super) bytes: Vec<u8>,
    /// Where it is cut into pieces.
    pub(super) cuts: Vec<usize>,
    /// True if the connection ends behind it.
    pub(super) ends: bool,
    /// True if it answers a `HEAD`.
    pub(super) to_head: bool,
}

impl std::fmt::Debug for Case {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let bytes = self.bytes.escape_ascii();
        write!(f, "\"{bytes}\" cut at {:?}", self.cuts)?;
        f.write_str(if self.ends { ", ends" } else { "" })?;
        f.write_str(if self.to_head { ", to a HEAD" } else { "" })
    }
}

/// Sense, and now and then nonsense.
fn mostly(
    sense: &'static [&'static str],
    nonsense: &'static [&'static str],
) -> impl Strategy<Value = &'static str> {
    prop_oneof![60 => select(sense), 1 => select(nonsense)]
}

fn line_end() -> impl Strategy<Value = &'static str> {
    mostly(
        &["\r\n"],
        &["\n", "\n", "\r", "\r\r\n", "\n\r", "", "\r\n\r\n"],
    )
}

fn status_line() -> impl Strategy<Value = String> {
    let version = mostly(
        &["HTTP/1.1 ", "HTTP/1.1 ", "HTTP/1.1 ", "HTTP/1.0 "],
        &[
            "HTTP/1.1",
            "HTTP/1.1  ",
            "HTTP/2.0 ",
            "HTTP/1.2 ",
            "http/1.1 ",
            " HTTP/1.1 ",
            "\r\nHTTP/1.1 ",
            "HTTP/1.1\t",
            "",
        ],
    );
    let status = mostly(
        &[
            "200", "200", "200", "200", "204", "304", "404", "500", "999",
        ],
        &[
            "100", "101", "102", "099", "20", "2000", "2x0", "000", "", "-20", "600",
        ],
    );
    let reason = mostly(
        &["", " ", " OK", " Not Found"],
        &[" \u{e9}", "OK", " \t", " a\0", "\t"],
    );
    (version, status, reason)
        .prop_map(|(version, status, reason)| format!("{version}{status}{reason}"))
}

/// A field that is not about the framing, or is wrong about it.
fn field() -> impl Strategy<Value = &'static str> {
    let connection: &[&str] = &[
        "connection: close",
        "connection: keep-alive",
        "Connection: x, Close",
        "connection: Keep-Alive, x",
        "connection:",
        "connection: closed",
        "connection: ,close",
    ];
    prop_oneof![
        60 => mostly(
            &["x: y", "X-Y: z", "date: now", "empty:", "set-cookie: a=b", "set-cookie: c=d", "x:  \t y \t", "Keep-Alive: timeout=5", "x: \u{e9}"],
            &["x : y", " x: y", "\tx: y", ": y", "no colon", "x: a\0", "\u{e9}: x", "x: a\x7f", "x\t: y", "x: a\rb", "", "content_length: 5"],
        ),
        15 => select(connection),
        1 => length(),
        1 => coding(),
    ]
}

fn length() -> impl Strategy<Value = &'static str> {
    let lengths: &[&str] = &[
        "content-length: 5",
        "Content-Length: 0",
        "content-length: 3",
        "CONTENT-LENGTH: 00005",
        "content-length: 5, 5",
        "content-length: 5, 6",
        "content-length: -5",
        "content-length: +5",
        "content-length:",
        "content-length: 5 5",
        "content-length: 0x5",
        "content-length: 18446744073709551613",
        "content-length: 99999999999999999999",
        "content-length: 5,",
        "content-length : 5",
        "content-length: 5\t",
        "content-length: \u{b2}",
        "content-length: 5;",
        "content-length: 1e1",
    ];
    select(lengths)
}

fn coding() -> impl Strategy<Value = &'static str> {
    let codings: &[&str] = &[
        "transfer-encoding: chunked",
        "transfer-encoding: gzip",
        "transfer-encoding: gzip, chunked",
        "transfer-encoding: chunked, gzip",
        "transfer-encoding: chunked, chunked",
        "transfer-encoding: identity",
        "transfer-encoding:",
        "transfer-encoding: xchunked",
        "transfer-encoding: \x0bchunked",
        "transfer-encoding : chunked",
        "transfer-encoding: chunked;q=1",
        "transfer-encoding: \"chunked\"",
        "transfer-encoding:\tchunked",
        "transfer-encoding: chunked,",
        "transfer_encoding: chunked",
    ];
    select(codings)
}

fn chunk() -> impl Strategy<Value = String> {
    let nonsense: &[&str] = &[
        "0x5",
        "-5",
        "+5",
        "",
        " 5",
        "g",
        "5 5",
        "ffffffffffffffff",
        "10000000000000000",
        "fffffffffffffffff",
        "5_",
    ];
    let size = prop_oneof![
        20 => Just(None),
        1 => select(nonsense).prop_map(Some),
    ];
    let zeros = mostly(&["", "", "", "0", "000"], &["00000000000000000000"]);
    let extension = mostly(
        &["", "", "", ";a", ";a=b", "; a = b", ";a=\"b\"", " ", "\t;a"],
        &[";a\n", ";\r", ";a\0", "; \u{e9}", ";;", ";a\x7f", "\\;a"],
    );
    let data = select(&[
        "hello",
        "hello",
        "0123456789",
        "abc",
        "he\r\no",
        "\r\n",
        "HTTP/1.1 200 OK",
    ]);
    (size, zeros, extension, line_end(), data, line_end()).prop_map(
        |(size, zeros, extension, end, data, after)| {
            let size = size.map_or_else(|| format!("{:x}", data.len()), str::to_owned);
            format!("{zeros}{size}{extension}{end}{data}{after}")
        },
    )
}

fn chunks() -> impl Strategy<Value = String> {
    let trailer = mostly(
        &["x: y\r\n", "X-Sum: 5\r\n", "x:\r\n"],
        &[
            "x: y\n",
            "x y\r\n",
            " x: y\r\n",
            "content-length: 5\r\n",
            "x: a\0\r\n",
            ": y\r\n",
            "x\r\n",
            "x: y\r",
        ],
    );
    let last = mostly(
        &["0\r\n", "0\r\n", "00\r\n", "0;a=b\r\n", "0 \r\n"],
        &["0\n", "", "0", "\r\n", "0\r\n\n"],
    );
    let trailers = proptest::collection::vec(trailer, 0..3);
    (
        proptest::collection::vec(chunk(), 0..4),
        last,
        trailers,
        line_end(),
    )
        .prop_map(|(chunks, last, trailers, end)| {
            format!("{}{last}{}{end}", chunks.concat(), trailers.concat())
        })
}

/// A field that frames a body, and the body.
fn framed() -> impl Strategy<Value = (String, String)> {
    let plain = select(&[
        "hello",
        "",
        "abc",
        "hello, world",
        "\r\n\r\n",
        "HTTP/1.1 200 OK\r\n\r\n",
    ]);
    let of_length = (
        plain,
        select(&["content-length: ", "Content-Length:", "CONTENT-LENGTH: 0"]),
    )
        .prop_map(|(body, name)| (format!("{name}{}", body.len()), body.to_owned()));
    let chunked = (
        select(&["transfer-encoding: chunked", "Transfer-Encoding: Chunked"]),
        chunks(),
    )
        .prop_map(|(field, body)| (field.to_owned(), body));
    let open = Just(("x: y".to_owned(), "hello".to_owned()));
    prop_oneof![4 => of_length, 5 => chunked, 1 => open]
}

fn answer() -> impl Strategy<Value = String> {
    let fields = || proptest::collection::vec((field(), line_end()), 0..3);
    let lines = |fields: Vec<(&str, &str)>| -> String {
        fields
            .into_iter()
            .flat_map(|(field, end)| [field, end])
            .collect()
    };
    (
        status_line(),
        line_end(),
        fields(),
        framed(),
        line_end(),
        fields(),
        line_end(),
    )
        .prop_map(
            move |(first, end, before, (frame, body), frame_end, after, last)| {
                format!(
                    "{first}{end}{}{frame}{frame_end}{}{last}{body}",
                    lines(before),
                    lines(after)
                )
            },
        )
}

/// What means something in the grammar of an answer.
const CHANGES: &[&str] = &[
    "", "\r", "\n", "\r\n", "\0", " ", "\t", "0", "9", "f", ":", ",", ";", "H", "\u{ff}",
];

/// An answer, with nothing or a few bytes in it changed, in a few pieces or in all that there are.
pub(super) fn case() -> impl Strategy<Value = Case> {
    let interim = mostly(
        &[
            "",
            "",
            "",
            "HTTP/1.1 100 Continue\r\n\r\n",
            "HTTP/1.1 103 X\r\nlink: <x>\r\n\r\n",
            "HTTP/1.0 199 X\r\ncontent-length: 5\r\n\r\n",
        ],
        &[
            "HTTP/1.1 101 X\r\n\r\n",
            "HTTP/1.1 100\n\n",
            "\r\n",
            "HTTP/1.1 100 X\r\n\r\n\r\n",
        ],
    );
    let after = select(&[
        "",
        "",
        "",
        "",
        "HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nevil",
        "\r\n",
        "x",
    ]);
    let change = (any::<Index>(), 0_usize..3, select(CHANGES));
    let changes = prop_oneof![
        3 => Just(Vec::new()),
        1 => proptest::collection::vec(change, 1..4),
    ];
    let cuts = prop_oneof![
        2 => proptest::collection::vec(any::<Index>(), 0..4).prop_map(Some),
        1 => Just(None),
    ];
    let parts = (interim, answer(), after);
    (
        parts,
        changes,
        cuts,
        any::<bool>(),
        proptest::bool::weighted(0.1),
    )
        .prop_map(|((interim, answer, after), changes, cuts, ends, to_head)| {
            let mut bytes = latin1(&format!("{interim}{answer}{after}"));
            for (at, remove, insert) in changes {
                let at = at.index(bytes.len() + 1);
                let end = bytes.len().min(at + remove);
                bytes.splice(at..end, latin1(insert));
            }
            let length = bytes.len();
            Case {
                cuts: match cuts {
                    Some(cuts) => cuts.iter().map(|cut| cut.index(length + 1)).collect(),
                    None => (0..length).collect(),
                },
                bytes,
                ends,
                to_head,
            }
        })
}

/// The bytes of a text that has one character for each.
pub(super) fn latin1(text: &str) -> Vec<u8> {
    let byte = |c| u8::try_from(u32::from(c)).expect("Latin-1");
    text.chars().map(byte).collect()
}
