//! IPv4 addresses inside of IPv6 addresses, where the outside does not tell which one is meant.

use super::judgement::judge;

#[test]
fn a_special_address_is_found_inside_of_another() {
    #[track_caller]
    fn check(ip: &str, kind: Option<&str>) {
        let url = format!("http://[{ip}]/");
        // What reaches every ordinary address reaches this one, or names what it hides.
        for grant in ["any", "::/0"] {
            match (judge(&[grant], &url, None), kind) {
                (Ok(()), None) => {}
                (Err(denied), Some(kind)) => {
                    assert!(denied.to_string().contains(kind), "{ip}: {denied}");
                    assert_eq!(judge(&[denied.grant()], &url, None), Ok(()), "{ip}");
                }
                (judged, _) => panic!("{ip} {grant}: {judged:?}"),
            }
        }
        let by_name = judge(&["example.com"], "http://example.com/", Some(ip));
        assert_eq!(by_name.is_err(), kind.is_some(), "{ip}: {by_name:?}");
    }
    let loopback = Some("a loopback address in disguise");
    let link_local = Some("a link-local address");
    let metadata = Some("a cloud metadata address");

    // NAT64 under a local prefix of 96, 64, 56 and 48 bits (RFC 6052, 2.2).
    check("64:ff9b:1::127.0.0.1", loopback);
    check("64:ff9b:1::169.254.169.254", link_local);
    check("64:ff9b:1::100.100.100.200", metadata);
    check("64:ff9b:1::224.0.0.1", Some("a multicast address"));
    check("64:ff9b:1:fffe::169.254.169.254", link_local);
    check("64:ff9b:1:cafe:cafe:cafe:169.254.169.254", link_local);
    check("64:ff9b:1:1:a9:fea9:fe00:0", link_local);
    check("64:ff9b:1:1:7f:0:100:0", loopback);
    check("64:ff9b:1:1a9:fe:a9fe::", link_local);
    check("64:ff9b:1:17f:0:1::", loopback);
    check("64:ff9b:1:a9fe:a9:fe00::", link_local);
    check("64:ff9b:1:7f00:0:100::", loopback);
    check("64:ff9b:1:6464:64:c800::", metadata);
    // Neither byte 8 nor what stands behind the address hides it.
    check("64:ff9b:1:a9fe:ffa9:fe00::", link_local);
    check("64:ff9b:1:a9fe:a9:feff:ffff:ffff", link_local);
    check("64:ff9b:1::", Some("the unspecified address"));
    check("64:ff9b:1::0.1.2.3", Some("an address of this network"));
    // Ordinary ones, 10.0.0.7 under each of the prefixes, and what is next to the prefix.
    check("64:ff9b:1::10.0.0.7", None);
    check("64:ff9b:1:fffe::10.0.0.7", None);
    check("64:ff9b:1:1:a:0:700:0", None);
    check("64:ff9b:1:10a:0:7::", None);
    check("64:ff9b:1:a00:0:700::", None);
    check("64:ff9b:2::127.0.0.1", None);

    // Teredo: the server as it is, the client inverted (RFC 4380, 4).
    check("2001:0:102:304::80ff:fffe", loopback);
    check("2001:0:102:304:8000:63bf:5601:5601", link_local);
    check("2001:0:102:304::9b9b:9b37", metadata);
    check("2001:0:102:304::ffff:ffff", Some("the unspecified address"));
    check("2001:0:7f00:1::f5ff:fff8", loopback);
    check("2001:0:a9fe:a9fe::f5ff:fff8", link_local);
    check("2001:0:102:304::f5ff:fff8", None); // 10.0.0.7 behind 1.2.3.4
    check("2001:0:102:304::7f00:1", None); // not inverted
    check("2001:1:102:304::80ff:fffe", None);
}

#[test]
fn a_grant_does_not_reach_where_an_address_may_not_lead() {
    #[track_caller]
    fn check(grant: &str, url: &str) {
        assert!(judge(&[grant], url, None).is_err(), "{grant} {url}");
    }
    // 10.0.0.7 or 192.0.2.1, as the translator sees it.
    check("10.0.0.7", "http://[64:ff9b:1:c000:2:100:10.0.0.7]/");
    check("192.0.2.1", "http://[64:ff9b:1:c000:2:100:10.0.0.7]/");
    check("10.0.0.0/8", "http://[64:ff9b:1::10.0.0.7]/");
    check("0.0.0.0/0", "http://[64:ff9b:1::10.0.0.7]/");
    // Where a tunnel ends is not where it leads.
    check("10.0.0.7", "http://[2001:0:102:304::f5ff:fff8]/");
    check("1.2.3.4", "http://[2001:0:102:304::f5ff:fff8]/");
    check("169.254.169.254", "http://[64:ff9b:1::169.254.169.254]/");
}
