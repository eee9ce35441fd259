//! Types of the component model, written as WIT writes them.

use wasmtime::Engine;
use wasmtime::component::Type;
use wasmtime::component::types::ComponentFunc;

/// `func(number: u64) -> result<string, string>`.
pub(super) fn function(function: &ComponentFunc) -> String {
    let asynchronous = if function.async_() { "async " } else { "" };
    let params: Vec<String> = function
        .params()
        .map(|(name, ty)| format!("{name}: {}", name_of(&ty)))
        .collect();
    let results: Vec<String> = function.results().map(|ty| name_of(&ty)).collect();
    let result = if results.is_empty() {
        String::new()
    } else {
        format!(" -> {}", results.join(", "))
    };
    format!("{asynchronous}func({}){result}", params.join(", "))
}

fn name_of(ty: &Type) -> String {
    match ty {
        Type::Bool => "bool".to_owned(),
        Type::S8 => "s8".to_owned(),
        Type::U8 => "u8".to_owned(),
        Type::S16 => "s16".to_owned(),
        Type::U16 => "u16".to_owned(),
        Type::S32 => "s32".to_owned(),
        Type::U32 => "u32".to_owned(),
        Type::S64 => "s64".to_owned(),
        Type::U64 => "u64".to_owned(),
        Type::Float32 => "f32".to_owned(),
        Type::Float64 => "f64".to_owned(),
        Type::Char => "char".to_owned(),
        Type::String => "string".to_owned(),
        Type::List(list) => format!("list<{}>", name_of(&list.ty())),
        Type::Option(option) => format!("option<{}>", name_of(&option.ty())),
        Type::Result(result) => match (result.ok(), result.err()) {
            (None, None) => "result".to_owned(),
            (Some(ok), None) => format!("result<{}>", name_of(&ok)),
            (None, Some(err)) => format!("result<_, {}>", name_of(&err)),
            (Some(ok), Some(err)) => format!("result<{}, {}>", name_of(&ok), name_of(&err)),
        },
        Type::Tuple(tuple) => format!("tuple<{}>", joined(tuple.types().map(|ty| name_of(&ty)))),
        Type::Record(record) => {
            format!(
                "record {{ {} }}",
                joined(record.fields().map(|field| format!(
                    "{}: {}",
                    field.name,
                    name_of(&field.ty)
                )))
            )
        }
        Type::Variant(variant) => format!(
            "variant {{ {} }}",
            joined(variant.cases().map(|case| match case.ty {
                Some(ty) => format!("{}({})", case.name, name_of(&ty)),
                None => case.name.to_owned(),
            }))
        ),
        Type::Enum(cases) => format!("enum {{ {} }}", joined(cases.names().map(str::to_owned))),
        Type::Flags(flags) => format!("flags {{ {} }}", joined(flags.names().map(str::to_owned))),
        Type::Own(_) => "own<resource>".to_owned(),
        Type::Borrow(_) => "borrow<resource>".to_owned(),
        _ => "a type of a newer component model".to_owned(),
    }
}

fn joined(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join(", ")
}

/// What a function of an interface looks like, if `engine` knows the interface's types.
pub(super) fn functions(
    instance: &wasmtime::component::types::ComponentInstance,
    engine: &Engine,
) -> Vec<(String, ComponentFunc)> {
    use wasmtime::component::types::ComponentItem;
    instance
        .exports(engine)
        .filter_map(|(name, item)| match item.ty {
            ComponentItem::ComponentFunc(function) => Some((name.to_owned(), function)),
            _ => None,
        })
        .collect()
}
