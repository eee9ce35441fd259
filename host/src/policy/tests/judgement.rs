use std::net::{IpAddr, SocketAddr};

use proptest::prelude::*;
use url::{Host, Url};

use crate::policy::{Denied, Policy, grant};

fn policy(grants: &[&str]) -> Policy {
    Policy::new(
        grants
            .iter()
            .map(|text| text.parse().expect("a grant of a test parses"))
            .collect(),
    )
}

/// Judges a URL as a request would be that goes to the address in it, or to `leads_to`.
pub(super) fn judge(grants: &[&str], url: &str, leads_to: Option<&str>) -> Result<(), Denied> {
    let policy = policy(grants);
    let url = Url::parse(url).expect("a URL of a test parses");
    let host = url.host().expect("a URL of a test has a host");
    let port = url
        .port_or_known_default()
        .expect("a URL of a test has a port");
    let name = policy.admit(&host, port)?;
    let ip: Option<IpAddr> = match host {
        Host::Ipv4(ip) => Some(ip.into()),
        Host::Ipv6(ip) => Some(ip.into()),
        Host::Domain(_) => leads_to.map(|ip| ip.parse().expect("an address of a test parses")),
    };
    ip.map_or(Ok(()), |ip| {
        policy.admit_address(SocketAddr::new(ip, port), &name)
    })
}

#[test]
fn a_name_is_looked_up_if_it_is_granted_on_some_port() {
    #[track_caller]
    fn check(grants: &[&str], name: &str, admitted: bool) {
        let judged = policy(grants).admit_look_up(name);
        assert_eq!(judged.is_ok(), admitted, "{grants:?} {name}");
        if let Err(denied) = judged {
            let flag: crate::policy::Grant = denied.grant().parse().expect("a grant");
            let granted = Policy::new(vec![flag]);
            assert_eq!(granted.admit_look_up(name), Ok(()), "{name}");
        }
    }
    check(&[], "localhost", true);
    check(&[], "LOCALHOST.", true);
    check(&[], "a.localhost", true);
    check(&[], "localhost.example", false);
    check(&[], "a.example", false);
    check(&["a.example"], "a.example", true);
    check(&["a.example:80"], "A.Example.", true);
    check(&["a.example"], "b.a.example", false);
    check(&["*.a.example:443"], "b.a.example", true);
    check(&["any"], "a.example", true);
    check(&["127.0.0.0/8", "10.0.0.1"], "a.example", false);
}

#[test]
fn only_loopback_is_reached_without_a_grant() {
    #[track_caller]
    fn check(url: &str, leads_to: Option<&str>, admitted: bool) {
        assert_eq!(
            judge(&[], url, leads_to).is_ok(),
            admitted,
            "{url} {leads_to:?}"
        );
    }
    check("http://127.0.0.1/", None, true);
    check("http://127.1.2.3:8080/", None, true);
    check("http://[::1]:9/", None, true);
    check("http://[::ffff:127.0.0.1]/", None, true);
    check("http://localhost/", Some("127.0.0.1"), true);
    check("http://LOCALHOST.:81/", Some("::1"), true);
    check("http://app.localhost/", Some("127.0.0.1"), true);
    check("http://2130706433/", None, true); // 127.0.0.1 in one number
    check("http://0x7f.0.0.1/", None, true);
    check("http://0177.1/", None, true);
    check("http://127.0.0.1./", None, true);

    check("http://localhost/", Some("10.0.0.1"), false);
    check("http://localhost/", Some("0.0.0.0"), false);
    check("http://localhost.example.com/", Some("127.0.0.1"), false);
    check("http://notlocalhost/", Some("127.0.0.1"), false);
    check("http://0.0.0.0/", None, false);
    check("http://0.1.2.3/", None, false);
    check("http://[::]/", None, false);
    check("http://10.0.0.1/", None, false);
    check("http://167772161/", None, false); // 10.0.0.1
    check("http://012.1/", None, false);
    check("http://93.184.216.34/", None, false);
    check("http://169.254.169.254/", None, false);
    check("http://[fe80::1]/", None, false);
    check("http://[::ffff:10.0.0.1]/", None, false);
    check("http://[::127.0.0.1]/", None, false);
    check("http://[64:ff9b::127.0.0.1]/", None, false);
    check("http://[2002:7f00:1::]/", None, false);
    check("http://[64:ff9b:1::127.0.0.1]/", None, false);
    check("http://[2001:0:102:304::80ff:fffe]/", None, false);
    check("http://224.0.0.1/", None, false);
    check("http://255.255.255.255/", None, false);
}

