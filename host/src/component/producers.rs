//! What made a component: the language and tools that its custom section `producers` names.

use wasmparser::{KnownCustom, Parser, Payload};

/// One entry of a `producers` section
/// (<https://github.com/WebAssembly/tool-conventions/blob/main/ProducersSection.md>).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Producer {
    /// `language`, `processed-by` or `sdk`.
    pub field: String,
    /// Such as `Rust`.
    pub name: String,
    /// Empty where the tool gave none.
    pub version: String,
}

/// All producers of a component and of the modules in it, each once. What cannot be read is left out: the section is
/// a comment, and a component with a broken one still runs.
pub fn of(bytes: &[u8]) -> Vec<Producer> {
    let mut producers = Vec::new();
    for payload in Parser::new(0).parse_all(bytes) {
        let Ok(payload) = payload else { break };
        let Payload::CustomSection(section) = payload else {
            continue;
        };
        let KnownCustom::Producers(fields) = section.as_known() else {
            continue;
        };
        for field in fields.into_iter().flatten() {
            for value in field.values.into_iter().flatten() {
                producers.push(Producer {
                    field: field.name.to_owned(),
                    name: value.name.to_owned(),
                    version: value.version.to_owned(),
                });
            }
        }
    }
    producers.sort();
    producers.dedup();
    match interpreted(bytes) {
        Some(language) => {
            producers.retain(|producer| producer.field != "language");
            producers.insert(0, language);
        }
        None => name_language(&mut producers),
    }
    producers
}

/// The language whose interpreter is in the component: what the section names is what that was written in.
fn interpreted(bytes: &[u8]) -> Option<Producer> {
    let language = |name: &str, version: &str| Producer {
        field: "language".to_owned(),
        name: name.to_owned(),
        version: version.to_owned(),
    };
    // The names of the libraries that componentize-py links, and of the modules of componentize-qjs and componentize-js.
    if let Some(after) = find(bytes, b"libpython3.") {
        let minor = after.iter().take_while(|byte| byte.is_ascii_digit());
        let minor: String = minor.map(|byte| char::from(*byte)).collect();
        return Some(language("Python", &format!("3.{minor}")));
    }
    if find(bytes, b"componentize_qjs_runtime").is_some() {
        return Some(language("JavaScript", "(QuickJS)"));
    }
    find(bytes, b"starlingmonkey")
        .or_else(|| find(bytes, b"StarlingMonkey"))
        .map(|_| language("JavaScript", "(StarlingMonkey)"))
}

/// What comes after the first place of a text.
fn find<'a>(bytes: &'a [u8], text: &[u8]) -> Option<&'a [u8]> {
    let at = bytes.windows(text.len()).position(|part| part == text)?;
    bytes.get(at + text.len()..)
}

/// Makes the language the one the operation was written in. The C library below it is no such language, and a stripped
/// file names none: then the generator of its bindings tells.
fn name_language(producers: &mut Vec<Producer>) {
    let is_language = |producer: &Producer| producer.field == "language";
    if producers
        .iter()
        .filter(|producer| is_language(producer))
        .count()
        > 1
    {
        producers.retain(|producer| !is_language(producer) || !producer.name.starts_with("C1"));
    }
    let rust = producers
        .iter()
        .any(|producer| producer.name == "wit-bindgen-rust");
    if rust && !producers.iter().any(is_language) {
        let (field, name) = ("language".to_owned(), "Rust".to_owned());
        producers.insert(
            0,
            Producer {
                field,
                name,
                version: String::new(),
            },
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tools_behind_a_component_are_told() {
        let wat = r#"(component (core module (@producers (language "Rust" "2024") (processed-by "rustc" "1.95.0"))))"#;
        let told = of(&wat::parse_str(wat).unwrap());
        let text: Vec<String> = told
            .iter()
            .map(|p| format!("{} {} {}", p.field, p.name, p.version))
            .collect();
        assert_eq!(text, ["language Rust 2024", "processed-by rustc 1.95.0"]);
        assert_eq!(of(b"not wasm"), []);
    }

    #[test]
    fn an_interpreter_says_which_language_is_interpreted() {
        #[track_caller]
        fn check(module: &str, expected: &str) {
            let section = r#"(@producers (language "Rust" "2021"))"#;
            let wat =
                format!(r#"(component (core module {section} (import "{module}" "f" (func))))"#);
            let told = of(&wat::parse_str(wat).unwrap());
            let language = format!("{} {}", told[0].name, told[0].version);
            assert_eq!(language, expected);
        }
        check("libpython3.14.so", "Python 3.14");
        check("componentize_qjs_runtime.wasm", "JavaScript (QuickJS)");
        check("env", "Rust 2021");
    }

    #[test]
    fn the_language_is_the_one_the_operation_was_written_in() {
        #[track_caller]
        fn check(section: &str, expected: &[&str]) {
            let wat = format!("(component (core module (@producers {section})))");
            let told = of(&wat::parse_str(wat).unwrap());
            let languages = told.iter().filter(|producer| producer.field == "language");
            assert_eq!(
                languages
                    .map(|producer| producer.name.as_str())
                    .collect::<Vec<_>>(),
                expected
            );
        }
        check(r#"(language "Rust" "") (language "C11" "")"#, &["Rust"]);
        check(r#"(language "C11" "")"#, &["C11"]);
        check(r#"(processed-by "wit-bindgen-rust" "0.62.0")"#, &["Rust"]);
        check(r#"(processed-by "clang" "19")"#, &[]);
    }
}
