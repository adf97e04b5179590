//! Programs in which something is so large that it compiles in another way: arguments of more than one byte and
//! more than two, long displays and calls, many locals, deep nesting, lines far apart.

use std::fmt::Write as _;

use crate::random::Random;

/// One large program.
pub(super) fn program(random: &mut Random) -> String {
    match random.below(20) {
        0 => names(random),
        1 => constants(random),
        2 => locals(random),
        3 => unbound_locals(random),
        4 | 5 => jumps(random),
        6 => displays(random),
        7 => calls(random),
        8 => chains(random),
        9 => nesting(random),
        10 => blocks(random),
        11 => strings(random),
        12 => cases(random),
        13 => line_gaps(random),
        14 => long_lines(random),
        15 => closures(random),
        16 => exceptions(random),
        17 => classes(random),
        18 => targets(random),
        _ => annotations(random),
    }
}

/// A number near one at which a size changes: mostly one byte, very rarely two.
fn size(random: &mut Random) -> usize {
    let near = |random: &mut Random, limit: usize| limit - 4 + random.below(9);
    match random.below(40) {
        0..=4 => near(random, 16),
        5..=9 => near(random, 32),
        10..=13 => near(random, 64),
        14 => near(random, 512),
        15 if random.one_in(12) => near(random, 65_536),
        _ => near(random, 256),
    }
}

fn lines(count: usize, mut line: impl FnMut(usize) -> String) -> String {
    let mut text = String::new();
    for index in 0..count {
        text.push_str(&line(index));
        text.push('\n');
    }
    text
}

fn list(count: usize, item: impl FnMut(usize) -> String) -> String {
    (0..count).map(item).collect::<Vec<_>>().join(", ")
}

/// Many names, global or attributes or imported.
fn names(random: &mut Random) -> String {
    let count = size(random);
    match random.below(4) {
        0 => lines(count, |i| format!("v{i} = w{i}")),
        1 => format!(
            "def f(o):\n  global g{}\n{}",
            count - 1,
            lines(count, |i| format!("  o.a{i}; g{i}; o.m{i}(1)"))
        ),
        2 => lines(count, |i| format!("from m{} import n{i} as k{i}", i % 7)),
        _ => format!("class C:\n{}", lines(count, |i| format!("  __n{i} = __n{}", i / 2))),
    }
}

fn constants(random: &mut Random) -> String {
    let count = size(random);
    match random.below(5) {
        0 => lines(count, |i| format!("x = {}", i + 300)),
        1 => format!("def f():\n{}", lines(count, |i| format!("  return {i}.5, 'c{i}', x"))),
        2 => lines(count, |i| format!("f({i}, ({i}, 'a'), -{i}.0)")),
        3 => format!(
            "def f():\n  for i in x:\n{}",
            lines(count, |i| format!("    y = 'n {i}'\n    g(b'{i}')"))
        ),
        _ => lines(count, |i| format!("x{} = lambda: {}", i % 5, i % 300)),
    }
}

fn locals(random: &mut Random) -> String {
    let count = size(random).min(3000);
    let last = count - 1;
    match random.below(4) {
        0 => format!("def f({}):\n  return v0 + v{last}\n", list(count, |i| format!("v{i}"))),
        1 => format!("def f():\n{}  return v{last}, v0\n", lines(count, |i| format!("  v{i} = v{}", i / 2))),
        2 => format!(
            "def f(x):\n  if x:\n{}  del v{last}\n  return v{last}\n",
            lines(count, |i| format!("    v{i} = {i}"))
        ),
        _ => format!(
            "async def f(*, {}):\n  await v{last}\n  v{last} = [v0 for v{last} in v1]\n",
            list(count, |i| format!("v{i}={i}"))
        ),
    }
}

/// More locals than the analysis of unbound ones follows bit by bit.
fn unbound_locals(random: &mut Random) -> String {
    let count = 56 + random.below(20);
    let mut text = "def f(p, q):\n".to_owned();
    for index in 0..count {
        let line = match random.below(8) {
            0 => format!("  if p: v{index} = 1"),
            1 => format!("  del v{}", index / 2),
            2 => format!("  try:\n    v{index} = p\n  except q as v{}:\n    pass", index / 3),
            3 => format!("  for v{index} in q: v{}", index / 2),
            4 => format!("  print(v{}, v{index})", index / 2),
            5 => format!("  while v{}: v{index} = v{index} + 1", index / 2),
            _ => format!("  v{index} = p"),
        };
        text.push_str(&line);
        text.push('\n');
    }
    text + &format!("  return {}\n", list(count, |i| format!("v{i}")))
}

