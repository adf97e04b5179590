//! The edges between crates: a stage takes the output of the stage before it and the leaves, and
//! nothing reaches past its neighbour.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::{metadata, read, root, rust_files};

/// What each crate may use, besides what [`OUTSIDE`] lists. `pycompile`, `pyfuzz` and `xtask` may use all.
const ALLOWED: &[(&str, &[&str])] = &[
    ("pytoken", &[]),
    ("pyopcode", &[]),
    ("pycode", &[]),
    ("pyast", &["pycode"]),
    ("pyparser", &["pyast", "pycode", "pytoken"]),
    ("pyfuture", &["pyast", "pycode"]),
    ("pysymtable", &["pyast", "pycode", "pyfuture"]),
    ("pyinstrseq", &["pycode", "pyopcode"]),
    ("pycodegen", &["pyast", "pycode", "pyfuture", "pysymtable", "pyinstrseq", "pyopcode"]),
    ("pyflowgraph", &["pycode", "pyinstrseq", "pyopcode"]),
    ("pyassemble", &["pycode", "pyinstrseq", "pyopcode"]),
    ("pymarshal", &["pycode"]),
    ("pydis", &["pycode", "pyopcode"]),
];

/// What a stage crate may use from outside.
const OUTSIDE: &[&str] = &[
    "bumpalo",
    "num-bigint",
    "num-traits",
    "rustc-hash",
    "smallvec",
    "thiserror",
    "unicode-normalization",
    "unicode_names2",
];

/// Normal (not dev, not build) dependencies by crate.
fn dependencies() -> BTreeMap<String, BTreeSet<String>> {
    let metadata = metadata();
    let packages = metadata["packages"].as_array().expect("packages");
    packages
        .iter()
        .map(|package| {
            let name = package["name"].as_str().expect("a name").to_owned();
            let normal = package["dependencies"].as_array().expect("dependencies").iter();
            let normal = normal.filter(|d| d["kind"].is_null());
            (name, normal.map(|d| d["name"].as_str().expect("a name").to_owned()).collect())
        })
        .collect()
}

#[test]
fn stage_crates_use_only_their_neighbours() {
    let dependencies = dependencies();
    let mut wrong = Vec::new();
    for (name, allowed) in ALLOWED {
        for used in dependencies.get(*name).unwrap_or_else(|| panic!("no crate {name}")) {
            if !allowed.contains(&used.as_str()) && !OUTSIDE.contains(&used.as_str()) {
                wrong.push(format!("{name} -> {used}"));
            }
        }
    }
    assert!(wrong.is_empty(), "edges that the map does not have: {wrong:?}");
}

#[test]
fn every_crate_is_on_the_map() {
    let known: BTreeSet<&str> =
        ALLOWED.iter().map(|(name, _)| *name).chain(["pycompile", "pyfuzz", "xtask"]).collect();
    let unknown: Vec<String> =
        dependencies().into_keys().filter(|name| !known.contains(name.as_str())).collect();
    assert!(unknown.is_empty(), "crates without a place on the map: {unknown:?}");
}

/// What turns source into code.
const COMPILER: &[&str] =
    &["pyast", "pyparser", "pyfuture", "pysymtable", "pyinstrseq", "pycodegen", "pyflowgraph", "pyassemble"];

/// Who reads or writes bytecode needs no compiler: `cargo tree -p pydis` shows none, not even for its tests.
#[test]
fn reading_bytecode_needs_no_compiler() {
    let metadata = metadata();
    let packages = metadata["packages"].as_array().expect("packages");
    let name = |value: &serde_json::Value| value.as_str().expect("a name").to_owned();
    let uses: BTreeMap<String, Vec<String>> = packages
        .iter()
        .map(|package| {
            let dependencies = package["dependencies"].as_array().expect("dependencies").iter();
            (name(&package["name"]), dependencies.map(|dependency| name(&dependency["name"])).collect())
        })
        .collect();
    for root in ["pydis", "pymarshal", "pycode", "pyopcode"] {
        let (mut pending, mut reached) = (vec![root.to_owned()], BTreeSet::new());
        while let Some(package) = pending.pop() {
            pending.extend(
                uses.get(&package).into_iter().flatten().filter(|&used| !reached.contains(used)).cloned(),
            );
            reached.insert(package);
        }
        let compiler: Vec<&&str> = COMPILER.iter().filter(|&&stage| reached.contains(stage)).collect();
        assert!(compiler.is_empty(), "{root} uses {compiler:?}");
    }
}

/// A dependency that no source file of the crate names is one that nobody needs, but everybody builds.
#[test]
fn every_dependency_is_used() {
    let metadata = metadata();
    let mut unused = Vec::new();
    for package in metadata["packages"].as_array().expect("packages") {
        let text = sources_of(package);
        let words: BTreeSet<&str> = text.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
        for dependency in package["dependencies"].as_array().expect("dependencies") {
            let name = dependency["name"].as_str().expect("a name").replace('-', "_");
            if !words.contains(name.as_str()) {
                unused.push(format!("{} -> {name}", package["name"]));
            }
        }
    }
    assert!(unused.is_empty(), "dependencies that nothing names: {unused:?}");
}

/// All hand-written Rust of a package, comments left out.
fn sources_of(package: &serde_json::Value) -> String {
    let manifest = Path::new(package["manifest_path"].as_str().expect("a path"));
    let folder = manifest.parent().expect("a folder").strip_prefix(root()).expect("in the workspace");
    let files = rust_files().into_iter().filter(|path| path.starts_with(folder));
    let texts = files.map(|path| read(&path).expect("Rust is UTF-8"));
    let code = texts.map(|text| {
        let lines = text.lines().map(|line| line.split("//").next().unwrap_or(""));
        lines.collect::<Vec<_>>().join("\n")
    });
    code.collect::<Vec<_>>().join("\n")
}
