//! HTTP/1.1 against servers in memory.
