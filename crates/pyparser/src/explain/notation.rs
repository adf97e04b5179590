//! The notation that the files in `explain/grammar` are written in.
//!
//! ```text
//! rule_name {memo}                   # or {left}, or nothing
//!     / 'if' test:expression ':'     # alternatives, tried in order; a line indented deeper goes on
//!         when since(feature)        # conditions on a match
//!         -> Name(test)              # what a match gives: a node, a capture, or `raise message(captures)`
//! ```
//!
//! | item | matches |
//! |---|---|
//! | `'x'` | that operator, delimiter or keyword |
//! | `"x"` | a name with that text: a soft keyword |
//! | `NAME` | a token of that kind (`SOFT_KEYWORD`: any soft keyword) |
//! | `x` | what the rule matches |
//! | `( a b / c )` | a group |
//! | `x?` `x*` `x+` | optional; any number; at least one |
//! | `x % y` | at least one `x`, with `y` between them |
//! | `&x` `!x` | nothing, but an `x` (no `x`) must follow |
//! | `&&x` | an `x`, whose absence is an error at once |
//! | `~` | nothing; no other alternative is tried from here on |
//!
//! The grammar is a constant of this crate: what is wrong with it is a bug, and panics with the line.

/// How a rule is remembered.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Memory {
    /// Not at all.
    None,
    /// Its result at a token is kept.
    Memo,
    /// It is left-recursive: its result at a token is kept and grown.
    Left,
}

/// A rule as written.
#[derive(Debug)]
pub(super) struct RuleText {
    pub(super) name: &'static str,
    pub(super) memory: Memory,
    pub(super) alternatives: Vec<AlternativeText>,
}

/// An alternative as written.
#[derive(Debug)]
pub(super) struct AlternativeText {
    pub(super) items: Vec<ItemText>,
    pub(super) conditions: Vec<CallText>,
    pub(super) result: ResultText,
}

