//! Sleeps for a time and ends with `SUCCESS`: `--set for=2s`, or `500us`, `1m30s`; 50 ms without it.

use std::time::Duration;

use gorgon_sdk::{Result, clock, context};

#[gorgon_sdk::operation]
fn run() -> Result<()> {
    clock::sleep(context::parameter_or("for", Duration::from_millis(50))?);
    Ok(())
}

#[cfg(test)]
mod tests {
    use gorgon_sdk::Tag;
    use gorgon_sdk::testing::Host;

    use super::*;

    #[test]
    fn it_sleeps_as_long_as_it_is_told() {
        #[track_caller]
        fn check(host: Host, slept: Duration) {
            let call = host.run(run);
            assert_eq!((call.tag(), call.elapsed()), (&Tag::ok("SUCCESS"), slept));
        }
        check(Host::new(), Duration::from_millis(50));
        check(
            Host::new().parameter("for", "500us"),
            Duration::from_micros(500),
        );
        check(
            Host::new().parameter("for", "1m30s"),
            Duration::from_secs(90),
        );
    }

    #[test]
    fn what_is_no_duration_fails_and_is_explained_in_the_log() {
        let call = Host::new().parameter("for", "30").run(run);
        assert_eq!(call.tag(), &Tag::fail("bad-parameter:for"));
        assert!(
            call.log()[0].text.contains("`30` is not a duration"),
            "{:?}",
            call.log()
        );
    }
}
