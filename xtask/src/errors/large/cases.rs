//! The pairs of large sources.

/// A source that is right, and one that is not.
pub(super) struct Case {
    /// What it is called.
    pub(super) name: &'static str,
    /// Makes the right source, of about that many bytes.
    pub(super) right: fn(usize) -> Vec<u8>,
    /// Makes the wrong one.
    pub(super) wrong: fn(usize) -> Vec<u8>,
}

/// All cases.
pub(super) const CASES: &[Case] = &[
    case("module", |size| around("", FUNCTION, "", size), |size| around("", FUNCTION, "x = = 1\n", size)),
    case(
        "class",
        |size| around("class C:\n", METHOD, "", size),
        |size| around("class C:\n", METHOD, "    def f(self:\n", size),
    ),
    case(
        "class, in a method",
        |size| around("class C:\n", METHOD, "", size),
        |size| around("class C:\n", METHOD, "    def f(self):\n        x = (1 2)\n", size),
    ),
    case(
        "if, in its else",
        |size| around("if x:\n", METHOD, "else:\n    pass\n", size),
        |size| around("if x:\n", METHOD, "else:\n    pass pass\n", size),
    ),
    case("list", |size| around("x = [\n", ROW, "]\n", size), |size| around("x = [\n", ROW, "1 2]\n", size)),
    case(
        "list of numbers",
        |size| around("x = [\n", "1234,\n", "]\n", size),
        |size| around("x = [\n", "1234,\n", "1 2]\n", size),
    ),
    case(
        "list, not closed",
        |size| around("x = [\n", ROW, "]\n", size),
        |size| around("x = [\n", ROW, "\n", size),
    ),
    case(
        "list, a target",
        |size| around("x = [\n", ROW, "]\n", size),
        |size| around("[\n", ROW, "] = x\n", size),
    ),
    case(
        "dict",
        |size| around("x = {\n", ITEM, "}\n", size),
        |size| around("x = {\n", ITEM, "1: 2, 3:}\n", size),
    ),
    case("call", |size| around("f(\n", ROW, "a=1)\n", size), |size| around("f(\n", ROW, "a=1, b)\n", size)),
    case(
        "bracket at the start",
        |size| around("x = ()\n", FUNCTION, "", size),
        |size| around("x = (\n", FUNCTION, "", size),
    ),
    case(
        "string at the start",
        |size| around("x = 1\n", FUNCTION, "", size),
        |size| around("x = '''\n", FUNCTION, "", size),
    ),
    case("one line", |size| around("", "a=1;", "\n", size), |size| around("", "a=1;", "a b\n", size)),
    case(
        "operators",
        |size| chain("x = a", " + b * c", "\n", size),
        |size| chain("x = a", " + b * c", " +\n", size),
    ),
    case("sums", |size| around("x = [\n", SUM, "]\n", size), |size| around("x = [\n", SUM, "1 2]\n", size)),
    case(
        "strings",
        |size| around("x = (\n", "'abc def'\n", ")\n", size),
        |size| around("x = (\n", "'abc def'\n", "x 'y')\n", size),
    ),
    case("brackets", brackets, |size| [brackets(size), b"x = (((1 2)))\n".to_vec()].concat()),
    case("list of brackets", |size| nested("", "]\n", size), |size| nested("", "1 2]\n", size)),
    case(
        "indentation",
        |size| around("class C:\n", METHOD, "", size),
        |size| around("class C:\n", METHOD, "  x = 1\n", size),
    ),
    case(
        "indentation, unexpected",
        |size| around("class C:\n", METHOD, "", size),
        |size| around("class C:\n", METHOD, "        x = 1\n", size),
    ),
    case(
        "symbol table",
        |size| around("", FUNCTION, "", size),
        |size| around("", FUNCTION, "nonlocal x\n", size),
    ),
    case("codegen", |size| around("", FUNCTION, "", size), |size| around("", FUNCTION, "return\n", size)),
    case(
        "encoding",
        |size| around("", FUNCTION, "", size),
        |size| [around("", FUNCTION, "", size), b"x = '\xff'\n".to_vec()].concat(),
    ),
    case(
        "invalid character",
        |size| around("class C:\n", METHOD, "", size),
        |size| around("class C:\n", METHOD, "    x = $\n", size),
    ),
];

const fn case(name: &'static str, right: fn(usize) -> Vec<u8>, wrong: fn(usize) -> Vec<u8>) -> Case {
    Case { name, right, wrong }
}

const FUNCTION: &str = concat!(
    "def function(first, *rest, key=None):\n",
    "    for index, item in enumerate(rest):\n",
    "        if item is not None and index > 3:\n",
    "            first[index] = item.attribute + key\n",
    "    return {'first': first, 'rest': [x * 2 for x in rest]}\n",
    "value = function(1, 2.5, 'text', key=lambda x: x)\n",
);

const METHOD: &str = concat!(
    "    def method(self, first, *rest, key=None):\n",
    "        for index, item in enumerate(rest):\n",
    "            if item is not None and index > 3:\n",
    "                self.first[index] = item.attribute + key\n",
    "        return {'first': first, 'rest': [x * 2 for x in rest]}\n",
    "    value = method(1, 2.5, 'text', key=lambda x: x)\n",
);

const ROW: &str = "    (1, 'text', name), {'a': -1, 'b': [2.5, None]}, call(x, y.z), a + b, not c,\n";
const ITEM: &str = "    'key': {'name': 'text', 'values': [1, 2, 3], 'call': f(x)[0]}, name: (a.b, -1),\n";
const SUM: &str = "    a + b * c - d ** 2 < e and f or not g,\n";

/// `line` as often as fits, with something before and after.
fn around(before: &str, line: &str, after: &str, size: usize) -> Vec<u8> {
    [before, &line.repeat(size / line.len()), after].concat().into_bytes()
}

/// One long line, cut by brackets into pieces that a compiler can bear.
fn chain(start: &str, link: &str, end: &str, size: usize) -> Vec<u8> {
    let line = [start, &link.repeat(150), "\n"].concat();
    let last = [start, &link.repeat(150), end].concat();
    [line.repeat(size / line.len()), last].concat().into_bytes()
}

/// Statements of brackets that nest as deep as is allowed.
fn brackets(size: usize) -> Vec<u8> {
    let line = ["x = ", &"(".repeat(190), "y", &")".repeat(190), "\n"].concat();
    line.repeat(size / line.len()).into_bytes()
}

/// One list of brackets that nest deep.
fn nested(before: &str, end: &str, size: usize) -> Vec<u8> {
    let line = ["    ", &"(".repeat(90), "y", &")".repeat(90), ",\n"].concat();
    ["x = [\n", before, &line.repeat(size / line.len()), end].concat().into_bytes()
}
