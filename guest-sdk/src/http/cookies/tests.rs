//! What a jar sends where.

use super::*;

const NOW: Duration = Duration::from_secs(10);

/// What a jar with the cookie `set` by `from` sends to `to`.
#[track_caller]
fn check(from: &str, set: &str, to: &str, sent: Option<&str>) {
    let mut jar = Jar::default();
    jar.store(from, set, NOW);
    assert_eq!(
        jar.header(to, NOW).as_deref(),
        sent,
        "{set} from {from} to {to}"
    );
}

#[test]
fn a_cookie_goes_back_to_its_host_alone() {
    check("http://a.test/", "s=1", "http://a.test/x", Some("s=1"));
    check("http://a.test/", "s=1", "http://A.test:81/", Some("s=1"));
    check("http://a.test/", "s=1", "http://b.a.test/", None);
    check("http://a.test/", "s=1", "http://b.test/", None);
    check(
        "http://127.0.0.1:80/",
        "s=1; Domain=127.0.0.1",
        "http://127.0.0.1:81/",
        Some("s=1"),
    );
}

#[test]
fn a_domain_widens_it_to_the_hosts_below() {
    check(
        "http://w.a.test/",
        "s=1; Domain=.a.test",
        "http://b.a.test/",
        Some("s=1"),
    );
    check(
        "http://w.a.test/",
        "s=1; Domain=a.test",
        "http://a.test/",
        Some("s=1"),
    );
    check(
        "http://w.a.test/",
        "s=1; Domain=a.test",
        "http://xa.test/",
        None,
    );
    check(
        "http://w.a.test/",
        "s=1; Domain=test",
        "http://b.test/",
        None,
    );
    check(
        "http://w.a.test/",
        "s=1; Domain=other.test",
        "http://other.test/",
        None,
    );
    check(
        "http://1.2.3.4/",
        "s=1; Domain=3.4",
        "http://1.2.3.4/",
        None,
    );
}

#[test]
fn a_path_narrows_it() {
    check(
        "http://a.test/",
        "s=1; Path=/x",
        "http://a.test/x",
        Some("s=1"),
    );
    check(
        "http://a.test/",
        "s=1; Path=/x",
        "http://a.test/x/y",
        Some("s=1"),
    );
    check("http://a.test/", "s=1; Path=/x", "http://a.test/xy", None);
    check(
        "http://a.test/x/login",
        "s=1",
        "http://a.test/x/y",
        Some("s=1"),
    );
    check("http://a.test/x/login", "s=1", "http://a.test/", None);
    check("http://a.test", "s=1", "http://a.test", Some("s=1"));
}

#[test]
fn a_secure_cookie_goes_over_tls_or_to_this_machine() {
    check(
        "https://a.test/",
        "s=1; Secure",
        "https://a.test/",
        Some("s=1"),
    );
    check("https://a.test/", "s=1; Secure", "http://a.test/", None);
    check("http://a.test/", "s=1; Secure", "https://a.test/", None);
    check(
        "http://localhost:8080/",
        "s=1; Secure",
        "http://localhost:8080/",
        Some("s=1"),
    );
    check("http://[::1]/", "s=1; Secure", "http://[::1]/", Some("s=1"));
}

#[test]
fn age_and_a_date_long_ago_end_it() {
    check(
        "http://a.test/",
        "s=1; Max-Age=1",
        "http://a.test/",
        Some("s=1"),
    );
    check("http://a.test/", "s=1; Max-Age=0", "http://a.test/", None);
    check(
        "http://a.test/",
        "s=; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
        "http://a.test/",
        None,
    );
    check(
        "http://a.test/",
        "s=1; Expires=Thu, 01 Jan 2099 00:00:00 GMT",
        "http://a.test/",
        Some("s=1"),
    );
    check(
        "http://a.test/",
        "s=1; Max-Age=9; Expires=Thu, 01-Jan-1970 00:00:00 GMT",
        "http://a.test/",
        Some("s=1"),
    );
    let mut jar = Jar::default();
    jar.store("http://a.test/", "s=1; Max-Age=5", NOW);
    assert_eq!(
        jar.header("http://a.test/", NOW + Duration::from_secs(5)),
        None
    );
}

#[test]
fn a_newer_cookie_replaces_the_older_and_a_dead_one_deletes_it() {
    let mut jar = Jar::default();
    let url = "http://a.test/";
    jar.store(url, "s=1", NOW);
    jar.store(url, "t=2", NOW);
    jar.store(url, "s=3", NOW);
    assert_eq!(jar.get("s"), Some("3"));
    assert_eq!(jar.header(url, NOW).as_deref(), Some("t=2; s=3"));
    jar.store(url, "s=; Max-Age=-1", NOW);
    assert_eq!(jar.header(url, NOW).as_deref(), Some("t=2"));
    jar.clear();
    assert_eq!(jar.header(url, NOW), None);
}

#[test]
fn the_longest_path_comes_first() {
    let mut jar = Jar::default();
    jar.store("http://a.test/", "a=1; Path=/", NOW);
    jar.store("http://a.test/", "b=2; Path=/x", NOW);
    assert_eq!(
        jar.header("http://a.test/x", NOW).as_deref(),
        Some("b=2; a=1")
    );
}

#[test]
fn a_full_jar_drops_the_oldest() {
    let mut jar = Jar::default();
    for number in 0..CAPACITY + 5 {
        jar.store("http://a.test/", &format!("c{number}=1"), NOW);
    }
    assert_eq!(
        (jar.cookies.len(), jar.get("c4"), jar.get("c5")),
        (CAPACITY, None, Some("1"))
    );
}

proptest::proptest! {
    #[test]
    fn no_header_makes_it_panic(url in "http://[a-z.:0-9]{0,9}/.{0,9}", set in ".{0,40}") {
        let mut jar = Jar::default();
        jar.store(&url, &set, NOW);
        let _ = jar.header(&url, NOW);
    }
}
