//! What must not be shown to others: passwords and tokens on the command line. Reports and errors travel.

/// Words in the name of a parameter that speak of a secret.
const SECRETS: [&str; 9] = [
    "token",
    "secret",
    "password",
    "passwd",
    "key",
    "auth",
    "cookie",
    "session",
    "credential",
];

/// An argument without its secret: `token=…` for `token=abc`, and addresses as [`address`] has them. Of several parameters
/// in one, `a=1,token=abc,b=2`, nothing is shown from the first secret on: where its value ends nobody can say.
pub fn argument(arg: &str) -> String {
    let flags = ["--set=", "--side="];
    let pairs = flags.iter().find_map(|flag| arg.strip_prefix(flag));
    let pairs = pairs.unwrap_or(arg);
    let mut before = arg.len() - pairs.len();
    for pair in pairs.split(',') {
        if let Some((name, _)) = pair.split_once('=')
            && is_secret(name)
        {
            return format!("{}{name}=…", address(&arg[..before]));
        }
        before += pair.len() + 1;
    }
    address(arg)
}

fn is_secret(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    !name.starts_with('-') && SECRETS.iter().any(|secret| lower.contains(secret))
}

/// An address without user and password: `https://…@host/op.wasm`. Text without an address stays as it is.
pub fn address(text: &str) -> String {
    let Some((scheme, rest)) = text.split_once("://") else {
        return text.to_owned();
    };
    // RFC 3986, 3.2: the authority ends at the first of these, and an `@` after them is part of a path or a query.
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    match rest[..end].rsplit_once('@') {
        Some((_, host)) => format!("{scheme}://…@{host}{}", &rest[end..]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_left_out_and_nothing_else() {
        #[track_caller]
        fn check(arg: &str, expected: &str) {
            assert_eq!(argument(arg), expected);
        }
        check("token=abc", "token=…");
        check("--set=API_KEY=abc=", "--set=API_KEY=…");
        check("header.authorization=Bearer x", "header.authorization=…");
        check("https://user:pw@host/op.wasm", "https://…@host/op.wasm");
        check("https://user@host", "https://…@host");
        check("url=http://u:p@w@host:80/a", "url=http://…@host:80/a");
        check("url=http://127.0.0.1:8080/", "url=http://127.0.0.1:8080/");
        check("url=http://host:80/a@b", "url=http://host:80/a@b");
        check("url=http://host?to=a@b", "url=http://host?to=a@b");
        check("for=50ms", "for=50ms");
        check("n=1,token=a,b=2", "n=1,token=…");
        check("--side=n=1,token=a", "--side=n=1,token=…");
        check("url=http://u:p@host/,key=a", "url=http://…@host/,key=…");
        check("token=a,b=2", "token=…");
        check("tags=a,b", "tags=a,b");
        check("--seed=7", "--seed=7");
        check("-w", "-w");
        check("", "");
    }
}
