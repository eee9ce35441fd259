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
    producers
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
}
