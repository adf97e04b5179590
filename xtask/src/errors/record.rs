//! `cargo xtask record`: what CPython's own tests compile.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use clap::Args;

use super::oracle::Call;
use crate::root;

/// Tests whose subject is source text, or that compile a lot of it.
const MODULES: &[&str] = &[
    "test_annotationlib",
    "test_ast",
    "test_asyncgen",
    "test_augassign",
    "test_builtin",
    "test_bytes",
    "test_call",
    "test_class",
    "test_cmd_line",
    "test_cmd_line_script",
    "test_code",
    "test_code_module",
    "test_codeop",
    "test_compile",
    "test_compileall",
    "test_compiler_assemble",
    "test_compiler_codegen",
    "test_complex",
    "test_contextlib",
    "test_coroutines",
    "test_dataclasses",
    "test_decorators",
    "test_dict",
    "test_dictcomps",
    "test_dis",
    "test_doctest",
    "test_dynamic",
    "test_enum",
    "test_eof",
    "test_except_star",
    "test_exceptions",
    "test_exception_group",
    "test_extcall",
    "test_faulthandler",
    "test_float",
    "test_flufl",
    "test_fstring",
    "test_funcattrs",
    "test_future_stmt",
    "test_generators",
    "test_genexps",
    "test_global",
    "test_grammar",
    "test_importlib",
    "test_inspect",
    "test_int",
    "test_int_literal",
    "test_keywordonlyarg",
    "test_lambda",
    "test_listcomps",
    "test_long",
    "test_metaclass",
    "test_monitoring",
    "test_named_expressions",
    "test_opcache",
    "test_opcodes",
    "test_optparse",
    "test_patma",
    "test_pdb",
    "test_peepholer",
    "test_pep646_syntax",
    "test_positional_only_arg",
    "test_pprint",
    "test_pyclbr",
    "test_pyrepl",
    "test_raise",
    "test_range",
    "test_re",
    "test_reprlib",
    "test_runpy",
    "test_scope",
    "test_set",
    "test_setcomps",
    "test_slice",
    "test_source_encoding",
    "test_str",
    "test_string_literals",
    "test_subclassinit",
    "test_super",
    "test_symtable",
    "test_syntax",
    "test_sys",
    "test_sys_settrace",
    "test_tokenize",
    "test_trace",
    "test_traceback",
    "test_tstring",
    "test_type_aliases",
    "test_type_annotations",
    "test_type_comments",
    "test_type_params",
    "test_types",
    "test_typing",
    "test_unicode_identifiers",
    "test_unittest",
    "test_unpack",
    "test_unpack_ex",
    "test_unparse",
    "test_utf8source",
    "test_warnings",
    "test_with",
    "test_yield_from",
    "test_zipimport",
];

/// Those of which nothing depends on the machine and that together take less than a minute, for the gate. (Some others
/// compile what is so deep that the size of the C stack decides.)
const QUICK_MODULES: &[&str] = &[
    "test_augassign",
    "test_codeop",
    "test_dictcomps",
    "test_eof",
    "test_except_star",
    "test_flufl",
    "test_fstring",
    "test_future_stmt",
    "test_genexps",
    "test_global",
    "test_grammar",
    "test_int_literal",
    "test_keywordonlyarg",
    "test_listcomps",
    "test_named_expressions",
    "test_patma",
    "test_pep646_syntax",
    "test_positional_only_arg",
    "test_scope",
    "test_setcomps",
    "test_string_literals",
    "test_syntax",
    "test_tstring",
    "test_type_comments",
    "test_type_params",
    "test_unicode_identifiers",
    "test_unpack_ex",
];

/// A test that takes longer is stopped; what it compiled so far counts.
const PATIENCE: Duration = Duration::from_secs(120);

/// What to record.
#[derive(Args)]
pub(crate) struct RecordOptions {
    /// The interpreter whose tests to run
    #[arg(long)]
    python: PathBuf,
    /// Only the modules that run in seconds, into a file of its own: for the gate
    #[arg(long)]
    quick: bool,
    /// Test modules to run in place of the usual ones
    modules: Vec<String>,
}

/// Where the recorded calls lie.
pub(super) fn file() -> PathBuf {
    root().join("target/record/calls.jsonl")
}

/// Where those of the quick modules lie.
pub(super) fn quick_file() -> PathBuf {
    file().with_file_name("quick.jsonl")
}

/// The calls in a file, or the recorded ones.
pub(super) fn calls(path: Option<&Path>) -> Result<Vec<Call>> {
    let path = path.map_or_else(file, Path::to_owned);
    let text = fs::read_to_string(path).context("first run `cargo xtask record`")?;
    let calls: Result<Vec<Call>, _> = text.lines().map(serde_json::from_str).collect();
    Ok(calls?)
}

/// Runs the tests and writes every call once.
pub(crate) fn run(options: &RecordOptions) -> Result<()> {
    let path = if options.quick { quick_file() } else { file() };
    let raw = path.with_extension("raw");
    fs::create_dir_all(raw.parent().context("a file lies in a folder")?)?;
    // There may be none.
    let _ = fs::remove_file(&raw);
    let usual = if options.quick { QUICK_MODULES } else { MODULES };
    let usual = || usual.iter().map(|&name| name.to_owned()).collect();
    let modules: Vec<String> = if options.modules.is_empty() { usual() } else { options.modules.clone() };
    for module in &modules {
        let before = text(&raw).map_or(0, |text| text.lines().count());
        run_module(&options.python, module, &raw)?;
        let after = text(&raw).map_or(0, |text| text.lines().count());
        println!("{:>7} calls by {module}", after - before);
    }
    let text = text(&raw)?;
    let unique: BTreeSet<Call> = text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let mut out = std::io::BufWriter::new(fs::File::create(&path)?);
    for call in &unique {
        serde_json::to_writer(&mut out, call)?;
        out.write_all(b"\n")?;
    }
    println!("{} different calls in {}", unique.len(), path.display());
    Ok(())
}

fn text(path: &Path) -> Result<String> {
    Ok(fs::read_to_string(path)?)
}

fn run_module(python: &Path, module: &str, out: &Path) -> Result<()> {
    let scratch = out.with_file_name("scratch");
    fs::create_dir_all(&scratch)?;
    let mut child = Command::new(python)
        .args(["-s", "-W", "ignore", "-c", include_str!("record.py")])
        .arg(out)
        .arg(module)
        .current_dir(&scratch)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .with_context(|| format!("cannot run {}", python.display()))?;
    let start = Instant::now();
    while child.try_wait()?.is_none() {
        if start.elapsed() > PATIENCE {
            child.kill()?;
            child.wait()?;
            break;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    Ok(())
}
