//! What one virtual user does: asks for a page. The status of the answer is the tag of the call.

use gorgon_sdk::http::{self, Response};
use gorgon_sdk::{Result, context};

#[gorgon_sdk::operation]
fn run(number: u64) -> Result<Response> {
    let url = context::required("url")?;
    Ok(http::get(url).query("number", number).send()?)
}

#[cfg(test)]
mod tests {
    use gorgon_sdk::Tag;
    use gorgon_sdk::testing::Host;

    use super::*;

    #[test]
    fn the_status_of_the_page_is_the_tag() {
        let call = Host::new()
            .number(17)
            .parameter("url", "http://service/page")
            .respond(|_| 200)
            .run(|| run(17));
        assert_eq!(call.tag(), &Tag::ok("200"));
        assert_eq!(call.requests()[0].url, "http://service/page?number=17");
    }
}
