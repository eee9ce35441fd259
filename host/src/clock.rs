//! The only place that reads clocks.
//!
//! Everything that is measured comes from the monotonic clock, through tokio, so that a test can pause it and a whole
//! run, guests that sleep included, takes place in virtual time. The wall clock gives labels and nothing else.

mod timer;
mod timer_fd;

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::time::Instant;

pub use self::timer::{PreciseTimer, sleep, sleep_until};

/// The present instant of the monotonic clock.
#[expect(clippy::disallowed_methods, reason = "this module is the one that may")]
pub fn now() -> Instant {
    Instant::now()
}

/// The present time of day.
#[expect(clippy::disallowed_methods, reason = "this module is the one that may")]
pub fn wall() -> SystemTime {
    SystemTime::now()
}

/// Waits on this thread, where nothing else is to go on meanwhile.
#[expect(clippy::disallowed_methods, reason = "this module is the one that may")]
pub fn pause(duration: Duration) {
    std::thread::sleep(duration);
}

/// The CPU time that all threads of this process have used together, in nanoseconds. 0 where it cannot be read, which
/// no system that gorgon runs on is known for.
#[expect(unsafe_code, reason = "one system call on a structure of our own")]
pub fn process_cpu_ns() -> u64 {
    let mut time = libc::timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    // SAFETY: the call writes a `timespec`, which `time` is.
    let read = unsafe { libc::clock_gettime(libc::CLOCK_PROCESS_CPUTIME_ID, &raw mut time) };
    if read != 0 {
        return 0;
    }
    let seconds = u64::try_from(time.tv_sec).unwrap_or(0);
    let nanos = u64::try_from(time.tv_nsec).unwrap_or(0);
    seconds.saturating_mul(1_000_000_000).saturating_add(nanos)
}

/// The clock of one run: nanoseconds since it started.
#[derive(Debug, Clone, Copy)]
pub struct RunClock {
    epoch: Instant,
}

impl RunClock {
    /// Starts the run's clock now.
    pub fn start() -> RunClock {
        RunClock { epoch: now() }
    }

    /// Nanoseconds since the start; enough for 584 years.
    pub fn now_ns(&self) -> u64 {
        self.ns_at(now())
    }

    /// The run's time at `instant`, 0 for one before the start.
    pub fn ns_at(&self, instant: Instant) -> u64 {
        u64::try_from(instant.saturating_duration_since(self.epoch).as_nanos()).unwrap_or(u64::MAX)
    }

    /// The instant that is `after` past the start, or the farthest one that can be waited for.
    pub fn instant(&self, after: Duration) -> Instant {
        later(self.epoch, after)
    }
}

/// `instant + after`; thirty years ahead where that would overflow, which no wait outlives.
pub fn later(instant: Instant, after: Duration) -> Instant {
    const FAR: Duration = Duration::from_secs(30 * 365 * 24 * 3600);
    instant.checked_add(after).unwrap_or_else(|| instant + FAR)
}

/// `2026-11-20T17:04:11.123Z`: RFC 3339, UTC, milliseconds.
pub fn rfc3339(time: SystemTime) -> String {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    let (days, rest) = (since.as_secs() / 86_400, since.as_secs() % 86_400);
    let (year, month, day) = civil_from_days(days);
    let (hour, minute, second) = (rest / 3600, rest / 60 % 60, rest % 60);
    let millis = since.subsec_millis();
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{millis:03}Z")
}

/// Milliseconds since 1970 of a time as [`rfc3339`] writes it; `None` for any other text.
pub fn millis_of_rfc3339(text: &str) -> Option<u64> {
    let number = |at: std::ops::Range<usize>| text.get(at)?.parse::<u64>().ok();
    let (year, month, day) = (number(0..4)?, number(5..7)?, number(8..10)?);
    let (hour, minute, second) = (number(11..13)?, number(14..16)?, number(17..19)?);
    let days = days_from_civil(year, month, day)?;
    let seconds = ((days * 24 + hour) * 60 + minute) * 60 + second;
    let millis = seconds * 1000 + number(20..23)?;
    // What does not come back is no date, or written in another way.
    let written = rfc3339(UNIX_EPOCH + Duration::from_millis(millis));
    (written == text).then_some(millis)
}

/// The inverse of [`civil_from_days`], by the same source.
fn days_from_civil(year: u64, month: u64, day: u64) -> Option<u64> {
    let shifted_year = year.checked_sub(u64::from(month <= 2))?;
    let (era, year_of_era) = (shifted_year / 400, shifted_year % 400);
    let month_from_march = (month + 9) % 12;
    let day_of_year = ((153 * month_from_march + 2) / 5 + day).checked_sub(1)?;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    (era * 146_097 + day_of_era).checked_sub(719_468)
}

/// Days since 1970-01-01 to a date of the Gregorian calendar: Howard Hinnant, "chrono-Compatible Low-Level Date
/// Algorithms", `civil_from_days`, for days that are not negative.
fn civil_from_days(days: u64) -> (u64, u64, u64) {
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 {
        month_from_march + 3
    } else {
        month_from_march - 9
    };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_written_as_rfc_3339() {
        #[track_caller]
        fn check(millis: u64, expected: &str) {
            assert_eq!(
                rfc3339(UNIX_EPOCH + Duration::from_millis(millis)),
                expected
            );
            assert_eq!(millis_of_rfc3339(expected), Some(millis));
        }
        check(0, "1970-01-01T00:00:00.000Z");
        check(951_782_400_000, "2000-02-29T00:00:00.000Z");
        check(1_763_658_251_123, "2025-11-20T17:04:11.123Z");
        check(4_102_444_799_999, "2099-12-31T23:59:59.999Z");
    }

    #[test]
    fn what_is_not_written_like_that_is_no_date() {
        for text in [
            "",
            "2025-11-20",
            "2025-11-20T17:04:11Z",
            "2025-02-29T00:00:00.000Z",
            "2025-13-01T00:00:00.000Z",
            "2025-00-01T00:00:00.000Z",
            "2025-11-00T00:00:00.000Z",
            "2025-11-20T24:00:00.000Z",
            "1969-12-31T23:59:59.999Z",
            "2025-11-20T17:04:11.123+01:00",
            "größe-ß-ßT17:04:11.123Z",
        ] {
            assert_eq!(millis_of_rfc3339(text), None, "{text}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn the_clock_of_a_run_counts_from_its_start() {
        let clock = RunClock::start();
        tokio::time::advance(Duration::from_millis(250)).await;
        assert_eq!(clock.now_ns(), 250_000_000);
        assert_eq!(
            clock.ns_at(clock.instant(Duration::from_secs(3))),
            3_000_000_000
        );
    }

    #[test]
    fn a_wait_that_would_overflow_is_merely_long() {
        assert!(later(now(), Duration::MAX) > now());
    }
}
