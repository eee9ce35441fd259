use proptest::prelude::*;

use crate::policy::Grant;

#[test]
fn a_grant_that_says_nothing_usable_is_answered_with_what_to_write() {
    #[track_caller]
    fn check(text: &str, what: &str, hint: &str) {
        let error = text.parse::<Grant>().expect_err(text);
        assert!(error.what().contains(what), "{text}: {error}");
        assert!(error.hint().contains(hint), "{text}: {error}");
    }
    check("", "is empty", "staging.example.com");
    check(":80", "is empty", "any");
    check("*", "alone is not a host", "`any`");
    check("*:80", "alone is not a host", "`any`");
    check("*.", "names no host", "*.example.com");
    check("*..", "names no host", "*.example.com");
    check("a.*.com", "star", "*.example.com");
    check("*foo.com", "star", "*.example.com");
    check("*.*.com", "star", "*.example.com");
    check("*.10.0.0.1", "star before an address", "10.0.0.0/8");
    check("http://example.com:80/x", "`http://`", "`example.com:80`");
    check(
        "https://user:pass@example.com/",
        "`https://`",
        "`example.com`",
    );
    check("http://", "`http://`", "a host");
    check("user@example.com", "user name", "`example.com`");
    check("example.com/path", "a path", "`example.com`");
    check("example.com:80/path", "a path", "example.com:80");
    check("/", "a path", "a host");
    check("example.com?x", "'?'", "example.com:8080");
    check("exam ple.com", "' '", "a host");
    check("a.com,b.com", "','", "once for each");
    check("example.com\n", "'\\n'", "a host");
    check("example.com:0", "`0` is not a port", "1 to 65535");
    check("example.com:65536", "`65536` is not a port", "1 to 65535");
    check("example.com:+80", "`+80` is not a port", "1 to 65535");
    check("example.com:", "`` is not a port", "1 to 65535");
    check("example.com:http", "`http` is not a port", "1 to 65535");
    check("::1", "brackets", "`[::1]`");
    check("::1:8080", "brackets", "`[::1]:8080`");
    check(
        "2001:db8:1:2:3:4:5:6:80",
        "brackets",
        "`[2001:db8:1:2:3:4:5:6]:80`",
    );
    check("a:b:c", "brackets", "[::1]:8080");
    check("[::1", "brackets", "");
    check("[fe80::1%eth0]", "is not a host", "");
    check("[::1]x", "is not a host", "");
    check("10.0.0.0/33", "`/33`", "0 to 32");
    check("fd00::/129", "`/129`", "0 to 128");
    check("10.0.0.0/", "`/`", "0 to 32");
    check("10.0.0.0/+8", "`/+8`", "0 to 32");
    check("10.1.2.3/8", "inside its network", "`10.0.0.0/8`");
    check("256.1.1.1", "is not a host", "address");
    check("a..b", "is not a host", "name");
    check(".example.com", "is not a host", "name");
    check("*..example.com", "is not a host", "name");
    check(&"a".repeat(64), "is not a host", "name");
}

#[test]
fn a_grant_is_shown_in_one_form() {
    #[track_caller]
    fn check(text: &str, shown: &str) {
        let grant: Grant = text.parse().expect(text);
        assert_eq!(grant.to_string(), shown);
        assert_eq!(shown.parse::<Grant>().expect(shown), grant);
    }
    check("Example.COM.", "example.com");
    check("example.com:*", "example.com");
    check("bücher.example:80", "xn--bcher-kva.example:80");
    check("*.Example.com:443", "*.example.com:443");
    check("0x7f.1", "127.0.0.1");
    check("[::ffff:10.0.0.1]:8", "10.0.0.1:8");
    check("[0:0::1]:8", "[::1]:8");
    check("[fd00::]/8:8", "fd00::/8:8");
    check("10.0.0.7/32", "10.0.0.7");
    check("any:443", "any:443");
}

proptest! {
    #[test]
    fn no_text_makes_the_parser_panic_and_what_it_accepts_reads_back(text in "[a-z0-9.*:/\\[\\]@ ü-]{0,24}") {
        if let Ok(grant) = text.parse::<Grant>() {
            prop_assert_eq!(grant.to_string().parse::<Grant>(), Ok(grant));
        }
    }
}