/// What a match gives.
#[derive(Debug)]
pub(super) enum ResultText {
    /// The value of the only item, if there is only one.
    Default,
    /// The value of an item.
    Capture(&'static str),
    /// A node.
    Node(CallText),
    /// An error.
    Raise(CallText),
}

/// A name and the captures it is applied to.
#[derive(Debug)]
pub(super) struct CallText {
    pub(super) name: &'static str,
    pub(super) arguments: Vec<&'static str>,
}

/// An item of an alternative.
#[derive(Debug)]
pub(super) enum ItemText {
    /// `~`
    Cut,
    /// `&x`, `!x`
    Lookahead {
        /// Whether there must be an `x`.
        positive: bool,
        /// `x`
        atom: AtomText,
    },
    /// `&&x`
    Forced(AtomText),
    /// `capture:x`, with what follows `x`.
    Part {
        /// The name, if any.
        capture: Option<&'static str>,
        /// `x`
        atom: AtomText,
        /// How many.
        count: CountText,
    },
}

/// How many of an atom.
#[derive(Debug)]
pub(super) enum CountText {
    One,
    Optional,
    Any,
    AtLeastOne,
    SeparatedBy(AtomText),
}

/// The smallest thing that matches.
#[derive(Debug)]
pub(super) enum AtomText {
    /// `'x'`
    Token(&'static str),
    /// `"x"`
    Soft(&'static str),
    /// `NAME`
    Class(&'static str),
    /// A rule.
    Rule(&'static str),
    /// `( ... )`
    Group(Vec<AlternativeText>),
}

/// Reads the text of a grammar file.
pub(super) fn parse(text: &'static str) -> Vec<RuleText> {
    let mut rules: Vec<RuleText> = Vec::new();
    for line in logical_lines(text) {
        let mut reader = Reader { words: line.split_whitespace().collect(), at: 0, line };
        if line.starts_with(' ') {
            let rule = rules.last_mut().unwrap_or_else(|| panic!("no rule for: {line}"));
            reader.expect("/");
            rule.alternatives.push(reader.alternative());
            reader.expect_end();
        } else {
            rules.push(reader.header());
        }
    }
    rules
}

/// The lines of a grammar text without comments; each alternative is one line.
fn logical_lines(text: &'static str) -> Vec<&'static str> {
    let mut lines = Vec::new();
    let mut start: Option<usize> = None;
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let begins = !line.starts_with("     ") || line.trim().is_empty();
        if begins {
            lines.extend(start.take().map(|start| text[start..offset].trim_end()));
            let comment = line.starts_with('#') || line.trim().is_empty();
            start = (!comment).then_some(offset);
        }
        offset += line.len();
    }
    lines.extend(start.map(|start| text[start..].trim_end()));
    lines
}

/// The words of a line and the next one to read.
struct Reader {
    words: Vec<&'static str>,
    at: usize,
    line: &'static str,
}

impl Reader {
    fn peek(&self) -> &'static str {
        self.words.get(self.at).copied().unwrap_or("")
    }

    fn next(&mut self) -> &'static str {
        let word = self.peek();
        self.at += 1;
        word
    }

    fn eat(&mut self, word: &str) -> bool {
        let found = self.peek() == word;
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, word: &str) {
        assert!(self.eat(word), "{word} expected before {:?} in: {}", self.peek(), self.line);
    }

    fn expect_end(&self) {
        assert!(self.at == self.words.len(), "{:?} is too much in: {}", self.peek(), self.line);
    }

    fn header(&mut self) -> RuleText {
        let name = self.next();
        let memory = match self.next() {
            "" => Memory::None,
            "{memo}" => Memory::Memo,
            "{left}" => Memory::Left,
            _ => panic!("no such kind of rule: {}", self.line),
        };
        RuleText { name, memory, alternatives: Vec::new() }
    }

    fn alternatives(&mut self) -> Vec<AlternativeText> {
        let mut alternatives = vec![self.alternative()];
        while self.eat("/") {
            alternatives.push(self.alternative());
        }
        alternatives
    }

    fn alternative(&mut self) -> AlternativeText {
        let mut items = Vec::new();
        while !matches!(self.peek(), "" | "/" | "->" | "when") && !self.peek().starts_with(')') {
            let item = self.item();
            items.push(item);
        }
        let mut conditions = Vec::new();
        if self.eat("when") {
            while self.peek().contains('(') {
                conditions.push(self.call());
            }
        }
        let result = if self.eat("->") { self.result() } else { ResultText::Default };
        AlternativeText { items, conditions, result }
    }

    fn result(&mut self) -> ResultText {
        if self.eat("raise") {
            return ResultText::Raise(self.call());
        }
        match self.peek().contains('(') {
            true => ResultText::Node(self.call()),
            false => ResultText::Capture(self.next()),
        }
    }

    /// `name(a, b)`
    fn call(&mut self) -> CallText {
        let (name, mut rest) = self.next().split_once('(').expect("the caller saw the bracket");
        let mut arguments = Vec::new();
        loop {
            let (argument, last) = match rest.strip_suffix(')') {
                Some(argument) => (argument, true),
                None => (rest.trim_end_matches(','), false),
            };
            arguments.extend((!argument.is_empty()).then_some(argument));
            if last {
                return CallText { name, arguments };
            }
            rest = self.next();
            assert!(!rest.is_empty(), "a bracket is open in: {}", self.line);
        }
    }

    fn item(&mut self) -> ItemText {
        let word = self.next();
        if word == "~" {
            return ItemText::Cut;
        }
        if let Some(rest) = word.strip_prefix("&&") {
            return ItemText::Forced(self.atom(rest).0);
        }
        if let Some(rest) = word.strip_prefix(['&', '!']) {
            let positive = word.starts_with('&');
            return ItemText::Lookahead { positive, atom: self.atom(rest).0 };
        }
        let (capture, rest) = match word.split_once(':') {
            Some((name, rest)) if is_rule_name(name) => (Some(name), rest),
            _ => (None, word),
        };
        let (atom, suffix) = self.atom(rest);
        ItemText::Part { capture, atom, count: self.count(suffix) }
    }

    fn count(&mut self, suffix: &str) -> CountText {
        match suffix {
            "?" => return CountText::Optional,
            "*" => return CountText::Any,
            "+" => return CountText::AtLeastOne,
            _ => assert!(suffix.is_empty(), "{suffix} means nothing in: {}", self.line),
        }
        if !self.eat("%") {
            return CountText::One;
        }
        let word = self.next();
        CountText::SeparatedBy(self.atom(word).0)
    }

    /// An atom that begins with a word, and what is left of its last word.
    fn atom(&mut self, word: &'static str) -> (AtomText, &'static str) {
        if word == "(" {
            let group = self.alternatives();
            let close = self.next();
            let suffix = close.strip_prefix(')').unwrap_or_else(|| panic!(") expected in: {}", self.line));
            return (AtomText::Group(group), suffix);
        }
        let quote = word.chars().next().unwrap_or_else(|| panic!("an item expected in: {}", self.line));
        if matches!(quote, '\'' | '"') {
            let (text, suffix) = word[1..].split_once(quote).expect("two quotes");
            let atom = if quote == '"' { AtomText::Soft(text) } else { AtomText::Token(text) };
            return (atom, suffix);
        }
        let end = word.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(word.len());
        let (name, suffix) = word.split_at(end);
        let atom = if is_rule_name(name) { AtomText::Rule(name) } else { AtomText::Class(name) };
        (atom, suffix)
    }
}

/// Whether a name is that of a rule or a capture, and not of a kind of tokens.
fn is_rule_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
}
