//! What the argument of an instruction means (`ArgResolver.get_argval_argrepr`).

use pycode::{CodeObject, ObjectId, Pool, PyStr, repr};
use pyopcode::{BinaryOp, COMPARE_OPS, CommonConstant, Intrinsic1, Intrinsic2, Opcode, SpecialMethod};

use crate::labels::Labels;
use crate::opcode_info::jump_target;

/// The resolved argument: `dis.Instruction.argval`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ArgValue {
    /// The instruction has no argument.
    None,
    /// The argument itself.
    Number(i64),
    /// A constant.
    Constant(ObjectId),
    /// A name or a local variable: a string.
    Name(ObjectId),
    /// Two local variables.
    Names(ObjectId, ObjectId),
    /// Where a jump leads, in bytes.
    Target(i64),
    /// A comparison, or the conversion of an f-string field.
    Text(&'static str),
    /// The argument points nowhere.
    Unknown,
}

/// What stands for an argument that points nowhere; `dis` has a sentinel of this name.
const UNKNOWN: &str = "<unknown>";

/// Shown for the flags of `SET_FUNCTION_ATTRIBUTE`, from the lowest bit.
const FUNCTION_ATTRIBUTES: [&str; 5] = ["defaults", "kwdefaults", "annotations", "closure", "annotate"];
/// What `CONVERT_VALUE` calls.
const CONVERSIONS: [&str; 4] = ["", "str", "repr", "ascii"];

/// What the arguments of one code object refer to.
pub(crate) struct Operands<'a> {
    pool: &'a Pool,
    consts: &'a [ObjectId],
    names: &'a [ObjectId],
    locals: &'a [ObjectId],
    labels: Labels,
    /// Whether constants get their text.
    shows_constants: bool,
}

impl<'a> Operands<'a> {
    pub(crate) fn new(code: &'a CodeObject, pool: &'a Pool, labels: Labels, shows_constants: bool) -> Self {
        Operands {
            pool,
            consts: pool.tuple(code.consts).unwrap_or_default(),
            names: pool.tuple(code.names).unwrap_or_default(),
            locals: pool.tuple(code.localsplusnames).unwrap_or_default(),
            labels,
            shows_constants,
        }
    }

    pub(crate) fn labels(&self) -> &Labels {
        &self.labels
    }

    /// The value of an argument and the text that is shown in parentheses.
    pub(crate) fn resolve(&self, op: Opcode, arg: i64, offset: u32) -> (ArgValue, String) {
        if op.has_const() {
            return self.constant(arg);
        }
        if op.has_name() {
            return self.name(op, arg);
        }
        if let Some(target) = jump_target(op, arg, offset) {
            let direction = if op == Opcode::EndAsyncFor { "from" } else { "to" };
            let label =
                self.labels.at(target).map_or_else(|| UNKNOWN.to_owned(), |label| format!("L{label}"));
            return (ArgValue::Target(target), format!("{direction} {label}"));
        }
        match op {
            Opcode::LoadFastLoadFast
            | Opcode::LoadFastBorrowLoadFastBorrow
            | Opcode::StoreFastLoadFast
            | Opcode::StoreFastStoreFast => self.two_locals(arg),
            _ if op.has_local() || op.has_free() => self.named(self.locals, arg),
            _ => number(op, arg),
        }
    }

    fn constant(&self, arg: i64) -> (ArgValue, String) {
        match get(self.consts, arg) {
            Some(id) if !self.shows_constants => (ArgValue::Constant(id), String::new()),
            Some(id) => {
                (ArgValue::Constant(id), repr(self.pool, id).unwrap_or_else(|error| format!("<{error}>")))
            }
            None => (ArgValue::Unknown, UNKNOWN.to_owned()),
        }
    }

