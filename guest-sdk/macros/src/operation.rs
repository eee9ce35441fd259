//! `#[operation]`: checks the head of the function and writes the exports that call it.

use proc_macro::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};

use crate::tokens::{Cursor, Error, Result, located_at, place, quote, split_at_commas};

/// The hooks of a lifecycle, in the order of the WIT.
const HOOKS: [&str; 4] = ["setup", "teardown", "start", "stop"];

pub(crate) fn expand(arguments: TokenStream, item: TokenStream) -> Result<TokenStream> {
    let hooks = Hooks::parse(arguments)?;
    let function = Function::parse(item.clone())?;
    let template = "
        $item
        const _: () = {
            struct Operation;
            $run
            ::gorgon_sdk::__export_operation!(Operation);
            $hooks
        };
    ";
    let holes = [
        ("item", item),
        ("run", function.implementation()),
        ("hooks", hooks.implementation()),
    ];
    Ok(quote(template, Span::call_site(), &holes))
}

/// What there is to know of the user's function.
struct Function {
    name: Ident,
    /// The type of its parameter, if it has one.
    number: Option<TokenStream>,
    /// Where its return type stands, or its name where it has none.
    returns: Span,
}

impl Function {
    fn parse(item: TokenStream) -> Result<Function> {
        let mut cursor = Cursor::new(item);
        cursor.attributes();
        cursor.visibility();
        refuse_qualifiers(&mut cursor)?;
        let here = cursor.span();
        if cursor.take_word("fn").is_none() {
            return Err(Error::new(
                here,
                "`#[operation]` goes on a function: `fn run(number: u64) -> …`",
            ));
        }
        let name = cursor
            .ident()
            .ok_or_else(|| Error::new(here, "this function has no name"))?;
        if let Some(angle) = cursor.take_punct('<') {
            let message =
                "an operation cannot be generic: the host calls it with a number and nothing else";
            return Err(Error::new(angle.span(), message));
        }
        let parameters = cursor
            .take_group(Delimiter::Parenthesis)
            .ok_or_else(|| Error::new(name.span(), "this function has no list of parameters"))?;
        let number = parameter(&parameters)?;
        let arrow = cursor.take_punct('-').is_some() && cursor.take_punct('>').is_some();
        let returns = if arrow { cursor.span() } else { name.span() };
        Ok(Function {
            name,
            number,
            returns,
        })
    }

    fn implementation(self) -> TokenStream {
        let argument = self.number.map_or_else(TokenStream::new, |number| {
            // At the place of the type, for that is what an error here is about.
            quote(
                "::gorgon_sdk::__private::number::<$number>(number)",
                place(&number),
                &[("number", number)],
            )
        });
        // At the place of the return type: the compiler points at the value that has the wrong type.
        let name = located_at(TokenTree::from(self.name).into(), self.returns);
        let holes = [("name", name), ("argument", argument)];
        let tag = quote(
            "::gorgon_sdk::__private::tag($name($argument))",
            self.returns,
            &holes,
        );
        let template = "
            impl ::gorgon_sdk::__private::operation::Guest for Operation {
                fn run(number: u64) -> ::core::result::Result<::std::string::String, ::std::string::String> {
                    ::gorgon_sdk::__private::begin_call();
                    $tag
                }
            }
        ";
        quote(template, Span::call_site(), &[("tag", tag)])
    }
}

fn refuse_qualifiers(cursor: &mut Cursor) -> Result<()> {
    if let Some(word) = cursor.take_word("async") {
        let message = "an operation is not `async`: the host suspends the call while it waits, so write it as plain \
                       calls, `http::get(url).send()?`";
        return Err(Error::new(word.span(), message));
    }
    for qualifier in ["const", "unsafe", "extern"] {
        if let Some(word) = cursor.take_word(qualifier) {
            return Err(Error::new(
                word.span(),
                format!("an operation is a plain `fn`, not `{qualifier} fn`"),
            ));
        }
    }
    Ok(())
}

