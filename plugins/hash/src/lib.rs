//! Pure computation: SHA-512 over `TEXT <number>`, 4000 times into one hasher, as in the Python tool of this name.
//!
//! Ends with `SUCCESS`, and every fifth number with a failing `FAIL`. `--set text=…` hashes another text.

use std::hint::black_box;

use gorgon_sdk::{Tag, context};
use sha2::{Digest, Sha512};

const ROUNDS: u32 = 4000;

#[gorgon_sdk::operation]
fn run(number: u64) -> Tag {
    let text = context::parameter("text").unwrap_or_else(|| "TEXT".into());
    // Nobody reads the digest, and what nobody reads is not computed.
    black_box(digest(&text, number));
    if number.is_multiple_of(5) {
        Tag::fail("FAIL")
    } else {
        Tag::ok("SUCCESS")
    }
}

/// The digest in hexadecimal.
fn digest(text: &str, number: u64) -> String {
    let line = format!("{text} {number}");
    let mut hasher = Sha512::new();
    for _ in 0..ROUNDS {
        hasher.update(black_box(line.as_bytes()));
    }
    hasher
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use gorgon_sdk::testing::Host;

    use super::*;

    /// From Python: `h = sha512()`, 4000 times `h.update(f"TEXT {n}".encode())`, `h.hexdigest()`.
    const DIGESTS: [&str; 10] = [
        "31be2dbe02d3f0e3e8ae6f5b110058dbbed3cb4e3da472d343e4675b5664b50705c3d027891571299bee7c8cba6ec57ff0cb3134b81e66561792402676846839",
        "95c63ecce8ce1fb06443a1b1ce4a547ae4a01cecfa298ab760447044d4b9abbb4f6988ac8ac2dffe41a3365fce4a385d8d63cf899b5da69031210ea3dd2f991a",
        "9d8510dc3e0a203dd9baed1a4a428c883e8ed127b0371d6bf707fe0212701d9d20d20223f8ae45b4957026626080cb26525562121aff48da8990f070ebdf44d5",
        "f52ebfc35078ac6c2a3f4d04ad3c5b9c4f19f265dbe719bad30d41cb8634a42715210ce4f17568bf8f984566354907567b5173a4916fa279028501347a123fd7",
        "745e308dca5f6448fbaa28e6de7f4e04de2d76cddc0f494692330ec9b6caaa03e21de580d5627cf6590d696dd9af056235972566cb4ab05e5b04ad481185356b",
        "754c7b65194db97e650680e0be6bb0037abdebc09ae08f1c56febd6e06378a58c39590e9ba8e0b3d376ca76cb44d88a29eb94ca58e7fad64a32d55f947942e82",
        "8d68a76b297620f54e2302bf3b83e2a49389ec2989a5e2c23d1b2d00e9d7fadce802123222b6b90c25f7dbe4b069bf9c556747ea622bb2d04176d844e95d2e81",
        "28ffbdd584b2122ba0d308fcd54a2a6eb7685c9662d495f5d33ad9b3738e816c72ab7ec407eb227e37dbf3c4be68c8be31a71ffb78c36b783f0c493f55a00ce5",
        "ae575a07e75baf25f08342275e3394e04ba202b5ee847d80a3e54140daab11bf427fb8f8bf1e0f60ca7833c13893ea78c03c6a209b9d5375b176e9598d11dec4",
        "2ab4107927a3a8c8e009fad2c0e27972ca9a6ab60c688d4c56b23d77bcd4651f64b0ddd5b560b5ddae7e88fb30a1064287408bf570a4762fc2819670feb4cac2",
    ];

    #[test]
    fn the_digests_are_those_of_hashlib() {
        for (number, expected) in (0..).zip(DIGESTS) {
            assert_eq!(digest("TEXT", number), expected, "{number}");
        }
    }

    #[test]
    fn every_fifth_number_fails() {
        let tags: Vec<Tag> = (0..10)
            .map(|number| Host::new().run(|| run(number)).tag().clone())
            .collect();
        for (number, tag) in tags.into_iter().enumerate() {
            let expected = if number % 5 == 0 {
                Tag::fail("FAIL")
            } else {
                Tag::ok("SUCCESS")
            };
            assert_eq!(tag, expected, "{number}");
        }
    }
}
