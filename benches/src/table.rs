//! Tables of Markdown, and figures in them.

/// Prints a table; a figure that is not there is a dash.
pub(crate) fn print(head: &[&str], rows: &[Vec<String>]) {
    println!("| {} |", head.join(" | "));
    println!("|{}", "---|".repeat(head.len()));
    for row in rows {
        println!("| {} |", row.join(" | "));
    }
}

/// Nanoseconds in a unit that leaves three digits or so.
pub(crate) fn time(ns: impl Into<Option<u64>>) -> String {
    let Some(ns) = ns.into() else {
        return "–".to_owned();
    };
    let ns = ns as f64;
    match ns {
        ns if ns < 1e3 => format!("{ns:.0} ns"),
        ns if ns < 1e5 => format!("{:.1} µs", ns / 1e3),
        ns if ns < 1e6 => format!("{:.0} µs", ns / 1e3),
        ns if ns < 1e8 => format!("{:.1} ms", ns / 1e6),
        ns => format!("{:.0} ms", ns / 1e6),
    }
}

/// A share in per cent.
pub(crate) fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}

/// By how much a figure is over or under what it should be, in per cent.
pub(crate) fn change(figure: f64, expected: f64) -> String {
    format!("{:+.2} %", (figure / expected - 1.0) * 100.0)
}

/// Bytes in MiB.
pub(crate) fn mebibytes(bytes: u64) -> String {
    format!("{:.1} MiB", bytes as f64 / f64::from(1 << 20))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_the_unit_that_suits_them() {
        #[track_caller]
        fn check(ns: u64, shown: &str) {
            assert_eq!(time(ns), shown);
        }
        check(999, "999 ns");
        check(55_123, "55.1 µs");
        check(203_000, "203 µs");
        check(11_040_000, "11.0 ms");
        check(1_011_000_000, "1011 ms");
        assert_eq!(time(None), "–");
    }

    #[test]
    fn a_change_has_its_sign() {
        assert_eq!(change(102.0, 100.0), "+2.00 %");
        assert_eq!(change(99.0, 100.0), "-1.00 %");
    }
}
