"""A cookie jar: what of RFC 6265 a flow through a site needs.

Domains, paths, ``Secure`` and ``Max-Age`` are kept as the RFC says, on the run's clock. Of
``Expires`` only the way to delete a cookie is understood, a year before 2000: a run is short. There
is no list of public suffixes: a ``Domain`` without a dot is refused, nothing more.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

# More cookies than this push the oldest out, so that a long run does not fill the sandbox.
CAPACITY = 300

_ADDRESS = re.compile(r"[0-9.]+|.*:.*")


@dataclass
class Cookie:
    """A cookie that a site has set."""

    name: str
    value: str
    domain: str
    host_only: bool
    path: str
    secure: bool = False
    expires: int | None = None

    def is_same(self, other: Cookie) -> bool:
        """Tell whether one takes the place of the other."""
        mine = (self.name, self.domain, self.path)
        return mine == (other.name, other.domain, other.path)

    def fits(self, url: SplitResult) -> bool:
        """Tell whether it is sent to this URL."""
        host = url.hostname or ""
        domain = host == self.domain if self.host_only else _domain_matches(host, self.domain)
        return domain and _path_matches(url.path, self.path) and (not self.secure or _trusted(url))


class Jar:
    """The cookies of one user, the oldest first."""

    def __init__(self) -> None:
        self.cookies: list[Cookie] = []

    def store(self, url: str, header: str, now: int) -> None:
        """Take in a ``set-cookie`` header. What is not a cookie of that site is left out."""
        cookie = parse(urlsplit(url), header, now)
        if cookie is None:
            return
        self.cookies = [other for other in self.cookies if not other.is_same(cookie)]
        if cookie.expires is None or cookie.expires > now:
            self.cookies.append(cookie)
        del self.cookies[:-CAPACITY]

    def header(self, url: str, now: int) -> str | None:
        """Return the ``cookie`` header for this URL, the longest path first (section 5.4)."""
        parts = urlsplit(url)
        self.cookies = [c for c in self.cookies if c.expires is None or now < c.expires]
        fitting = [cookie for cookie in self.cookies if cookie.fits(parts)]
        fitting.sort(key=lambda cookie: -len(cookie.path))
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in fitting) or None


def parse(url: SplitResult, header: str, now: int) -> Cookie | None:
    """Return the cookie of a header (sections 5.2 and 5.3), or None if the site may not set it."""
    first, *attributes = header.split(";")
    name, equals, value = first.partition("=")
    host = url.hostname
    if not equals or not name.strip() or not host:
        return None
    # The directory of the page (section 5.1.4).
    directory = url.path.rpartition("/")[0] or "/"
    cookie = Cookie(name.strip(), value.strip(), host, host_only=True, path=directory)
    max_age: int | None = None
    for attribute in attributes:
        key, _, value = (part.strip() for part in attribute.partition("="))
        match key.lower():
            case "domain" if value:
                cookie.domain = value.lstrip(".").lower()
                # An address or a single name has nothing below it.
                cookie.host_only = cookie.domain == host and (_is_address(host) or "." not in host)
            case "path" if value.startswith("/"):
                cookie.path = value
            case "secure":
                cookie.secure = True
            case "max-age" if re.fullmatch(r"-?[0-9]+", value):
                max_age = int(value)
            case "expires" if _is_long_ago(value):
                cookie.expires = now
    if max_age is not None:
        cookie.expires = now + max(0, max_age) * 1_000_000_000
    own = cookie.domain == host or ("." in cookie.domain and _domain_matches(host, cookie.domain))
    return cookie if own and (not cookie.secure or _trusted(url)) else None


def _domain_matches(host: str, domain: str) -> bool:
    return host == domain or (not _is_address(host) and host.endswith(f".{domain}"))


def _is_address(host: str) -> bool:
    return _ADDRESS.fullmatch(host) is not None


def _path_matches(path: str, cookie: str) -> bool:
    path = path or "/"
    return path.startswith(cookie) and (
        cookie.endswith("/") or path[len(cookie) :].startswith("/") or path == cookie
    )


def _trusted(url: SplitResult) -> bool:
    """Tell whether a ``Secure`` cookie may go there: over TLS, or to this machine."""
    host = url.hostname or ""
    return url.scheme == "https" or host in ("localhost", "::1") or host.startswith("127.")


def _is_long_ago(date: str) -> bool:
    years = re.findall(r"(?<![0-9])[0-9]{4}(?![0-9])", date)
    return any(int(year) < 2000 for year in years)