#[test]
fn a_grant_covers_what_it_names() {
    #[track_caller]
    fn check(grant: &str, url: &str, leads_to: Option<&str>, admitted: bool) {
        assert_eq!(
            judge(&[grant], url, leads_to).is_ok(),
            admitted,
            "{grant} {url} {leads_to:?}"
        );
    }
    // Names: the letter case, a trailing dot and the spelling of other alphabets do not matter; ports do.
    check(
        "example.com",
        "https://example.com/",
        Some("93.184.216.34"),
        true,
    );
    check(
        "example.com",
        "http://EXAMPLE.com.:8080/",
        Some("10.0.0.1"),
        true,
    );
    check(
        "EXAMPLE.com.",
        "http://example.com/",
        Some("10.0.0.1"),
        true,
    );
    check(
        "example.com:8080",
        "http://example.com:8080/",
        Some("10.0.0.1"),
        true,
    );
    check(
        "example.com:8080",
        "http://example.com/",
        Some("10.0.0.1"),
        false,
    );
    check(
        "example.com:80",
        "http://example.com/",
        Some("10.0.0.1"),
        true,
    );
    check(
        "example.com:*",
        "http://example.com:7/",
        Some("10.0.0.1"),
        true,
    );
    check(
        "example.com",
        "http://www.example.com/",
        Some("10.0.0.1"),
        false,
    );
    check(
        "example.com",
        "http://badexample.com/",
        Some("10.0.0.1"),
        false,
    );
    check(
        "bücher.example",
        "http://xn--bcher-kva.example/",
        Some("10.0.0.1"),
        true,
    );
    check(
        "*.example.com",
        "http://www.example.com/",
        Some("10.0.0.1"),
        true,
    );
    check(
        "*.example.com",
        "http://a.b.example.com/",
        Some("10.0.0.1"),
        true,
    );
    check(
        "*.example.com",
        "http://example.com/",
        Some("10.0.0.1"),
        false,
    );
    check(
        "*.example.com",
        "http://.example.com/",
        Some("10.0.0.1"),
        false,
    );
    check(
        "*.example.com",
        "http://badexample.com/",
        Some("10.0.0.1"),
        false,
    );
    check(
        "*.example.com:443",
        "http://www.example.com/",
        Some("10.0.0.1"),
        false,
    );
    check("any", "http://whatever.example:7/", Some("10.0.0.1"), true);
    check(
        "any:443",
        "http://whatever.example:7/",
        Some("10.0.0.1"),
        false,
    );
    check("any", "http://10.0.0.1/", None, true);

    // A granted name leads to ordinary addresses and to loopback, and to nothing else.
    check(
        "example.com",
        "http://example.com/",
        Some("127.0.0.1"),
        true,
    );
    for special in [
        "169.254.169.254",
        "fe80::1",
        "0.0.0.0",
        "::",
        "224.0.0.1",
        "ff02::1",
        "255.255.255.255",
    ] {
        check("example.com", "http://example.com/", Some(special), false);
        check("any", "http://example.com/", Some(special), false);
    }
    for disguised in [
        "::ffff:169.254.169.254",
        "::169.254.169.254",
        "64:ff9b::a9fe:a9fe",
        "2002:a9fe:a9fe::1",
        "64:ff9b::7f00:1",
    ] {
        check("example.com", "http://example.com/", Some(disguised), false);
        check("any", "http://example.com/", Some(disguised), false);
    }
    check(
        "example.com",
        "http://example.com/",
        Some("fd00:ec2::254"),
        false,
    );
    check(
        "example.com",
        "http://example.com/",
        Some("100.100.100.200"),
        false,
    );

    // Addresses and networks.
    check("10.0.0.7", "http://10.0.0.7:8080/", None, true);
    check("10.0.0.7:8080", "http://10.0.0.7:8080/", None, true);
    check("10.0.0.7:8080", "http://10.0.0.7:8081/", None, false);
    check("10.0.0.7", "http://10.0.0.8/", None, false);
    check("10.0.0.7", "http://[::ffff:10.0.0.7]/", None, true);
    check("10.0.0.7", "http://[64:ff9b::10.0.0.7]/", None, true);
    check("[2001:db8::7]:80", "http://[2001:db8::7]/", None, true);
    check("10.0.0.0/8", "http://10.255.0.1/", None, true);
    check("10.0.0.0/8:80", "http://10.255.0.1:81/", None, false);
    check("10.0.0.0/8", "http://11.0.0.1/", None, false);
    check("10.0.0.0/8", "http://db.internal/", Some("10.0.0.1"), false); // the name was not granted
    check("2001:db8::/32", "http://[2001:db8:1::1]/", None, true);
    check("[2001:db8::]/32:80", "http://[2001:db8:1::1]/", None, true);
    check("[2001:db8::/32]:80", "http://[2001:db8:1::1]/", None, true);
    check("2001:db8::/32", "http://[2001:db9::1]/", None, false);
    check("::/0", "http://10.0.0.1/", None, false);
    check("::/0", "http://[::ffff:10.0.0.1]/", None, false);

    // What is special is named exactly or not reached.
    check("0.0.0.0/0", "http://8.8.8.8/", None, true);
    check("0.0.0.0/0", "http://169.254.169.254/", None, false);
    check("169.254.0.0/16", "http://169.254.169.254/", None, false);
    check("169.254.169.254/32", "http://169.254.169.254/", None, true);
    check("169.254.169.254", "http://169.254.169.254/", None, true);
    check("169.254.169.254", "http://[::ffff:a9fe:a9fe]/", None, true);
    check("169.254.169.254", "http://169.254.169.253/", None, false);
    check("[fd00:ec2::254]", "http://[fd00:ec2::254]/", None, true);
    check("fd00::/8", "http://[fd00:ec2::254]/", None, false);
    check("0.0.0.0", "http://0.0.0.0/", None, true);
    check("127.0.0.1", "http://[64:ff9b::127.0.0.1]/", None, false);
}

