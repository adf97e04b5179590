//! What a shell and `man` are given: made from the description of the command line.

use std::io;

use super::{Streams, command};

/// Which shell.
#[derive(clap::Args)]
pub(crate) struct CompletionsArgs {
    #[arg(value_enum)]
    shell: clap_complete::Shell,
}

/// Which page.
#[derive(clap::Args)]
pub(crate) struct ManArgs {
    /// The page of one command
    #[arg(value_name = "COMMAND")]
    name: Option<String>,
}

pub(crate) fn completions(args: &CompletionsArgs, streams: &mut Streams<'_>) -> io::Result<u8> {
    let mut script = Vec::new();
    // Not right into the stream: this takes an error of writing for a bug.
    clap_complete::generate(args.shell, &mut command(), "pycompile", &mut script);
    streams.out.write_all(&script)?;
    Ok(0)
}

pub(crate) fn man(args: &ManArgs, streams: &mut Streams<'_>) -> io::Result<u8> {
    let mut whole = command();
    whole.build();
    let page = match &args.name {
        None => whole,
        Some(name) => match whole.find_subcommand(name) {
            Some(found) => found.clone(),
            None => {
                writeln!(streams.err, "pycompile: no command {name}")?;
                return Ok(super::USAGE_ERROR);
            }
        },
    };
    let mut text = Vec::new();
    clap_mangen::Man::new(page).render(&mut text)?;
    // What stands below the options has lines of its own, which `man` would fill.
    let text = String::from_utf8_lossy(&text).replace(".SH EXTRA\n", ".SH NOTES\n.nf\n");
    streams.out.write_all(text.as_bytes())?;
    Ok(0)
}
