//! What is known of an opcode, as bits.

/// The `HAS_*_FLAG` bits of `Include/internal/pycore_opcode_metadata.h`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct OpcodeFlags(pub(crate) u32);

#[allow(missing_docs, reason = "the names are CPython's")]
impl OpcodeFlags {
    pub const ARG: OpcodeFlags = OpcodeFlags(1);
    pub const CONST: OpcodeFlags = OpcodeFlags(2);
    pub const NAME: OpcodeFlags = OpcodeFlags(4);
    pub const JUMP: OpcodeFlags = OpcodeFlags(8);
    pub const FREE: OpcodeFlags = OpcodeFlags(16);
    pub const LOCAL: OpcodeFlags = OpcodeFlags(32);
    pub const EVAL_BREAK: OpcodeFlags = OpcodeFlags(64);
    pub const DEOPT: OpcodeFlags = OpcodeFlags(128);
    pub const ERROR: OpcodeFlags = OpcodeFlags(256);
    pub const ESCAPES: OpcodeFlags = OpcodeFlags(512);
    pub const EXIT: OpcodeFlags = OpcodeFlags(1024);
    pub const PURE: OpcodeFlags = OpcodeFlags(2048);
    pub const PASSTHROUGH: OpcodeFlags = OpcodeFlags(4096);
    pub const OPARG_AND_1: OpcodeFlags = OpcodeFlags(8192);
    pub const ERROR_NO_POP: OpcodeFlags = OpcodeFlags(16384);
    pub const NO_SAVE_IP: OpcodeFlags = OpcodeFlags(32768);
}

impl OpcodeFlags {
    /// Whether all bits of `other` are set.
    pub const fn contains(self, other: OpcodeFlags) -> bool {
        self.0 & other.0 == other.0
    }
}