/// The type of the one parameter that an operation may have.
fn parameter(parameters: &Group) -> Result<Option<TokenStream>> {
    let mut list = split_at_commas(parameters.stream()).into_iter();
    let Some(first) = list.next() else {
        return Ok(None);
    };
    if let Some(second) = list.next() {
        let place = second
            .into_iter()
            .next()
            .map_or(parameters.span(), |token| token.span());
        let message = "an operation takes the number of its call and nothing else: `fn run(number: u64)`; what else \
                       it needs, it asks `gorgon_sdk::context` for";
        return Err(Error::new(place, message));
    }
    let mut cursor = Cursor::new(first);
    let here = cursor.span();
    while let Some(token) = cursor.next() {
        if matches!(&token, TokenTree::Punct(punct) if punct.as_char() == ':') {
            return Ok(Some(std::iter::from_fn(|| cursor.next()).collect()));
        }
    }
    Err(Error::new(
        here,
        "an operation is a function, not a method: `fn run(number: u64)`",
    ))
}

/// The arguments of the attribute: which function does what.
struct Hooks(Vec<(Ident, TokenStream)>);

impl Hooks {
    fn parse(arguments: TokenStream) -> Result<Hooks> {
        let mut hooks: Vec<(Ident, TokenStream)> = Vec::new();
        for argument in split_at_commas(arguments) {
            let mut cursor = Cursor::new(argument);
            let here = cursor.span();
            let known = |name: &Ident| HOOKS.contains(&name.to_string().as_str());
            let Some(name) = cursor.ident().filter(known) else {
                let message = "`#[operation]` knows `setup`, `teardown`, `start` and `stop`, each with a function: \
                               `#[operation(start = login)]`";
                return Err(Error::new(here, message));
            };
            if cursor.take_punct('=').is_none() || cursor.is_empty() {
                return Err(Error::new(
                    here,
                    format!("`{name}` needs a function: `{name} = my_function`"),
                ));
            }
            if hooks
                .iter()
                .any(|(other, _)| other.to_string() == name.to_string())
            {
                return Err(Error::new(here, format!("`{name}` is given twice")));
            }
            hooks.push((name, std::iter::from_fn(|| cursor.next()).collect()));
        }
        Ok(Hooks(hooks))
    }

    /// The implementation of the lifecycle and its export, or nothing where no hook is given.
    fn implementation(self) -> TokenStream {
        if self.0.is_empty() {
            return TokenStream::new();
        }
        let template = "
            impl ::gorgon_sdk::__private::lifecycle::Guest for Operation {
                fn setup() -> ::core::result::Result<::std::vec::Vec<u8>, ::std::string::String> { $setup }
                fn teardown(shared: ::std::vec::Vec<u8>) { $teardown }
                fn start(shared: ::std::vec::Vec<u8>) -> ::core::result::Result<(), ::std::string::String> { $start }
                fn stop() { $stop }
            }
            ::gorgon_sdk::__export_lifecycle!(Operation);
        ";
        let holes = [
            ("setup", self.call("setup", "")),
            ("teardown", self.call("teardown", "shared")),
            ("start", self.call("start", "shared")),
            ("stop", self.call("stop", "")),
        ];
        quote(template, Span::call_site(), &holes)
    }

    /// The call of the user's function for this hook, or of one that does nothing.
    fn call(&self, hook: &str, shared: &str) -> TokenStream {
        let given = self.0.iter().find(|(name, _)| name.to_string() == hook);
        let path = match given {
            Some((_, path)) => path.clone(),
            None => quote("::gorgon_sdk::__private::nothing", Span::call_site(), &[]),
        };
        let place = place(&path);
        // As one place, so that an error underlines the path and not its first word.
        let path = located_at(path, place);
        quote(
            &format!("::gorgon_sdk::__private::{hook}($path, {shared})"),
            place,
            &[("path", path)],
        )
    }
}
