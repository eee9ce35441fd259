//! Compression, redirects and cookies.

use serde_json::json;

use super::client::Target;

#[tokio::test]
async fn compressed_answers_are_what_they_say() {
    use std::io::Read;
    let target = Target::start();
    let gzip = target.get("/gzip").await;
    assert_eq!(gzip.header("content-encoding"), Some("gzip"));
    let mut text = String::new();
    flate2::read::GzDecoder::new(&gzip.body[..])
        .read_to_string(&mut text)
        .expect("gzip");
    assert!(text.starts_with("{\"compressed\":true"), "{text}");
    let deflate = target.get("/deflate").await;
    assert_eq!(deflate.header("content-encoding"), Some("deflate"));
    let mut same = String::new();
    flate2::read::ZlibDecoder::new(&deflate.body[..])
        .read_to_string(&mut same)
        .expect("zlib");
    assert_eq!(text, same);
    assert!(gzip.body.len() * 4 < text.len());
}

#[tokio::test]
async fn redirects_lead_step_by_step_to_an_end() {
    let target = Target::start();
    let mut path = "/redirect/3?status=307".to_owned();
    for _ in 0..3 {
        let reply = target.get(&path).await;
        assert_eq!(reply.status, 307);
        path = reply.header("location").expect("a location").to_owned();
    }
    assert_eq!(target.get(&path).await.text(), "arrived\n");
    let away = target
        .get("/redirect-to?url=http%3A%2F%2F169.254.169.254%2F")
        .await;
    assert_eq!(away.status, 302);
    assert_eq!(away.header("location"), Some("http://169.254.169.254/"));
}

#[tokio::test]
async fn cookies_are_set_and_told() {
    let target = Target::start();
    let reply = target.get("/cookies/set?visit=17&lang=en").await;
    assert!(
        reply
            .head
            .contains("set-cookie: visit=17; Path=/\r\nset-cookie: lang=en; Path=/"),
        "{}",
        reply.head
    );
    let reply = target
        .connect()
        .await
        .ask("GET", "/cookies", "cookie: visit=17; lang=en\r\n", "")
        .await;
    assert_eq!(
        reply.json(),
        json!({ "cookies": { "visit": "17", "lang": "en" } })
    );
}
