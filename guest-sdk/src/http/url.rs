//! As much of URLs as a client needs: where they point, what a relative one means, a query at the end.
//!
//! Whether a URL is valid is for the host to say, which has to trust it; here a strange one is passed on as it is.

/// An absolute URL in its parts (RFC 3986, section 3), without its fragment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Parts<'a> {
    /// `http` or `https`, as written.
    pub(crate) scheme: &'a str,
    /// Host and port, as written.
    pub(crate) authority: &'a str,
    /// Begins with `/`, or is empty.
    pub(crate) path: &'a str,
    /// What follows the `?`.
    pub(crate) query: Option<&'a str>,
}

impl<'a> Parts<'a> {
    /// The parts of an absolute URL, or nothing where it has no scheme and host.
    pub(crate) fn of(url: &'a str) -> Option<Parts<'a>> {
        let url = url.split_once('#').map_or(url, |(url, _)| url);
        let (scheme, rest) = url.split_once("://")?;
        let is_scheme = |byte: u8| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte);
        if scheme.is_empty() || !scheme.bytes().all(is_scheme) {
            return None;
        }
        let (rest, query) = rest
            .split_once('?')
            .map_or((rest, None), |(rest, query)| (rest, Some(query)));
        let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        Some(Parts {
            scheme,
            authority,
            path,
            query,
        })
    }

    /// The host alone, in lower case: without user, port, and the brackets of an IPv6 address.
    pub(crate) fn host(&self) -> String {
        let host = self
            .authority
            .rsplit_once('@')
            .map_or(self.authority, |(_, host)| host);
        let host = match host.strip_prefix('[') {
            Some(address) => address
                .split_once(']')
                .map_or(address, |(address, _)| address),
            None => host.split_once(':').map_or(host, |(host, _)| host),
        };
        host.to_ascii_lowercase()
    }

    /// Whether both have the same scheme, host and port, as far as they are written alike.
    pub(crate) fn same_origin(&self, other: &Parts<'_>) -> bool {
        self.scheme.eq_ignore_ascii_case(other.scheme)
            && self.authority.eq_ignore_ascii_case(other.authority)
    }
}

/// What `reference` means on the page `base` (RFC 3986, section 5.2).
pub(crate) fn resolve(base: &str, reference: &str) -> String {
    if Parts::of(reference).is_some() {
        return reference.to_owned();
    }
    let Some(base) = Parts::of(base) else {
        return reference.to_owned();
    };
    let Parts {
        scheme, authority, ..
    } = base;
    if reference.starts_with("//") {
        return format!("{scheme}:{reference}");
    }
    let reference = reference
        .split_once('#')
        .map_or(reference, |(reference, _)| reference);
    let (path, query) = reference
        .split_once('?')
        .map_or((reference, None), |(path, query)| (path, Some(query)));
    let (path, query) = if path.is_empty() {
        (base.path.to_owned(), query.or(base.query))
    } else if path.starts_with('/') {
        (without_dots(path), query)
    } else {
        let directory = base
            .path
            .rsplit_once('/')
            .map_or("", |(directory, _)| directory);
        (without_dots(&format!("{directory}/{path}")), query)
    };
    let query = query.map_or_else(String::new, |query| format!("?{query}"));
    format!("{scheme}://{authority}{path}{query}")
}

/// A path with its `.` and `..` carried out.
fn without_dots(path: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    let mut segments = path.split('/').skip(1).peekable();
    while let Some(segment) = segments.next() {
        let is_dots = segment == "." || segment == "..";
        if segment == ".." {
            kept.pop();
        }
        if !is_dots {
            kept.push(segment);
        } else if segments.peek().is_none() {
            kept.push("");
        }
    }
    format!("/{}", kept.join("/"))
}

/// Adds `query` to those that the URL has, before its fragment.
pub(crate) fn add_query(url: &mut String, query: &str) {
    let end = url.find('#').unwrap_or(url.len());
    let separator = match url[..end].find('?') {
        None => "?",
        Some(_) if url[..end].ends_with(['?', '&']) => "",
        Some(_) => "&",
    };
    url.insert_str(end, &format!("{separator}{query}"));
}

/// `path` under `base`; a path that is an absolute URL is that URL.
pub(crate) fn join(base: &str, path: &str) -> String {
    if Parts::of(path).is_some() {
        return path.to_owned();
    }
    if path.is_empty() || path.starts_with(['?', '#']) {
        return format!("{base}{path}");
    }
    format!(
        "{}/{}",
        base.trim_end_matches('/'),
        path.trim_start_matches('/')
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_taken_apart() {
        let parts = Parts::of("http://user@Host.example:8080/a/b?c=d#e").expect("absolute");
        assert_eq!(parts.authority, "user@Host.example:8080");
        assert_eq!(parts.host(), "host.example");
        assert_eq!((parts.path, parts.query), ("/a/b", Some("c=d")));
        assert_eq!(
            Parts::of("https://[::1]:443").map(|parts| parts.host()),
            Some("::1".into())
        );
        assert_eq!(Parts::of("/a/b?next=http://x/"), None);
        assert_eq!(Parts::of(""), None);
    }

    #[test]
    fn references_mean_what_the_rfc_says() {
        #[track_caller]
        fn check(reference: &str, expected: &str) {
            assert_eq!(
                resolve("http://a/b/c/d?q", reference),
                expected,
                "{reference}"
            );
        }
        // Section 5.4, as far as it is about hierarchies, references without parameters.
        check("http://g/x", "http://g/x");
        check("g", "http://a/b/c/g");
        check("./g", "http://a/b/c/g");
        check("g/", "http://a/b/c/g/");
        check("/g", "http://a/g");
        check("//g", "http://g");
        check("?y", "http://a/b/c/d?y");
        check("g?y", "http://a/b/c/g?y");
        check("", "http://a/b/c/d?q");
        check(".", "http://a/b/c/");
        check("..", "http://a/b/");
        check("../g", "http://a/b/g");
        check("../../../g", "http://a/g");
        check("g#s", "http://a/b/c/g");
        assert_eq!(resolve("http://a", "g"), "http://a/g");
        assert_eq!(resolve("nonsense", "g"), "g");
    }

    #[test]
    fn a_query_goes_before_the_fragment_and_after_other_queries() {
        #[track_caller]
        fn check(url: &str, expected: &str) {
            let mut url = url.to_owned();
            add_query(&mut url, "n=1");
            assert_eq!(url, expected);
        }
        check("http://a/", "http://a/?n=1");
        check("http://a/?b", "http://a/?b&n=1");
        check("http://a/?", "http://a/?n=1");
        check("http://a/#f", "http://a/?n=1#f");
        check("http://a/#f?", "http://a/?n=1#f?");
    }

    #[test]
    fn a_path_is_put_under_the_base() {
        #[track_caller]
        fn check(base: &str, path: &str, expected: &str) {
            assert_eq!(join(base, path), expected);
        }
        check("http://a/api", "users", "http://a/api/users");
        check("http://a/api/", "/users", "http://a/api/users");
        check("http://a", "", "http://a");
        check("http://a/x", "?q=1", "http://a/x?q=1");
        check("http://a", "https://b/", "https://b/");
    }

    proptest::proptest! {
        #[test]
        fn no_url_makes_it_panic(base in ".{0,30}", reference in ".{0,30}") {
            let mut url = resolve(&base, &reference);
            add_query(&mut url, "q");
            let _ = Parts::of(&url).map(|parts| parts.host());
        }
    }
}