/// Jumps forwards and backwards over much code.
fn jumps(random: &mut Random) -> String {
    // A line is some ten units of code.
    let count = size(random) / 8 + random.below(24);
    let body = lines(count, |i| format!("    x.a{} = y[{}] + z", i % 9, i % 200));
    match random.below(8) {
        0 => format!("if c:\n{body}else:\n{body}"),
        1 => format!("def f(x, y, z):\n  for i in y:\n{body}    if i: continue\n    if x: break\n"),
        2 => format!("def f(x, y, z):\n  while x:\n{body}    if i: continue\n{body}  else:\n{body}"),
        3 => format!("try:\n{body}except E as e:\n{body}finally:\n{body}"),
        4 => format!("async def f(x, y, z):\n  async with x as y:\n{body}  async for i in y:\n{body}"),
        5 => format!("def f(x, y, z):\n  with x:\n{body}    return y\n"),
        6 => format!("def f(x, y, z):\n  while 1:\n{body}    if x and y or z: break\n{body}"),
        _ => format!(
            "def f(x, y, z):\n  for i in y:\n    for j in i:\n{body}      if j: break\n    else:\n{body}      continue\n{body}"
        ),
    }
}

fn displays(random: &mut Random) -> String {
    let count = size(random);
    let item = |i: usize| match i % 3 {
        0 => format!("{i}"),
        1 => format!("'s{i}'"),
        _ => "x".to_owned(),
    };
    match random.below(10) {
        0 => format!("v = [{}]\n", list(count, item)),
        1 => format!("v = {{{}}}\n", list(count, item)),
        2 => format!("v = ({},)\n", list(count, item)),
        3 => format!("v = {{{}}}\n", list(count, |i| format!("{i}: x{}", i % 5))),
        4 => format!(
            "v = {{{}, **y, {}}}\n",
            list(count, |i| format!("'{i}': 1")),
            list(count / 2, |i| format!("y{i}: 2"))
        ),
        5 => format!("v = [{}, *x, {}]\n", list(count, |i| i.to_string()), list(count, item)),
        6 => format!("for i in [{}]: pass\n", list(count, |i| i.to_string())),
        7 => format!("x in {{{}}}\n", list(count, |i| i.to_string())),
        8 => format!("v = [{}]\n", list(count, |i| i.to_string())),
        _ => format!(
            "v = {{{}}}\nw = ({},)\n",
            list(count, |i| format!("'{i}'")),
            list(count, |i| i.to_string())
        ),
    }
}

fn calls(random: &mut Random) -> String {
    let count = size(random);
    match random.below(8) {
        0 => format!("f({})\n", list(count, |i| format!("x{}", i % 3))),
        1 => format!("f({})\n", list(count, |i| format!("k{i}=x"))),
        2 => format!("o.m({}, {})\n", list(count, |i| i.to_string()), list(14, |i| format!("k{i}={i}"))),
        3 => format!("o.m({})\n", list(count, |i| format!("k{i}={i}"))),
        4 => format!(
            "f(*a, {}, **b, {})\n",
            list(count, |i| i.to_string()),
            list(count, |i| format!("k{i}=x"))
        ),
        5 => format!(
            "class C({}, {}): pass\n",
            list(count, |i| format!("B{i}")),
            list(count, |i| format!("k{i}=x"))
        ),
        6 => format!(
            "@d({})\ndef f({}): pass\n",
            list(count, |i| i.to_string()),
            list(count, |i| format!("p{i}={i}"))
        ),
        _ => format!("super().m({})\n", list(count, |i| format!("a{i}"))),
    }
}

