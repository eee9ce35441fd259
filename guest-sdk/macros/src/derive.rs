//! `#[derive(Tag)]`: each variant of an enum becomes a tag.

use proc_macro::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};

use crate::tokens::{Cursor, Error, Result, quote, split_at_commas, string};

pub(crate) fn expand(item: TokenStream) -> Result<TokenStream> {
    let (name, body) = parse_enum(item)?;
    let variants: Vec<Variant> = split_at_commas(body.stream())
        .into_iter()
        .map(Variant::parse)
        .collect::<Result<_>>()?;
    if variants.is_empty() {
        return Err(Error::new(
            name.span(),
            "an enum without variants has no tags",
        ));
    }
    // As the error of a `Result` every variant fails: that is what `?` needs.
    let template = "
        impl ::gorgon_sdk::IntoTag for $name {
            fn into_tag(self) -> ::gorgon_sdk::Tag { match self { $tags } }
        }
        impl ::gorgon_sdk::IntoFailure for $name {
            fn into_failure(self) -> ::gorgon_sdk::Failure { match self { $failures } }
        }
        impl ::core::convert::From<$name> for ::gorgon_sdk::Failure {
            fn from(value: $name) -> Self { ::gorgon_sdk::IntoFailure::into_failure(value) }
        }
    ";
    let holes = [
        ("name", TokenTree::from(name).into()),
        ("tags", variants.iter().map(Variant::tag_arm).collect()),
        (
            "failures",
            variants.iter().map(Variant::failure_arm).collect(),
        ),
    ];
    Ok(quote(template, Span::call_site(), &holes))
}

fn parse_enum(item: TokenStream) -> Result<(Ident, Group)> {
    let mut cursor = Cursor::new(item);
    cursor.attributes();
    cursor.visibility();
    let here = cursor.span();
    if cursor.take_word("enum").is_none() {
        return Err(Error::new(
            here,
            "`#[derive(Tag)]` goes on an enum: each variant is a tag",
        ));
    }
    let name = cursor
        .ident()
        .ok_or_else(|| Error::new(here, "this enum has no name"))?;
    if let Some(angle) = cursor.take_punct('<') {
        return Err(Error::new(
            angle.span(),
            "an enum of tags cannot be generic",
        ));
    }
    let body = cursor
        .take_group(Delimiter::Brace)
        .ok_or_else(|| Error::new(here, "this enum has no variants"))?;
    Ok((name, body))
}

struct Variant {
    name: Ident,
    tag: String,
    fails: bool,
}

impl Variant {
    fn parse(tokens: TokenStream) -> Result<Variant> {
        let mut cursor = Cursor::new(tokens);
        let attributes = cursor.attributes();
        let here = cursor.span();
        let name = cursor
            .ident()
            .ok_or_else(|| Error::new(here, "this variant has no name"))?;
        let mut variant = Variant {
            tag: kebab_case(&name.to_string()),
            name,
            fails: false,
        };
        for attribute in attributes {
            variant.apply(attribute)?;
        }
        Ok(variant)
    }

    /// `#[tag("name")]`, `#[tag(fail)]`, `#[tag("name", fail)]`; other attributes are not ours.
    fn apply(&mut self, attribute: Group) -> Result<()> {
        let mut cursor = Cursor::new(attribute.stream());
        let Some(word) = cursor.take_word("tag") else {
            return Ok(());
        };
        let list = cursor.take_group(Delimiter::Parenthesis);
        let list = list.ok_or_else(|| Error::new(word.span(), USAGE))?;
        for argument in split_at_commas(list.stream()) {
            let mut cursor = Cursor::new(argument);
            let here = cursor.span();
            match cursor.next() {
                Some(TokenTree::Ident(ident)) if ident.to_string() == "fail" => self.fails = true,
                Some(token) => self.tag = string(&token).ok_or_else(|| Error::new(here, USAGE))?,
                None => {}
            }
            if !cursor.is_empty() {
                return Err(Error::new(here, USAGE));
            }
        }
        Ok(())
    }

    fn tag_arm(&self) -> TokenStream {
        let arm = if self.fails { "fail" } else { "ok" };
        self.arm(&format!("::gorgon_sdk::Tag::{arm}({:?})", self.tag))
    }

    fn failure_arm(&self) -> TokenStream {
        self.arm(&format!("::gorgon_sdk::Failure::new({:?})", self.tag))
    }

    /// The pattern with braces fits a variant of any shape.
    fn arm(&self, value: &str) -> TokenStream {
        let name = TokenTree::from(self.name.clone()).into();
        quote(
            &format!("Self::$name {{ .. }} => {value},"),
            Span::call_site(),
            &[("name", name)],
        )
    }
}

const USAGE: &str = "a tag is `#[tag(\"name\")]`, `#[tag(fail)]` or `#[tag(\"name\", fail)]`";

/// `SoldOut` as `sold-out`.
fn kebab_case(name: &str) -> String {
    let name = name.trim_start_matches("r#");
    let mut kebab = String::new();
    let mut before: Option<char> = None;
    let mut characters = name.chars().peekable();
    while let Some(character) = characters.next() {
        let starts_word = character.is_uppercase()
            && before.is_some_and(|before| {
                before.is_lowercase()
                    || before.is_numeric()
                    || before.is_uppercase()
                        && characters.peek().is_some_and(|next| next.is_lowercase())
            });
        if character == '_' || starts_word {
            kebab.push('-');
        }
        if character != '_' {
            kebab.extend(character.to_lowercase());
        }
        before = Some(character);
    }
    kebab
}

#[cfg(test)]
mod tests {
    use super::kebab_case;

    #[test]
    fn a_variant_is_named_in_kebab_case() {
        #[track_caller]
        fn check(variant: &str, tag: &str) {
            assert_eq!(kebab_case(variant), tag);
        }
        check("Bought", "bought");
        check("SoldOut", "sold-out");
        check("HTTPError", "http-error");
        check("Sold_out", "sold-out");
        check("Status402Paid", "status402-paid");
        check("r#Type", "type");
        check("É", "é");
    }
}
