//! What README.md shows is what the program prints.
//!
//! * In a block marked `console`, a line that begins with `$ ` is run by a shell; the lines below it are what it
//!   prints, standard error included. The lines of all blocks run one after the other in one folder, in which `golden`
//!   is that of the repository.
//! * A `cargo run --release -- ...` in a block marked `sh` is run as `pycompile ...`; if a block marked `text` comes
//!   next, that is what it prints.
//!
//! Seconds in reports for machines are not compared. With `PYCOMPILE_README_WRITE=1` the outputs are written anew: only
//! look at them well then, as nobody else does.

use std::fs;
use std::path::Path;
use std::process::Command;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// A folder for the commands, with the program and the golden files.
struct Stage {
    folder: tempfile::TempDir,
    programs: tempfile::TempDir,
}

impl Stage {
    fn new() -> Stage {
        let stage = Stage {
            folder: tempfile::tempdir().expect("a temporary folder"),
            programs: tempfile::tempdir().expect("a temporary folder"),
        };
        let link = |target: &Path, link: &Path| std::os::unix::fs::symlink(target, link).expect("a link");
        link(Path::new(env!("CARGO_BIN_EXE_pycompile")), &stage.programs.path().join("pycompile"));
        let golden = fs::canonicalize(Path::new(ROOT).join("golden")).expect("golden files");
        link(&golden, &stage.folder.path().join("golden"));
        stage
    }

    /// What a command prints on both streams.
    fn run(&self, command: &str) -> String {
        let path = std::env::var("PATH").unwrap_or_default();
        let output = Command::new("sh")
            .args(["-c", &format!("exec 2>&1\n{command}")])
            .current_dir(self.folder.path())
            .env("PATH", format!("{}:{path}", self.programs.path().display()))
            .env_remove("SOURCE_DATE_EPOCH")
            .env_remove("PYTHONPYCACHEPREFIX")
            .env_remove("PYTHONWARNINGS")
            .env_remove("PYTHONOPTIMIZE")
            .env("TZ", "UTC")
            .output()
            .expect("a shell");
        String::from_utf8(output.stdout).expect("the program prints UTF-8")
    }
}

/// A block of the text: its mark, the number of its first line, and its lines.
struct Block<'t> {
    mark: &'t str,
    first: usize,
    lines: Vec<&'t str>,
}

fn blocks(text: &str) -> Vec<Block<'_>> {
    let mut blocks: Vec<Block<'_>> = Vec::new();
    let mut inside = false;
    for (index, line) in text.lines().enumerate() {
        match line.strip_prefix("```") {
            Some(mark) if !inside => {
                blocks.push(Block { mark, first: index + 1, lines: Vec::new() });
                inside = true;
            }
            Some(_) => inside = false,
            None if inside => blocks.last_mut().expect("a block has begun").lines.push(line),
            None => {}
        }
    }
    blocks
}

/// A command with the lines that are shown below it: their range in the text.
struct Shown {
    command: String,
    output: std::ops::Range<usize>,
}

fn shown(blocks: &[Block<'_>]) -> Vec<Shown> {
    let mut found = Vec::new();
    for (index, block) in blocks.iter().enumerate() {
        let end = block.first + block.lines.len();
        if block.mark == "console" {
            let at = |line: &&str| line.starts_with("$ ");
            let mut starts: Vec<usize> =
                (0..block.lines.len()).filter(|&i| at(&block.lines[i])).map(|i| block.first + i).collect();
            starts.push(end);
            found.extend(starts.windows(2).map(|pair| Shown {
                command: block.lines[pair[0] - block.first][2..].to_owned(),
                output: pair[0] + 1..pair[1],
            }));
        }
        if let (["sh"], [only]) = ([block.mark], &block.lines[..])
            && let Some(arguments) = only.strip_prefix("cargo run --release -- ")
            && let Some(next) = blocks.get(index + 1).filter(|next| next.mark == "text")
        {
            let output = next.first..next.first + next.lines.len();
            found.push(Shown { command: format!("pycompile {arguments}"), output });
        }
    }
    found
}

/// A line without what no two runs, or no two versions of the program, have in common: times and addresses.
fn comparable(line: &str) -> String {
    let seconds =
        without_number(line, "\"seconds\":", |c| c.is_ascii_digit() || matches!(c, '.' | 'e' | '-'));
    without_number(&seconds, " at 0x", |c| c.is_ascii_hexdigit())
}

/// A line with a zero for each number behind such a mark.
fn without_number(line: &str, mark: &str, is_digit: impl Fn(char) -> bool) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some((before, after)) = rest.split_once(mark) {
        out.extend([before, mark, "0"]);
        rest = after.trim_start_matches(&is_digit);
    }
    out + rest
}

#[test]
fn the_readme_shows_what_the_program_prints() {
    let path = Path::new(ROOT).join("README.md");
    let text = fs::read_to_string(&path).expect("README.md");
    let lines: Vec<&str> = text.lines().collect();
    let stage = Stage::new();
    let mut written: Vec<String> = Vec::new();
    let (mut next, mut wrong) = (0, Vec::new());
    for Shown { command, output } in shown(&blocks(&text)) {
        let printed = stage.run(&command);
        let same =
            printed.lines().map(comparable).eq(lines[output.clone()].iter().map(|line| comparable(line)));
        if !same {
            wrong.push(format!("$ {command}\n{printed}"));
        }
        written.extend(lines[next..output.start].iter().map(|&line| line.to_owned()));
        written.extend(printed.lines().map(str::to_owned));
        next = output.end;
    }
    written.extend(lines[next..].iter().map(|&line| line.to_owned()));
    if std::env::var_os("PYCOMPILE_README_WRITE").is_some() {
        fs::write(path, written.join("\n") + "\n").expect("README.md is written");
        return;
    }
    assert!(wrong.is_empty(), "README.md shows something else than:\n{}", wrong.join("\n"));
}

#[test]
fn the_readme_shows_every_command() {
    let text = fs::read_to_string(Path::new(ROOT).join("README.md")).expect("README.md");
    let commands: Vec<String> = shown(&blocks(&text)).into_iter().map(|shown| shown.command).collect();
    let help = Stage::new().run("pycompile --help");
    let (_, rest) = help.split_once("Commands:\n").expect("a list of commands");
    let names = rest.lines().map_while(|line| line.strip_prefix("  ")?.split_whitespace().next());
    for name in names.filter(|name| *name != "help") {
        let calls = [format!("pycompile {name}"), format!("pycompile -m {name}")];
        assert!(
            commands.iter().any(|command| calls.iter().any(|call| command.contains(call.as_str()))),
            "README.md does not show {name}"
        );
    }
}