fn chains(random: &mut Random) -> String {
    let count = size(random).min(600);
    let join =
        |operator: &str, item: fn(usize) -> String| (0..count).map(item).collect::<Vec<_>>().join(operator);
    match random.below(8) {
        0 => format!("x = {}\n", join(" + ", |i| format!("v{}", i % 5))),
        1 => format!("x = {}\n", join(" < ", |i| format!("v{}", i % 5))),
        2 => format!("if {}: pass\n", join(" and ", |i| format!("v{}", i % 5))),
        3 => format!("while {}: pass\n", join(" or ", |i| format!("(a{i} and b)"))),
        4 => format!("x = {}\n", join(" + ", |i| i.to_string())),
        5 => format!("x = o{}\n", join("", |i| format!(".a{}()", i % 9))),
        6 => format!("x = {}0\n", join("", |i| format!("a{i} if b else "))),
        _ => format!("{}\nelse: pass\n", join("\nel", |i| format!("if x == {i}: y"))),
    }
}

fn nesting(random: &mut Random) -> String {
    let depth = match random.below(4) {
        0 => 190 + random.below(15),
        _ => 10 + random.below(60),
    };
    let around =
        |open: &str, inner: &str, close: &str| open.repeat(depth) + inner + &close.repeat(depth) + "\n";
    match random.below(9) {
        0 => around("(", "x", ")"),
        1 => around("[", "", "]"),
        2 => around("f(", "x", ")"),
        3 => around("x[", "0", "]"),
        4 => around("(lambda: ", "x", ")"),
        5 => around("[x for x in ", "y", "]"),
        6 => around("{1: ", "y", "}"),
        7 => "not ".repeat(depth) + "x\n",
        _ => "-".repeat(depth) + "x\n",
    }
}

/// Blocks within blocks, near the limit of twenty.
fn blocks(random: &mut Random) -> String {
    let depth = 4 + random.below(19);
    let mut text = "async def f(x):\n".to_owned();
    let mut closing = Vec::new();
    for level in 1..=depth {
        let indent = " ".repeat(level);
        let (header, end) = match random.below(8) {
            0 => ("while x:", ""),
            1 => ("for i in x:", "else:"),
            2 => ("with x as y:", ""),
            3 => ("async with x:", ""),
            4 => ("try:", "except E:"),
            5 => ("try:", "finally:"),
            6 => ("if x:", "else:"),
            _ => ("try:", "except* E as e:"),
        };
        writeln!(text, "{indent}{header}").expect("writing to a string");
        if !end.is_empty() {
            closing.push(format!("{indent}{end}\n{indent} x = {level}\n"));
        }
    }
    let leave = random.pick(&["pass", "return 1", "return x", "y = x", "raise", "await x"]);
    writeln!(text, "{}{leave}", " ".repeat(depth + 1)).expect("writing to a string");
    closing.into_iter().rev().for_each(|end| text.push_str(&end));
    text
}

fn strings(random: &mut Random) -> String {
    let count = size(random).min(2000);
    match random.below(6) {
        0 => format!("x = f'{}'\n", (0..count).map(|i| format!("a{{x{i}}}")).collect::<String>()),
        1 => format!("x = f'{}'\n", "{x!r:>{y}}".repeat(count)),
        2 => format!("x = t'{}'\n", "{x}b".repeat(count)),
        3 => format!("x = ({})\n", "'a' ".repeat(count)),
        4 => format!("x = '{}' % ({},)\n", "%s-".repeat(count), list(count, |i| format!("v{i}"))),
        _ => format!("x = '{}'\ny = b'{}'\n", "é".repeat(count * 20), "\\xff".repeat(count * 20)),
    }
}

fn cases(random: &mut Random) -> String {
    let count = size(random).min(600);
    let mut text = "match x:\n".to_owned();
    for index in 0..count {
        let pattern = match random.below(6) {
            0 => format!("{index}"),
            1 => format!("[{}]", list(index % 40, |i| format!("a{i}"))),
            2 => format!("{{{}, **r}}", list(index % 40 + 1, |i| format!("'k{i}': v{i}"))),
            3 => format!("C({})", list(index % 40, |i| format!("k{i}=_"))),
            4 => list(index % 20 + 2, |i| i.to_string()).replace(", ", " | "),
            _ => format!("[_, *r, {index}] if y"),
        };
        writeln!(text, " case {pattern}: z").expect("writing to a string");
    }
    text
}

