//! The flags that can be set, as far as settings are concerned.

/// A sub-command and its flags.
#[derive(Debug, Clone, Default)]
pub struct Command {
    /// What it is called; of the program itself, nothing.
    pub name: String,
    /// Its flags.
    pub flags: Vec<Flag>,
    /// The sub-commands below it.
    pub commands: Vec<Command>,
}

/// A flag of a sub-command.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Flag {
    /// Its long name, without the dashes.
    pub name: String,
    /// What it takes.
    pub takes: Takes,
    /// Its values are the paths of files.
    pub is_path: bool,
    /// It lets something out of the sandbox, or anybody in: what comes with a project must not set it unasked.
    pub opens: bool,
    /// Flags that it cannot be used with.
    pub conflicts: Vec<String>,
    /// Flags that say the same in another way. They may stand together where a person wrote both.
    pub alternatives: Vec<String>,
    /// Flags of which one has to be there for this one to be of any use; none where it is of use by itself.
    pub needs: Vec<String>,
}

/// What a flag takes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Takes {
    /// Nothing: it is there or not.
    Nothing,
    /// One value.
    #[default]
    Value,
    /// One value, or nothing.
    MaybeValue,
    /// As many values as one likes.
    Values,
    /// As many `NAME=VALUE` as one likes.
    Pairs,
}

impl Takes {
    /// In a file, in words.
    pub fn in_words(self) -> &'static str {
        match self {
            Takes::Nothing => "`true` or `false`",
            Takes::Value => "one value, a text or a number",
            Takes::MaybeValue => "one value, a text or a number, or `true` or `false`",
            Takes::Values => "a value, or a list of values: `[\"…\", \"…\"]`",
            Takes::Pairs => "a table: `{ name = \"value\" }`",
        }
    }
}

impl Command {
    /// The sub-command at the end of a path of names.
    pub fn at(&self, path: &[String]) -> Option<&Command> {
        path.iter()
            .try_fold(self, |command, name| command.child(name))
    }

    /// The sub-command of this name.
    pub fn child(&self, name: &str) -> Option<&Command> {
        self.commands.iter().find(|command| command.name == name)
    }

    /// The flag of this name.
    pub fn flag(&self, name: &str) -> Option<&Flag> {
        self.flags.iter().find(|flag| flag.name == name)
    }

    /// The flags of everything below it.
    pub fn all_flags(&self) -> Vec<&Flag> {
        let below = self.commands.iter().flat_map(Command::all_flags);
        self.flags.iter().chain(below).collect()
    }
}

impl Flag {
    /// Whether this and another of the same layer can only both be meant where they were written together.
    pub(super) fn excludes(&self, other: &Flag) -> bool {
        self.conflicts.contains(&other.name) || other.conflicts.contains(&self.name)
    }

    /// Whether the other says the same in another way.
    pub(super) fn is_alternative_to(&self, other: &Flag) -> bool {
        self.alternatives.contains(&other.name) || other.alternatives.contains(&self.name)
    }
}
