//! Never returns from the calls whose number is a multiple of `--set every=…`: from all of them without it, from none
//! with 0. The others end with `SUCCESS`.

use std::hint::black_box;

use gorgon_sdk::{Result, context};

#[gorgon_sdk::operation]
fn run(number: u64) -> Result<()> {
    if is_due(number, context::parameter_or("every", 1)?) {
        let mut turns = 0_u64;
        loop {
            turns = black_box(turns.wrapping_add(1));
        }
    }
    Ok(())
}

fn is_due(number: u64, every: u64) -> bool {
    number.checked_rem(every) == Some(0)
}

#[cfg(test)]
mod tests {
    use gorgon_sdk::Tag;
    use gorgon_sdk::testing::Host;

    use super::*;

    #[test]
    fn the_numbers_in_between_return() {
        let call = Host::new().parameter("every", "3").run(|| run(4));
        assert_eq!(call.tag(), &Tag::ok("SUCCESS"));
    }

    #[test]
    fn multiples_are_due_and_of_zero_there_are_none() {
        let due = |every| {
            (0..7)
                .filter(|number| is_due(*number, every))
                .collect::<Vec<_>>()
        };
        assert_eq!(due(1), [0, 1, 2, 3, 4, 5, 6]);
        assert_eq!(due(3), [0, 3, 6]);
        assert_eq!(due(0), Vec::<u64>::new());
    }
}
