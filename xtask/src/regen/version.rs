//! The version of CPython that everything is exact for.

use anyhow::Result;
use serde::Deserialize;

use super::{Output, load_json};

#[derive(Deserialize)]
pub(crate) struct Version {
    pub(crate) version: String,
    hexversion: u32,
    magic: u16,
    cache_tag: String,
    marshal_version: u8,
    unicode: String,
}

impl Version {
    pub(crate) fn load() -> Result<Self> {
        load_json("version.json")
    }
}

pub(crate) fn emit(v: &Version, out: &mut Output) -> Result<()> {
    let body = format!(
        "/// The version, as `platform.python_version()` gives it.\n\
         pub const PYTHON_VERSION: &str = {:?};\n\
         /// `sys.hexversion`\n\
         pub const HEX_VERSION: u32 = {:#010x};\n\
         /// The first two bytes of a `.pyc`, little-endian; `\\r\\n` follows.\n\
         pub const MAGIC_NUMBER: u16 = {};\n\
         /// `sys.implementation.cache_tag`\n\
         pub const CACHE_TAG: &str = {:?};\n\
         /// The newest marshal format, which `.pyc` files use.\n\
         pub const MARSHAL_VERSION: u8 = {};\n\
         /// The Unicode version of the character tables.\n\
         pub const UNICODE_VERSION: &str = {:?};\n",
        v.version, v.hexversion, v.magic, v.cache_tag, v.marshal_version, v.unicode
    );
    let doc = "The version of CPython that these crates are exact for.";
    out.add("crates/pycode/src/generated/version.rs", "version.json", doc, &body)
}
