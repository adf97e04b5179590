//! Renames the source file inside of a `.pyc` and writes it back: tracebacks name it from then on.
//!
//! `cargo run -p pymarshal --example rename_file -- spam.cpython-314.pyc /usr/lib/spam.py`

use std::error::Error;
use std::fs;
use std::io::{self, Write};

use pycode::Pool;
use pymarshal::pyc;

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let (Some(path), Some(name)) = (args.next(), args.next()) else {
        return Err("usage: rename_file FILE.pyc NAME".into());
    };
    let (file, count) = renamed(&fs::read(&path)?, &name)?;
    fs::write(&path, file)?;
    writeln!(io::stdout(), "{count} code objects come from {name} now")?;
    Ok(())
}

/// The file with its source renamed, and how many code objects had its name.
fn renamed(file: &[u8], name: &str) -> Result<(Vec<u8>, usize), Box<dyn Error>> {
    let mut pool = Pool::new();
    let (header, loaded) = pyc::read(file, &mut pool)?;
    let filename = pool.name_of(name);
    let count = pool.rename_file(loaded.root, filename);
    Ok((pyc::write(header, &pool, loaded.root)?, count))
}

/// `module.renamed.pyc` is what CPython 3.14.10 wrote for `module.py` under the name `renamed/module.py`.
#[test]
fn the_file_equals_the_one_that_was_compiled_under_the_new_name() {
    let file = include_bytes!("../tests/data/module.opt-0.pyc");
    let (file, count) = renamed(file, "renamed/module.py").expect("a sound file");
    assert!(count > 5, "{count}");
    assert!(file == include_bytes!("../tests/data/module.renamed.pyc"), "the bytes differ");
}
