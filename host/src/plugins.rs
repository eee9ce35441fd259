//! The stock plugins: operations that are part of the binary, so that `gorgon run hash` works from any directory.

/// An operation that comes with gorgon.
#[derive(Debug, Clone, Copy)]
pub struct Plugin {
    /// What it is called on the command line.
    pub name: &'static str,
    /// What it does, in a line.
    pub description: &'static str,
    /// The component.
    pub bytes: &'static [u8],
}

/// All stock plugins, by name.
pub static ALL: &[Plugin] = include!(concat!(env!("OUT_DIR"), "/plugins.rs"));

/// The plugin of this name.
pub fn find(name: &str) -> Option<&'static Plugin> {
    ALL.iter().find(|plugin| plugin.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_documented_plugin_is_there() {
        let names: Vec<&str> = ALL.iter().map(|plugin| plugin.name).collect();
        assert_eq!(
            names,
            [
                "exit", "hash", "http", "io", "leak", "noop", "plain", "sleep", "trap", "wedge"
            ]
        );
        assert!(
            ALL.iter()
                .all(|plugin| plugin.bytes.starts_with(b"\0asm") && !plugin.description.is_empty())
        );
    }
}
