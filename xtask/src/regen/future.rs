//! The table of `__future__` features, for `pyfuture`.

use std::fmt::Write;

use anyhow::Result;
use serde::Deserialize;

use super::{Output, load_json};

#[derive(Deserialize)]
struct Feature {
    name: String,
    flag: u32,
    optional: Release,
    mandatory: Option<Release>,
}

/// As `sys.version_info`.
#[derive(Deserialize)]
struct Release(u8, u8, u8, String, u8);

impl Release {
    fn to_rust(&self) -> String {
        let Release(major, minor, micro, level, serial) = self;
        format!("Release::new({major}, {minor}, {micro}, {level:?}, {serial})")
    }
}

pub(crate) fn emit(out: &mut Output) -> Result<()> {
    let features: Vec<Feature> = load_json("future.json")?;
    let mut body = String::from(
        "use pycode::CodeFlags;\n\nuse crate::{Feature, Release};\n\n\
         /// `__future__.all_feature_names`, in its order, which is that of their appearance.\n\
         pub const FEATURES: &[Feature] = &[\n",
    );
    for feature in &features {
        let mandatory = match &feature.mandatory {
            Some(release) => format!("Some({})", release.to_rust()),
            None => "None".to_owned(),
        };
        writeln!(
            body,
            "Feature {{ name: {:?}, compiler_flag: CodeFlags({:#x}), optional: {}, mandatory: {mandatory} }},",
            feature.name,
            feature.flag,
            feature.optional.to_rust(),
        )?;
    }
    body += "];\n\n";
    for feature in features.iter().filter(|feature| feature.flag != 0) {
        writeln!(
            body,
            "/// The compiler flag of `{}`.\npub const {}: CodeFlags = CodeFlags({:#x});",
            feature.name,
            feature.name.to_uppercase(),
            feature.flag
        )?;
    }
    let doc = "The features of `__future__` and their compiler flags.";
    out.add("crates/pyfuture/src/generated/features.rs", "future.json", doc, &body)
}
