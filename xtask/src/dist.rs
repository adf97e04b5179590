//! `cargo xtask dist`: the program as it is shipped, one static file, laid out for what it does most.
//!
//! Compiling goes through all stages for each function of a file, which is more code than the first-level cache of a
//! processor holds. So the program is built twice: once to count which way it goes while it compiles some files, and
//! once more with what was counted (profile-guided optimization). What it does stays the same.
//!
//! The C library is linked in, so that the program runs in an empty container: this takes the static archive `libc.a`, of
//! Debian's `libc6-dev` or Fedora's `glibc-static`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

use crate::process::succeed;
use crate::root;

/// The options of the command.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Folders or files to compile while counting, instead of the inputs below `golden/`
    #[arg(value_name = "DIR")]
    sources: Vec<PathBuf>,
}

/// Runs the command.
pub(crate) fn run(options: &Options) -> Result<()> {
    let toolchain = Toolchain::find()?;
    let folder = root().join("target/dist");
    let (counts, merged) = (folder.join("counts"), folder.join("counts.profdata"));
    let _ = fs::remove_dir_all(&counts);
    let counting = toolchain.build(&folder.join("counting"), &flag("-Cprofile-generate=", &counts))?;
    compile_sources(&counting, options, &folder.join("pycache"))?;
    toolchain.merge(&counts, &merged)?;
    let program = toolchain.build(&folder.join("counted"), &flag("-Cprofile-use=", &merged))?;
    ensure!(!wants_loader(&program)?, "{} is not static", program.display());
    let shipped = folder.join("pycompile");
    fs::copy(program, &shipped)?;
    println!("{}", shipped.display());
    Ok(())
}

fn flag(name: &str, path: &Path) -> String {
    format!("{name}{}", path.display())
}

/// Files that do not compile count too: their errors are found.
fn compile_sources(program: &Path, options: &Options, pycache: &Path) -> Result<()> {
    let golden = [root().join("golden")];
    let sources = if options.sources.is_empty() { &golden[..] } else { &options.sources };
    let status = Command::new(program)
        .args(["compileall", "-q", "-f"])
        .args(sources)
        .env("PYTHONPYCACHEPREFIX", pycache)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()?;
    ensure!(status.code().is_some(), "{} compiles: {status}", program.display());
    Ok(())
}

/// What builds the program.
struct Toolchain {
    /// The name of this machine, as target: so that build scripts are built without the flags.
    host: String,
    profdata: PathBuf,
}

impl Toolchain {
    fn find() -> Result<Toolchain> {
        let version = rustc(&["-vV"])?;
        let host =
            version.lines().find_map(|line| line.strip_prefix("host: ")).context("rustc has a host")?;
        let profdata = Path::new(rustc(&["--print", "sysroot"])?.trim())
            .join("lib/rustlib")
            .join(host)
            .join("bin/llvm-profdata");
        ensure!(profdata.is_file(), "no llvm-profdata: `rustup component add llvm-tools` installs it");
        Ok(Toolchain { host: host.to_owned(), profdata })
    }

    /// Builds the program, static, with one more flag for the compiler.
    fn build(&self, folder: &Path, flag: &str) -> Result<PathBuf> {
        let mut cargo = Command::new(env!("CARGO"));
        cargo
            .args(["build", "--quiet", "--release", "--package", "pycompile", "--bin", "pycompile"])
            .args(["--target", &self.host, "--target-dir"])
            .arg(folder)
            .current_dir(root())
            .env("CARGO_ENCODED_RUSTFLAGS", format!("-Ctarget-feature=+crt-static\u{1f}{flag}"));
        succeed(&mut cargo, "the program is built")?;
        Ok(folder.join(&self.host).join("release/pycompile"))
    }

    fn merge(&self, counts: &Path, merged: &Path) -> Result<()> {
        let mut merge = Command::new(&self.profdata);
        merge.arg("merge").arg("-o").arg(merged).arg(counts);
        succeed(&mut merge, "what was counted is merged")
    }
}

/// Whether an ELF file for 64 bits names a loader (`PT_INTERP`): one that needs libraries does.
fn wants_loader(program: &Path) -> Result<bool> {
    const PT_INTERP: u64 = 3;
    let bytes = fs::read(program)?;
    ensure!(bytes.starts_with(b"\x7fELF\x02\x01"), "{} is no ELF file", program.display());
    let number = |at: u64, size: usize| -> Result<u64> {
        let at = usize::try_from(at)?;
        let field = bytes.get(at..at + size).context("a cut header")?;
        Ok(field.iter().rev().fold(0, |number, &byte| number << 8 | u64::from(byte)))
    };
    // `e_phoff`, `e_phentsize`, `e_phnum`
    let (start, size, count) = (number(32, 8)?, number(54, 2)?, number(56, 2)?);
    for index in 0..count {
        if number(start + index * size, 4)? == PT_INTERP {
            return Ok(true);
        }
    }
    Ok(false)
}

fn rustc(arguments: &[&str]) -> Result<String> {
    let output =
        Command::new("rustc").args(arguments).current_dir(root()).output().context("cannot run rustc")?;
    Ok(String::from_utf8(output.stdout)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_is_linked_as_usual_wants_a_loader() {
        let this = std::env::current_exe().expect("this program");
        assert_eq!(wants_loader(&this).expect("an ELF file"), !cfg!(target_feature = "crt-static"));
    }
}