#[test]
fn a_name_and_an_address_may_be_granted_together() {
    let grants = ["metadata.internal", "169.254.169.254"];
    assert_eq!(
        judge(
            &grants,
            "http://metadata.internal/",
            Some("169.254.169.254")
        ),
        Ok(())
    );
    assert_eq!(
        judge(
            &["localhost", "10.0.0.1"],
            "http://localhost/",
            Some("10.0.0.1")
        ),
        Ok(())
    );
}

#[test]
fn a_policy_is_serialised_as_a_list_of_strings() {
    let policy = policy(&["*.example.com:443", "10.0.0.0/8"]);
    let json = serde_json::to_string(&policy).expect("serialises");
    assert_eq!(json, r#"["*.example.com:443","10.0.0.0/8"]"#);
    assert_eq!(
        serde_json::from_str::<Policy>(&json).expect("reads back"),
        policy
    );
    assert!(serde_json::from_str::<Policy>(r#"["*"]"#).is_err());
}

#[test]
fn a_refusal_names_the_flag_that_allows_it() {
    #[track_caller]
    fn check(grants: &[&str], url: &str, leads_to: Option<&str>, text: &str) {
        let denied = judge(grants, url, leads_to).expect_err(url);
        assert_eq!(denied.to_string(), text);
        let mut more = grants.to_vec();
        more.push(denied.grant());
        assert_eq!(judge(&more, url, leads_to), Ok(()), "the flag helps");
    }
    check(
        &[],
        "http://10.0.0.7:8080/",
        None,
        "`10.0.0.7:8080` is not allowed: `--allow-host 10.0.0.7:8080` allows it",
    );
    check(
        &[],
        "https://example.com/",
        None,
        "`example.com:443` is not allowed: `--allow-host example.com:443` allows it",
    );
    check(
        &[],
        "http://[fe80::1]/",
        None,
        "`[fe80::1]:80`, a link-local address, is not allowed unless it is named exactly: `--allow-host [fe80::1]:80` allows it",
    );
    check(
        &["evil.example"],
        "http://evil.example/",
        Some("169.254.169.254"),
        "`evil.example` leads to `169.254.169.254`, a link-local address, which the grant of a name does not cover: \
         `--allow-host 169.254.169.254:80` allows it",
    );
    check(
        &[],
        "http://localhost/",
        Some("10.0.0.1"),
        "`localhost` leads to `10.0.0.1`, which is not a loopback address: `--allow-host 10.0.0.1:80` allows it",
    );
}

proptest! {
    #[test]
    fn a_network_reaches_no_special_address(ip: std::net::Ipv4Addr, prefix in 0_u8..32) {
        let network = grant::masked(ip.into(), prefix).expect("the prefix fits");
        let grants = [format!("{network}/{prefix}")];
        let grants: Vec<&str> = grants.iter().map(String::as_str).collect();
        for special in ["169.254.169.254", "0.0.0.0", "239.1.1.1", "255.255.255.255", "168.63.129.16"] {
            let judged = judge(&grants, &format!("http://{special}/"), None);
            prop_assert!(judged.is_err(), "{:?} {}", grants, special);
        }
    }
}
