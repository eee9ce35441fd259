//! The functions of the contract and their types, as `wit/load.wit` has them.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use wit_parser::{Function, Resolve, Type, TypeDefKind};

/// The contract as this host knows it.
pub(super) const WIT: &str = include_str!("../../../wit/load.wit");

/// The names of functions and their types.
type Functions = Vec<(String, String)>;

/// The functions of an interface, such as `context`, each with its type as WIT writes it; nothing if the contract has no
/// such interface.
pub(super) fn functions(interface: &str) -> Option<&'static [(String, String)]> {
    static INTERFACES: OnceLock<BTreeMap<String, Functions>> = OnceLock::new();
    let interfaces = INTERFACES.get_or_init(|| read(WIT));
    interfaces.get(interface).map(Vec::as_slice)
}

/// All interfaces of the contract. That it can be read is seen to by a test.
fn read(text: &str) -> BTreeMap<String, Functions> {
    let mut wit = Resolve::default();
    if wit.push_str("load.wit", text).is_err() {
        return BTreeMap::new();
    }
    let interfaces = wit.interfaces.iter().filter_map(|(_, interface)| {
        let functions = interface.functions.iter();
        let functions = functions.map(|(name, function)| (name.clone(), signature(&wit, function)));
        Some((interface.name.clone()?, functions.collect()))
    });
    interfaces.collect()
}

fn signature(wit: &Resolve, function: &Function) -> String {
    let params = function
        .params
        .iter()
        .map(|param| format!("{}: {}", param.name, name_of(wit, &param.ty)));
    let result = function
        .result
        .map(|ty| format!(" -> {}", name_of(wit, &ty)))
        .unwrap_or_default();
    format!("func({}){result}", joined(params))
}

fn name_of(wit: &Resolve, ty: &Type) -> String {
    let id = match ty {
        Type::Id(id) => *id,
        Type::Bool => return "bool".to_owned(),
        Type::U8 => return "u8".to_owned(),
        Type::U16 => return "u16".to_owned(),
        Type::U32 => return "u32".to_owned(),
        Type::U64 => return "u64".to_owned(),
        Type::S8 => return "s8".to_owned(),
        Type::S16 => return "s16".to_owned(),
        Type::S32 => return "s32".to_owned(),
        Type::S64 => return "s64".to_owned(),
        Type::F32 => return "f32".to_owned(),
        Type::F64 => return "f64".to_owned(),
        Type::Char => return "char".to_owned(),
        Type::String => return "string".to_owned(),
        Type::ErrorContext => return "error-context".to_owned(),
    };
    let of = |ty: &Type| name_of(wit, ty);
    let case = |name: &str, ty: Option<Type>| match ty {
        Some(ty) => format!("{name}({})", of(&ty)),
        None => name.to_owned(),
    };
    match &wit.types[id].kind {
        TypeDefKind::Type(ty) => of(ty),
        TypeDefKind::List(ty) => format!("list<{}>", of(ty)),
        TypeDefKind::Option(ty) => format!("option<{}>", of(ty)),
        TypeDefKind::Result(result) => match (result.ok, result.err) {
            (None, None) => "result".to_owned(),
            (Some(ok), None) => format!("result<{}>", of(&ok)),
            (None, Some(err)) => format!("result<_, {}>", of(&err)),
            (Some(ok), Some(err)) => format!("result<{}, {}>", of(&ok), of(&err)),
        },
        TypeDefKind::Tuple(tuple) => format!("tuple<{}>", joined(tuple.types.iter().map(of))),
        TypeDefKind::Record(record) => {
            let fields = record.fields.iter();
            let fields = fields.map(|field| format!("{}: {}", field.name, of(&field.ty)));
            format!("record {{ {} }}", joined(fields))
        }
        TypeDefKind::Variant(variant) => {
            let cases = variant.cases.iter();
            let cases = cases.map(|one| case(&one.name, one.ty));
            format!("variant {{ {} }}", joined(cases))
        }
        TypeDefKind::Enum(cases) => {
            let names = cases.cases.iter().map(|case| case.name.clone());
            format!("enum {{ {} }}", joined(names))
        }
        other => other.as_str().to_owned(),
    }
}

fn joined(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As it was frozen.
    const FROZEN: &str = include_str!("../../../wit/frozen/load-0.1.0.wit");

    /// Everything of a file but what is said about it.
    fn without_comments(text: &str) -> Vec<&str> {
        let lines = text.lines().map(str::trim);
        lines
            .filter(|line| !line.is_empty() && !line.starts_with("//"))
            .collect()
    }

    #[test]
    fn what_was_frozen_is_there_unchanged() {
        let (frozen, now) = (read(FROZEN), read(WIT));
        assert_eq!(frozen.len(), 6);
        for (interface, functions) in frozen {
            for function in functions {
                // With the types of everything that it takes and returns, records and variants written out.
                let is_there = now[&interface].contains(&function);
                assert!(
                    is_there,
                    "{function:?} of {interface} has changed or is gone"
                );
            }
        }
        // Nothing was added since, either; the day that something is, only this goes.
        assert_eq!(without_comments(WIT), without_comments(FROZEN));
    }

    #[test]
    fn the_types_are_written_as_wit_writes_them() {
        #[track_caller]
        fn check(interface: &str, function: &str, expected: &str) {
            let functions = functions(interface).unwrap();
            let found = functions.iter().find(|(name, _)| name == function);
            assert_eq!(found.unwrap().1, expected);
        }
        check(
            "operation",
            "run",
            "func(number: u64) -> result<string, string>",
        );
        check(
            "lifecycle",
            "start",
            "func(shared: list<u8>) -> result<_, string>",
        );
        check("lifecycle", "stop", "func()");
        check(
            "context",
            "cell",
            "func(column: string) -> option<list<u8>>",
        );
        check(
            "context",
            "log",
            "func(level: enum { debug, info, warn, error }, text: string)",
        );
        check(
            "http",
            "headers-of",
            "func(response: u32) -> list<tuple<string, string>>",
        );
        assert_eq!(functions("nonsense"), None);
    }
}