/// Lines far apart, forwards and backwards.
fn line_gaps(random: &mut Random) -> String {
    let mut text = "def f(x):\n".to_owned();
    for index in 0..6 {
        let gap = match random.below(8) {
            0 => 60 + random.below(10),
            1 => 126 + random.below(5),
            2 => 2040 + random.below(20),
            3 if random.one_in(6) => 65_530 + random.below(12),
            4 => 1020 + random.below(10),
            _ => random.below(20),
        };
        let between = "\n".repeat(gap);
        let line = match random.below(4) {
            0 => format!("  x = g({between}  x, {between} {index})"),
            1 => format!("  x = [{between}y{between} for y in x{between} if y]"),
            2 => format!("  return ({between}x +{between} 1)"),
            _ => format!("  x{index} = ({between}1)"),
        };
        writeln!(text, "{line}{between}").expect("writing to a string");
    }
    text
}

/// Columns that do not fit the short forms of the line table.
fn long_lines(random: &mut Random) -> String {
    let mut text = "x = [".to_owned();
    for index in 0..5 + random.below(10) {
        let blanks = match random.below(6) {
            0 => 70 + random.below(20),
            1 => 120 + random.below(20),
            2 => 250 + random.below(10),
            3 if random.one_in(4) => 65_530 + random.below(12),
            _ => random.below(16),
        };
        let item = match random.below(4) {
            0 => format!("f({}a, é)", " ".repeat(blanks)),
            1 => format!("a{index}.b{}", "c".repeat(blanks.min(300))),
            2 => format!("'{}' + x", "é".repeat(blanks.min(300))),
            _ => format!("{}x{index}", " ".repeat(blanks)),
        };
        write!(text, "{item}, ").expect("writing to a string");
    }
    text + "]\n"
}

fn closures(random: &mut Random) -> String {
    let count = size(random).min(400);
    let assign = lines(count, |i| format!("  v{i} = {i}"));
    match random.below(3) {
        0 => format!(
            "def f():\n{assign}  def g():\n    return {}\n  return g\n",
            list(count, |i| format!("v{i}"))
        ),
        1 => format!(
            "def f({}):\n  return lambda: ({},)\n",
            list(count, |i| format!("v{i}")),
            list(count, |i| format!("v{i}"))
        ),
        _ => format!(
            "def f():\n{assign}  class C:\n    x = [{}]\n    def g(self): return __class__, {}\n",
            list(count, |i| format!("v{i}")),
            list(count / 2, |i| format!("v{i}"))
        ),
    }
}

fn exceptions(random: &mut Random) -> String {
    let count = size(random).min(300);
    let handlers = lines(count, |i| format!("  except E{i} as e:\n    x = {i}"));
    match random.below(3) {
        0 => format!("def f():\n  try:\n    y\n{handlers}"),
        1 => format!("def f():\n  try:\n    y\n{}", handlers.replace("except ", "except* ")),
        _ => format!("def f():\n{}", lines(count, |i| format!("  try:\n    x{i}\n  finally:\n    y"))),
    }
}

fn classes(random: &mut Random) -> String {
    let count = size(random).min(400);
    match random.below(3) {
        0 => {
            format!("class C:\n{}", lines(count, |i| format!("  def m{i}(self): self.a{i} = super().m{i}()")))
        }
        1 => format!(
            "class C[{}]:\n  x: T0\n  def f[U](self, a: U) -> T{}: pass\n",
            list(count, |i| format!("T{i}")),
            count - 1
        ),
        _ => lines(count, |i| format!("class C{i}: x = {i}")),
    }
}

fn targets(random: &mut Random) -> String {
    let count = size(random).min(1000);
    match random.below(4) {
        0 => format!("{} = x\n", list(count, |i| format!("v{i}"))),
        1 => format!(
            "{}, *r, {} = x\n",
            list(count.min(255), |i| format!("v{i}")),
            list(count, |i| format!("w{i}"))
        ),
        2 => format!(
            "def f():\n  {} = {}\n",
            list(count, |i| format!("v{i}")),
            list(count, |i| format!("w{i}"))
        ),
        _ => format!("with {}: pass\n", list(count.min(22), |i| format!("a{i} as b{i}"))),
    }
}

fn annotations(random: &mut Random) -> String {
    let count = size(random).min(1000);
    match random.below(4) {
        0 => lines(count, |i| format!("v{i}: T{i} = {i}")),
        1 => format!("class C:\n{}", lines(count, |i| format!("  v{i}: 'T{i}'"))),
        2 => format!("def f({}) -> R: pass\n", list(count, |i| format!("p{i}: T{i}"))),
        _ => lines(count, |i| format!("if c{}:\n  v{i}: int = 1", i % 3)),
    }
}
