//! Where an operation comes from: a file, standard input, an address, or the stock plugins.

mod fetch;
pub(crate) mod near;

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use crate::component::kind::FILE_BYTES_MAX;
use crate::error::{Error, Exit, Result};
use crate::plugins;
use crate::redact;

pub use self::fetch::Trust;
use self::fetch::fetch;
use self::near::near;

/// The bytes of an operation and the name a person knows it by.
#[derive(Debug)]
pub struct Source {
    /// A path, an address, or the name of a stock plugin.
    pub name: String,
    /// The file.
    pub bytes: Vec<u8>,
}

/// Reads the operation that `operation` names: `https://…` is fetched, `-` is standard input, what has a `/` in it or ends
/// in `.wasm` is a file, and anything else a stock plugin.
///
/// # Errors
/// It is not there, cannot be read, or is larger than 64 MiB.
pub fn read(operation: &str, trust: &Trust<'_>) -> Result<Source> {
    if operation.is_empty() {
        return Err(
            Error::new(Exit::Usage, "the name of the operation is empty")
                .hint("`gorgon list` shows the stock plugins"),
        );
    }
    let scheme = operation
        .split_once("://")
        .map(|(scheme, _)| scheme.to_ascii_lowercase());
    let bytes = if let Some(scheme) = scheme {
        if scheme != "https" && scheme != "http" {
            return Err(Error::new(
                Exit::Usage,
                format!("`{}://` cannot be fetched", scheme.escape_debug()),
            )
            .hint("an operation comes from a path, `https://…`, or the stock plugins"));
        }
        fetch(operation, trust)?
    } else if operation == "-" {
        bounded(operation, io::stdin().lock())?
    } else if operation.contains('/')
        || operation.ends_with(".wasm")
        || Path::new(operation).is_file()
    {
        file(operation)?
    } else {
        plugin(operation)?.to_vec()
    };
    Ok(Source {
        // It is told in every message and in the report.
        name: redact::address(operation),
        bytes,
    })
}

fn plugin(name: &str) -> Result<&'static [u8]> {
    if let Some(plugin) = plugins::find(name) {
        return Ok(plugin.bytes);
    }
    let names: Vec<&str> = plugins::ALL.iter().map(|plugin| plugin.name).collect();
    let error = Error::new(
        Exit::NoInput,
        format!("there is no stock plugin `{}`", name.escape_debug()),
    );
    let error = match near(name, names.iter().copied()) {
        Some(near) => error.hint(format!("did you mean `{near}`?")),
        None => error.hint(format!("stock plugins: {}", names.join(", "))),
    };
    Err(error.hint(format!(
        "a file is given by its path: `./{}` or `*.wasm`",
        name.escape_debug()
    )))
}

fn file(path: &str) -> Result<Vec<u8>> {
    let cannot = |cause: &io::Error| {
        let error = Error::new(
            Exit::NoInput,
            format!("cannot read `{}`", path.escape_debug()),
        )
        .caused_by(cause);
        match cause.kind() {
            io::ErrorKind::NotFound => {
                let plugin = path.strip_suffix(".wasm").and_then(plugins::find);
                let plugin = plugin.map(|plugin| format!("`{}`, the stock plugin", plugin.name));
                let files = similar_files(path).into_iter();
                let near = files.map(|near| format!("`{near}`")).chain(plugin);
                near.fold(error, |error, near| {
                    error.hint(format!("did you mean {near}?"))
                })
            }
            io::ErrorKind::PermissionDenied => error.hint("make it readable: `chmod +r`"),
            io::ErrorKind::IsADirectory => {
                error.hint("give the `.wasm` file that the build made in it")
            }
            _ => error,
        }
    };
    let file = File::open(path).map_err(|cause| cannot(&cause))?;
    if file.metadata().is_ok_and(|metadata| metadata.is_dir()) {
        return Err(cannot(&io::Error::from(io::ErrorKind::IsADirectory)));
    }
    bounded(path, file)
}

/// Reads everything, but never more than an operation may have.
fn bounded(name: &str, reader: impl Read) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let read = reader.take(FILE_BYTES_MAX + 1).read_to_end(&mut bytes);
    read.map_err(|cause| {
        Error::new(
            Exit::NoInput,
            format!("cannot read `{}`", name.escape_debug()),
        )
        .caused_by(&cause)
    })?;
    if bytes.len() as u64 > FILE_BYTES_MAX {
        return Err(Error::new(
            Exit::Unusable,
            format!("`{}` is larger than 64 MiB", name.escape_debug()),
        )
        .hint("strip its debug information: `wasm-tools strip op.wasm -o small.wasm`")
        .hint("in Python, everything that is imported is in it: import fewer packages"));
    }
    Ok(bytes)
}

/// Files near `path` that were perhaps meant: the same name in cargo's output folders, or a name like it beside it.
fn similar_files(path: &str) -> Vec<String> {
    let path = Path::new(path);
    let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
        return Vec::new();
    };
    let built = ["target/wasm32-wasip2/release", "target/wasm32-wasip2/debug"];
    let built = built
        .iter()
        .map(|folder| Path::new(folder).join(name))
        .find(|candidate| candidate.is_file());
    if let Some(built) = built {
        return vec![built.display().to_string()];
    }
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let names: Vec<String> = entries
        .flatten()
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect();
    let name = name.trim_end_matches(".wasm");
    let wasm = names
        .iter()
        .map(String::as_str)
        .filter_map(|name| name.strip_suffix(".wasm"));
    near(name, wasm)
        .map(|near| folder.join(format!("{near}.wasm")).display().to_string())
        .into_iter()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_named_with_what_was_perhaps_meant() {
        let error = read("hashh", &Trust::default()).unwrap_err();
        assert_eq!(error.exit(), Exit::NoInput);
        assert!(error.hints()[0].contains("`hash`"), "{error:?}");
        let error = read("hash.wasm", &Trust::default()).unwrap_err();
        assert_eq!(error.hints(), ["did you mean `hash`, the stock plugin?"]);
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("checkout.wasm"), b"").unwrap();
        let error = read(
            folder.path().join("chekout.wasm").to_str().unwrap(),
            &Trust::default(),
        )
        .unwrap_err();
        assert!(error.hints()[0].contains("checkout.wasm"), "{error:?}");
        let error = read(&format!("{}/", folder.path().display()), &Trust::default()).unwrap_err();
        assert!(error.causes()[0].contains("directory"), "{error:?}");
    }

    #[test]
    fn an_endless_file_is_read_up_to_the_limit() {
        let error = read("/dev/zero", &Trust::default()).unwrap_err();
        assert_eq!(error.exit(), Exit::Unusable);
        assert!(error.what().contains("64 MiB"));
    }
}
