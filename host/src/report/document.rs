//! What the documents for programs have in common: how they are written, and their schemas.

use std::io;

use schemars::JsonSchema;
use serde::Serialize;

/// Writes a document as JSON for people to read too, with a line end.
pub(super) fn write(out: &mut dyn io::Write, document: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, document).map_err(io::Error::from)?;
    writeln!(out)
}

/// The JSON Schema of what is written of a type, draft 2020-12.
pub(super) fn schema<T: JsonSchema>() -> serde_json::Value {
    let settings = schemars::generate::SchemaSettings::draft2020_12().for_serialize();
    let generator = settings.into_generator();
    generator.into_root_schema_for::<T>().to_value()
}
