//! Reading and writing tokens: the few things that both macros need of a parser and of quoting.

use std::iter::Peekable;

use proc_macro::{
    Delimiter, Group, Ident, Punct, Spacing, Span, TokenStream, TokenTree, token_stream,
};

/// What is wrong with the user's code, and where.
#[derive(Debug)]
pub(crate) struct Error {
    span: Span,
    message: String,
}

pub(crate) type Result<T> = std::result::Result<T, Error>;

impl Error {
    pub(crate) fn new(span: Span, message: impl Into<String>) -> Error {
        Error {
            span,
            message: message.into(),
        }
    }

    /// `::core::compile_error! { "message" }`, every token of it at the place of the error.
    pub(crate) fn into_tokens(self) -> TokenStream {
        quote(
            &format!("::core::compile_error! {{ {:?} }}", self.message),
            self.span,
            &[],
        )
    }
}

/// A piece of Rust written by this crate, with every `$name` in it replaced by the user's tokens of that name. What is
/// written here stands at `span`; the user's tokens stay where they are.
pub(crate) fn quote(text: &str, span: Span, holes: &[(&str, TokenStream)]) -> TokenStream {
    fill(text.parse().unwrap_or_default(), span, holes)
}

fn fill(template: TokenStream, span: Span, holes: &[(&str, TokenStream)]) -> TokenStream {
    let mut output = TokenStream::new();
    let mut tokens = template.into_iter();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Punct(punct) if punct.as_char() == '$' => {
                let name = tokens.next().map(|name| name.to_string());
                let hole = holes
                    .iter()
                    .find(|(hole, _)| Some(*hole) == name.as_deref());
                output.extend(hole.map(|(_, tokens)| tokens.clone()));
            }
            TokenTree::Group(group) => {
                let mut filled = Group::new(group.delimiter(), fill(group.stream(), span, holes));
                filled.set_span(span);
                output.extend([TokenTree::from(filled)]);
            }
            mut other => {
                other.set_span(span);
                output.extend([other]);
            }
        }
    }
    output
}

/// The place of the first of these tokens, or of the macro where there are none.
pub(crate) fn place(tokens: &TokenStream) -> Span {
    tokens
        .clone()
        .into_iter()
        .next()
        .map_or_else(Span::call_site, |token| token.span())
}

/// The same tokens at another place, so that what the compiler says about them points there.
pub(crate) fn located_at(tokens: TokenStream, span: Span) -> TokenStream {
    let relocate = |mut token: TokenTree| {
        token.set_span(token.span().located_at(span));
        token
    };
    tokens.into_iter().map(relocate).collect()
}

/// The tokens of an item, one after another.
pub(crate) struct Cursor {
    tokens: Peekable<token_stream::IntoIter>,
    /// Where the last token was: the place of an error about a missing one.
    last: Span,
}

impl Cursor {
    pub(crate) fn new(tokens: TokenStream) -> Cursor {
        Cursor {
            tokens: tokens.into_iter().peekable(),
            last: Span::call_site(),
        }
    }

    pub(crate) fn next(&mut self) -> Option<TokenTree> {
        let token = self.tokens.next();
        if let Some(token) = &token {
            self.last = token.span();
        }
        token
    }

    pub(crate) fn peek(&mut self) -> Option<&TokenTree> {
        self.tokens.peek()
    }

    /// The place of the next token, or of the last one at the end.
    pub(crate) fn span(&mut self) -> Span {
        let last = self.last;
        self.peek().map_or(last, TokenTree::span)
    }

    pub(crate) fn is_empty(&mut self) -> bool {
        self.peek().is_none()
    }

    /// Takes the next token if it is this word.
    pub(crate) fn take_word(&mut self, word: &str) -> Option<Ident> {
        match self.peek() {
            Some(TokenTree::Ident(ident)) if ident.to_string() == word => self.ident(),
            _ => None,
        }
    }

    /// Takes the next token if it is an identifier.
    pub(crate) fn ident(&mut self) -> Option<Ident> {
        match self.peek() {
            Some(TokenTree::Ident(ident)) => {
                let ident = ident.clone();
                self.next();
                Some(ident)
            }
            _ => None,
        }
    }

    /// Takes the next token if it is this punctuation character.
    pub(crate) fn take_punct(&mut self, character: char) -> Option<Punct> {
        match self.peek() {
            Some(TokenTree::Punct(punct)) if punct.as_char() == character => {
                let punct = punct.clone();
                self.next();
                Some(punct)
            }
            _ => None,
        }
    }

    /// Takes the next token if it is a group in these delimiters.
    pub(crate) fn take_group(&mut self, delimiter: Delimiter) -> Option<Group> {
        match self.peek() {
            Some(TokenTree::Group(group)) if group.delimiter() == delimiter => {
                let group = group.clone();
                self.next();
                Some(group)
            }
            _ => None,
        }
    }

    /// Takes `#[…]` as often as it comes, and returns what stands in the brackets.
    pub(crate) fn attributes(&mut self) -> Vec<Group> {
        let mut attributes = Vec::new();
        while self.take_punct('#').is_some() {
            attributes.extend(self.take_group(Delimiter::Bracket));
        }
        attributes
    }

    /// Takes `pub`, `pub(crate)` and the like.
    pub(crate) fn visibility(&mut self) {
        if self.take_word("pub").is_some() {
            self.take_group(Delimiter::Parenthesis);
        }
    }
}

/// Splits at the commas that stand outside of `<…>`. A trailing comma makes no empty part.
pub(crate) fn split_at_commas(tokens: TokenStream) -> Vec<TokenStream> {
    let mut parts = vec![Vec::new()];
    let mut depth = 0_usize;
    let mut after_minus = false;
    for token in tokens {
        let mut minus = false;
        if let TokenTree::Punct(punct) = &token {
            match punct.as_char() {
                '<' => depth += 1,
                '>' if !after_minus => depth = depth.saturating_sub(1),
                ',' if depth == 0 => {
                    parts.push(Vec::new());
                    continue;
                }
                '-' => minus = punct.spacing() == Spacing::Joint,
                _ => {}
            }
        }
        after_minus = minus;
        if let Some(part) = parts.last_mut() {
            part.push(token);
        }
    }
    parts
        .into_iter()
        .filter(|part| !part.is_empty())
        .map(TokenStream::from_iter)
        .collect()
}

/// The text of a string literal, or nothing where the token is something else.
pub(crate) fn string(token: &TokenTree) -> Option<String> {
    let TokenTree::Literal(literal) = token else {
        return None;
    };
    let text = literal.to_string();
    let text = text.strip_prefix('"')?.strip_suffix('"')?;
    // An escape would need a parser of its own, for a tag that nobody writes.
    (!text.contains('\\')).then(|| text.to_owned())
}
