//! The file: its frame, styles and scripts, and the data they show.

use std::io::{self, Write};

use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::base64;

/// A folder of files that are put into the page.
macro_rules! asset {
    ($file:literal) => {
        include_str!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/assets/report/",
            $file
        ))
    };
}

const FRAME: &str = asset!("page.html");

/// What the charts are drawn by, and under which licence.
const LICENSE: &str = asset!("vendor/LICENSE");
const CHARTS: &str = asset!("vendor/uPlot.iife.min.js");

const STYLES: [&str; 6] = [
    asset!("vendor/uPlot.min.css"),
    asset!("theme.css"),
    asset!("style.css"),
    asset!("tables.css"),
    asset!("charts.css"),
    asset!("print.css"),
];

/// The scripts of the page of a run, in the order in which they use each other.
pub(super) const RUN: [&str; 15] = [
    asset!("dom.js"),
    asset!("format.js"),
    asset!("data.js"),
    asset!("theme.js"),
    asset!("axes.js"),
    asset!("marks.js"),
    asset!("charts.js"),
    asset!("latency.js"),
    asset!("rate.js"),
    asset!("spectrum.js"),
    asset!("heat.js"),
    asset!("cards.js"),
    asset!("tables.js"),
    asset!("save.js"),
    asset!("main.js"),
];

/// The scripts of the page of a suite.
pub(super) const SUITE: [&str; 12] = [
    asset!("dom.js"),
    asset!("format.js"),
    asset!("data.js"),
    asset!("theme.js"),
    asset!("axes.js"),
    asset!("marks.js"),
    asset!("charts.js"),
    asset!("growth.js"),
    asset!("cards.js"),
    asset!("tables.js"),
    asset!("save.js"),
    asset!("suite.js"),
];

/// Writes a page that these scripts make of its data, with the documents that can be saved from it.
pub(super) fn write(
    out: &mut dyn Write,
    scripts: &[&str],
    title: &str,
    page: &impl Serialize,
    documents: &[impl Serialize],
) -> io::Result<()> {
    let style = STYLES.concat();
    let script = format!("(() => {{\n\"use strict\";\n{}}})();\n", scripts.concat());
    let policy = format!(
        "default-src 'none'; script-src {} {}; style-src {}; img-src data: blob:; base-uri 'none'; form-action 'none'",
        digest(CHARTS),
        digest(&script),
        digest(&style)
    );
    let mut islands = island("page-data", page)?;
    for (index, document) in documents.iter().enumerate() {
        islands.push_str(&island(&format!("document-{index}"), document)?);
    }
    let license = LICENSE.replace("--", "- -");
    let parts = [
        ("policy", policy.as_str()),
        ("title", &escaped(title)),
        ("license", license.trim_end()),
        ("style", &style),
        ("islands", &islands),
        ("charts", CHARTS),
        ("script", &script),
    ];
    // Each part goes where its name stands, and is not itself looked into.
    let mut rest = FRAME;
    for (name, part) in parts {
        let place = format!("{{{{{name}}}}}");
        let (before, after) = rest.split_once(&place).unwrap_or((rest, ""));
        out.write_all(before.as_bytes())?;
        out.write_all(part.as_bytes())?;
        rest = after;
    }
    out.write_all(rest.as_bytes())
}

/// What a policy calls a script or style by, as
/// [Content Security Policy Level 3](https://www.w3.org/TR/CSP3/#grammardef-hash-source) has it.
fn digest(text: &str) -> String {
    format!(
        "'sha256-{}'",
        base64::encode(&Sha256::digest(text.as_bytes()))
    )
}

/// Data in a page. What could end or change the element that it is in is escaped as JSON has it: such characters are only
/// ever within its strings.
fn island(id: &str, data: &impl Serialize) -> io::Result<String> {
    let json = serde_json::to_string(data)?;
    let mut text = String::with_capacity(json.len() + 64);
    text.push_str("<script type=\"application/json\" id=\"");
    text.push_str(id);
    text.push_str("\">");
    for c in json.chars() {
        if is_plain(c) {
            text.push(c);
        } else {
            for unit in c.encode_utf16(&mut [0; 2]) {
                text.push_str(&format!("\\u{unit:04x}"));
            }
        }
    }
    text.push_str("</script>\n");
    Ok(text)
}

/// Whether a character means nothing to HTML, and is one that HTML allows.
fn is_plain(c: char) -> bool {
    let is_noncharacter = u32::from(c) & 0xfffe == 0xfffe || ('\u{fdd0}'..='\u{fdef}').contains(&c);
    !matches!(c, '<' | '>' | '&' | '\u{2028}' | '\u{2029}') && !c.is_control() && !is_noncharacter
}

/// Text within an element.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The files of others that are in the page, as they were published.
    #[test]
    fn what_others_made_is_as_they_published_it() {
        let mut listed = asset!("vendor/SHA256SUMS").lines();
        let mut known = |text: &str, name: &str| {
            let found: String = Sha256::digest(text.as_bytes())
                .iter()
                .map(|byte| format!("{byte:02x}"))
                .collect();
            assert_eq!(listed.next(), Some(format!("{found}  {name}").as_str()));
        };
        known(LICENSE, "LICENSE");
        known(CHARTS, "uPlot.iife.min.js");
        known(STYLES[0], "uPlot.min.css");
        assert_eq!(listed.next(), None);
    }

    #[test]
    fn nothing_in_an_island_can_end_it() {
        let text = "</script><!--&\u{2028}\u{2029}\u{7f}\u{ffff}\u{10ffff}";
        let island = island("x", &text).unwrap();
        let inside = island
            .strip_prefix("<script type=\"application/json\" id=\"x\">")
            .and_then(|rest| rest.strip_suffix("</script>\n"))
            .unwrap();
        assert!(inside.is_ascii() && !inside.contains(['<', '>', '&']));
        assert_eq!(serde_json::from_str::<String>(inside).unwrap(), text);
    }

    #[test]
    fn a_policy_names_a_script_as_browsers_compute_it() {
        // Of the empty string, as RFC 6234's test programs print it, in base64.
        assert_eq!(
            digest(""),
            "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
        );
    }

    #[test]
    fn no_script_or_style_of_ours_can_end_its_element() {
        for script in RUN.into_iter().chain(SUITE).chain([CHARTS]) {
            assert!(!script.contains("</script") && !script.contains("<!--"));
        }
        assert!(STYLES.iter().all(|style| !style.contains("</style")));
    }
}
