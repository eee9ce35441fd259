//! The committed bindings are what wit-bindgen makes of `wit/` today.
//!
//! They are committed so that a user's first build neither parses WIT nor compiles a generator. After a change to the
//! WIT, `UPDATE=1 cargo test -p gorgon-sdk --test bindings` writes them anew.
//!
//! There are two files because a component must not export a lifecycle that it does not have: `op.rs` is the world
//! `op`, `lifecycle.rs` the one export that `op-full` adds. The linker joins the two worlds of an operation that uses
//! both; a test below holds that sum against `op-full`.

use std::collections::BTreeSet;
use std::error::Error;
use std::path::{Path, PathBuf};

use wit_bindgen_core::wit_parser::{Resolve, WorldId};
use wit_bindgen_core::{Files, WorldGenerator};
use wit_bindgen_rust::Opts;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

const LIFECYCLE: &str = "package gorgon:sdk;
world lifecycle { export gorgon:load/lifecycle@0.1.0; }";

#[test]
fn the_bindings_of_an_operation_are_current() -> Result<()> {
    let (resolve, op, ..) = worlds()?;
    check(resolve, op, "op.rs", "__export_op")
}

#[test]
fn the_bindings_of_a_lifecycle_are_current() -> Result<()> {
    let (resolve, _, lifecycle, _) = worlds()?;
    check(resolve, lifecycle, "lifecycle.rs", "__export_lifecycle")
}

#[test]
fn an_operation_and_a_lifecycle_together_are_the_full_world() -> Result<()> {
    let (resolve, op, lifecycle, full) = worlds()?;
    let mut sum = exports(&resolve, op);
    sum.extend(exports(&resolve, lifecycle));
    assert_eq!(sum, exports(&resolve, full));
    assert_eq!(imports(&resolve, op), imports(&resolve, full));
    Ok(())
}

#[track_caller]
fn check(resolve: Resolve, world: WorldId, file: &str, export_macro: &str) -> Result<()> {
    let generated = generate(resolve, world, export_macro)?;
    let path = package().join("src/bindings").join(file);
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &generated)?;
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == generated,
        "`{}` is not what wit-bindgen makes of the WIT: UPDATE=1 writes it anew",
        path.display()
    );
    Ok(())
}

fn generate(mut resolve: Resolve, world: WorldId, export_macro: &str) -> Result<String> {
    let options = Opts {
        format: true,
        pub_export_macro: true,
        generate_unused_types: true,
        export_macro_name: Some(export_macro.into()),
        ..Opts::default()
    };
    let mut files = Files::default();
    options.build().generate(&mut resolve, world, &mut files)?;
    let (_, contents) = files.iter().next().ok_or("wit-bindgen wrote no file")?;
    Ok(String::from_utf8(contents.to_vec())?)
}

/// Everything there is to generate from, and the worlds `op`, `lifecycle` and `op-full` in it.
fn worlds() -> Result<(Resolve, WorldId, WorldId, WorldId)> {
    let mut resolve = Resolve::default();
    let (load, _) = resolve.push_path(package().join("wit"))?;
    let sdk = resolve.push_str("lifecycle.wit", LIFECYCLE)?;
    let op = resolve.select_world(&[load], Some("op"))?;
    let lifecycle = resolve.select_world(&[sdk], Some("lifecycle"))?;
    let full = resolve.select_world(&[load], Some("op-full"))?;
    Ok((resolve, op, lifecycle, full))
}

fn imports(resolve: &Resolve, world: WorldId) -> BTreeSet<String> {
    resolve.worlds[world]
        .imports
        .keys()
        .map(|key| resolve.name_world_key(key))
        .collect()
}

fn exports(resolve: &Resolve, world: WorldId) -> BTreeSet<String> {
    resolve.worlds[world]
        .exports
        .keys()
        .map(|key| resolve.name_world_key(key))
        .collect()
}

fn package() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).into()
}
