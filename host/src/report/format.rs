//! Numbers as people read them.
//!
//! Durations have three significant digits and the unit that suits them; counts are grouped by three. Groups and units
//! are set off by plain spaces: they look alike in every font and survive copying.

/// A duration: `873 ns`, `7.89 µs`, `41.2 ms`, `1.00 s`, from a minute on `2m31s`, from an hour on `1h02m`.
pub fn duration(ns: u64) -> String {
    for (unit, name, limit) in [
        (1.0, "ns", 1e3),
        (1e3, "µs", 1e3),
        (1e6, "ms", 1e3),
        (1e9, "s", 60.0),
    ] {
        let text = match unit {
            1.0 => ns.to_string(),
            unit => significant(ns as f64 / unit, 3),
        };
        if text.parse().unwrap_or(f64::INFINITY) < limit {
            return format!("{text} {name}");
        }
    }
    let seconds = round(ns, 1_000_000_000);
    if seconds < 3600 {
        return format!("{}m{:02}s", seconds / 60, seconds % 60);
    }
    let minutes = round(ns, 60_000_000_000);
    format!("{}h{:02}m", minutes / 60, minutes % 60)
}

/// A count: `3 912`.
pub fn count(count: u64) -> String {
    let digits = count.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(' ');
        }
        grouped.push(digit);
    }
    grouped
}

/// A count with what is counted: `1 call`, `2 calls`.
pub fn plural(number: u64, one: &str, many: &str) -> String {
    format!("{} {}", count(number), if number == 1 { one } else { many })
}

/// A share of 0 to 1 in percent: `97.80 %`. Only nothing is `0.00 %` and only all is `100.00 %`.
pub fn share(share: f64) -> String {
    let percent = share * 100.0;
    if percent > 0.0 && percent < 0.005 {
        "<0.01 %".to_owned()
    } else if (99.995..100.0).contains(&percent) {
        ">99.99 %".to_owned()
    } else {
        format!("{percent:.2} %")
    }
}

/// A rate, without its unit: four significant digits, from a thousand on a grouped whole number.
pub fn rate(per_s: f64) -> String {
    if per_s >= 999.95 {
        count(per_s.round() as u64)
    } else {
        significant(per_s, 4)
    }
}

/// A size in bytes: `512 B`, `1.21 KiB`, `34.0 MiB`.
pub fn bytes(bytes: u64) -> String {
    if bytes < 1024 {
        return format!("{bytes} B");
    }
    let mut scaled = bytes as f64 / 1024.0;
    let mut units = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"].into_iter();
    let mut unit = units.next().unwrap_or_default();
    for next in units {
        if scaled < 999.5 {
            break;
        }
        scaled /= 1024.0;
        unit = next;
    }
    format!("{} {unit}", significant(scaled, 3))
}

/// A percentile's name: `p50`, `p99.9`.
pub fn percentile(p: f64) -> String {
    format!("p{p}")
}

/// A number with that many significant digits, but no digit after the point is worth more than `digits` places.
fn significant(number: f64, digits: usize) -> String {
    let fixed = |decimals: usize| format!("{number:.decimals$}");
    let mut decimals = digits.saturating_sub(1);
    loop {
        let text = fixed(decimals);
        let whole = text.find('.').unwrap_or(text.len());
        if decimals == 0 || whole + decimals <= digits {
            return text;
        }
        decimals -= 1;
    }
}

fn round(ns: u64, unit: u64) -> u64 {
    ns / unit + u64::from(ns % unit >= unit / 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_three_digits_and_a_fitting_unit() {
        #[track_caller]
        fn check(ns: u64, expected: &str) {
            assert_eq!(duration(ns), expected);
        }
        check(0, "0 ns");
        check(999, "999 ns");
        check(1_000, "1.00 µs");
        check(7_893, "7.89 µs");
        check(99_960, "100 µs");
        check(999_499, "999 µs");
        check(999_500, "1.00 ms");
        check(41_249_000, "41.2 ms");
        check(1_002_976_073, "1.00 s");
        check(59_940_000_000, "59.9 s");
        check(59_960_000_000, "1m00s");
        check(150_500_000_000, "2m31s");
        check(3_599_600_000_000, "1h00m");
        check(5_400_000_000_000, "1h30m");
        check(u64::MAX, "5124095h35m");
    }

    #[test]
    fn counts_are_grouped_by_three() {
        for (number, expected) in [
            (0, "0"),
            (999, "999"),
            (1000, "1 000"),
            (3912, "3 912"),
            (48_000_000, "48 000 000"),
        ] {
            assert_eq!(count(number), expected);
        }
        assert_eq!(plural(1, "call", "calls"), "1 call");
        assert_eq!(plural(0, "call", "calls"), "0 calls");
    }

    #[test]
    fn only_nothing_is_zero_percent_and_only_all_is_a_hundred() {
        for (part, expected) in [
            (0.0, "0.00 %"),
            (0.000_01, "<0.01 %"),
            (0.000_06, "0.01 %"),
            (0.978, "97.80 %"),
            (0.999_99, ">99.99 %"),
            (1.0, "100.00 %"),
        ] {
            assert_eq!(share(part), expected);
        }
    }

    #[test]
    fn rates_have_four_digits() {
        for (per_s, expected) in [
            (0.0, "0.000"),
            (0.25, "0.250"),
            (4.024, "4.024"),
            (99.996, "100.0"),
            (402.43, "402.4"),
            (999.96, "1 000"),
            (12_345.6, "12 346"),
        ] {
            assert_eq!(rate(per_s), expected);
        }
    }

    #[test]
    fn sizes_have_three_digits_and_binary_units() {
        for (size, expected) in [
            (0, "0 B"),
            (1023, "1023 B"),
            (1024, "1.00 KiB"),
            (1_310_720, "1.25 MiB"),
            (1_048_000, "1.00 MiB"),
            (35_651_584, "34.0 MiB"),
            (u64::MAX, "16.0 EiB"),
        ] {
            assert_eq!(bytes(size), expected);
        }
    }

    #[test]
    fn percentiles_are_named_without_needless_digits() {
        assert_eq!(
            [50.0, 99.9, 99.99].map(percentile),
            ["p50", "p99.9", "p99.99"]
        );
    }
}