    /// The lower bits of the argument say what else is pushed.
    fn name(&self, op: Opcode, arg: i64) -> (ArgValue, String) {
        let (index, suffix) = match op {
            Opcode::LoadGlobal => (arg >> 1, " + NULL"),
            Opcode::LoadAttr => (arg >> 1, " + NULL|self"),
            Opcode::LoadSuperAttr => (arg >> 2, " + NULL|self"),
            _ => return self.named(self.names, arg),
        };
        let (value, mut text) = self.named(self.names, index);
        if arg & 1 != 0 && !text.is_empty() {
            text.push_str(suffix);
        }
        (value, text)
    }

    fn named(&self, names: &[ObjectId], index: i64) -> (ArgValue, String) {
        match get(names, index) {
            Some(id) => {
                (ArgValue::Name(id), self.pool.text(id).map_or_else(String::new, PyStr::to_string_lossy))
            }
            None => (ArgValue::Unknown, UNKNOWN.to_owned()),
        }
    }

    fn two_locals(&self, arg: i64) -> (ArgValue, String) {
        let (first, second) = (self.named(self.locals, arg >> 4), self.named(self.locals, arg & 15));
        let value = match (first.0, second.0) {
            (ArgValue::Name(first), ArgValue::Name(second)) => ArgValue::Names(first, second),
            _ => ArgValue::Unknown,
        };
        (value, format!("{}, {}", first.1, second.1))
    }
}

/// The text of an argument that is a number with a meaning of its own; empty if it has none.
fn number(op: Opcode, arg: i64) -> (ArgValue, String) {
    let index = u32::try_from(arg).unwrap_or(u32::MAX);
    let shown = |text: Option<&'static str>| (ArgValue::Number(arg), text.unwrap_or(UNKNOWN).to_owned());
    match op {
        Opcode::CompareOp => comparison(arg),
        Opcode::ConvertValue => match CONVERSIONS.get(index as usize) {
            Some(&text) => (ArgValue::Text(text), text.to_owned()),
            None => (ArgValue::Unknown, UNKNOWN.to_owned()),
        },
        Opcode::SetFunctionAttribute => (ArgValue::Number(arg), function_attributes(arg)),
        Opcode::BinaryOp => shown(BinaryOp::from_number(index).map(BinaryOp::text)),
        Opcode::CallIntrinsic1 => shown(Intrinsic1::from_number(index).map(Intrinsic1::text)),
        Opcode::CallIntrinsic2 => shown(Intrinsic2::from_number(index).map(Intrinsic2::text)),
        Opcode::LoadCommonConstant => shown(CommonConstant::from_number(index).map(common_constant)),
        Opcode::LoadSpecial => shown(SpecialMethod::from_number(index).map(SpecialMethod::text)),
        Opcode::IsOp => shown(Some(if arg == 0 { "is" } else { "is not" })),
        Opcode::ContainsOp => shown(Some(if arg == 0 { "in" } else { "not in" })),
        _ => (ArgValue::Number(arg), String::new()),
    }
}

/// The comparison is above the fifth bit; bit 4 asks for a bool.
fn comparison(arg: i64) -> (ArgValue, String) {
    let Some(&text) = usize::try_from(arg >> 5).ok().and_then(|index| COMPARE_OPS.get(index)) else {
        return (ArgValue::Unknown, UNKNOWN.to_owned());
    };
    let shown = if arg & 16 != 0 { format!("bool({text})") } else { text.to_owned() };
    (ArgValue::Text(text), shown)
}

fn function_attributes(arg: i64) -> String {
    let set = FUNCTION_ATTRIBUTES.iter().enumerate().filter(|(bit, _)| arg & 1 << bit != 0);
    set.map(|(_, &name)| name).collect::<Vec<_>>().join(", ")
}

/// Classes are shown by their name, functions by their `repr`.
fn common_constant(constant: CommonConstant) -> &'static str {
    match constant {
        CommonConstant::AssertionError | CommonConstant::NotImplementedError | CommonConstant::Tuple => {
            constant.text()
        }
        CommonConstant::All => "<built-in function all>",
        CommonConstant::Any => "<built-in function any>",
    }
}

fn get(objects: &[ObjectId], index: i64) -> Option<ObjectId> {
    objects.get(usize::try_from(index).ok()?).copied()
}
