//! Boolean operators, comparisons and conditional expressions; jumping on a condition.
//!
//! CPython's counterparts: `codegen_boolop`, `codegen_compare`, `codegen_addcompare`, `codegen_ifexp`,
//! `codegen_jump_if` of `Python/codegen.c`.

use pyast::{BoolOp, CmpOp, Expr, ExprBoolOp, ExprCompare, ExprIfExp, Location, UnaryOp};
use pyinstrseq::Label;
use pyopcode::Opcode;

use crate::generator::{Generator, Result};

impl<'a> Generator<'_, 'a> {
    pub(crate) fn codegen_boolop(&mut self, node: &'a ExprBoolOp<'a>) -> Result {
        let jump = match node.op {
            BoolOp::And => Opcode::JumpIfFalse,
            BoolOp::Or => Opcode::JumpIfTrue,
        };
        let end = self.new_label();
        let Some((&last, values)) = node.values.split_last() else { return Ok(()) };
        for &value in values {
            self.visit_expr(value)?;
            self.emit_jump(node.location, jump, end);
            self.emit(node.location, Opcode::PopTop);
        }
        self.visit_expr(last)?;
        self.place(end);
        Ok(())
    }

    pub(crate) fn codegen_ifexp(&mut self, node: &'a ExprIfExp<'a>) -> Result {
        let end = self.new_label();
        let next = self.new_label();
        self.jump_if(node.location, node.test, next, false)?;
        self.visit_expr(node.body)?;
        self.emit_jump(Location::NONE, Opcode::JumpNoInterrupt, end);
        self.place(next);
        self.visit_expr(node.orelse)?;
        self.place(end);
        Ok(())
    }

    pub(crate) fn codegen_compare(&mut self, node: &'a ExprCompare<'a>) -> Result {
        let location = node.location;
        self.check_compare(node);
        self.visit_expr(node.left)?;
        let Some((last, others)) = comparisons(node) else { return Ok(()) };
        if others.len() == 0 {
            self.visit_expr(last.1)?;
            self.add_compare(location, last.0);
            return Ok(());
        }
        let cleanup = self.new_label();
        for (op, comparator) in others {
            self.compare_and_keep(location, op, comparator)?;
            self.emit_arg(location, Opcode::Copy, 1);
            self.emit(location, Opcode::ToBool);
            self.emit_jump(location, Opcode::PopJumpIfFalse, cleanup);
            self.emit(location, Opcode::PopTop);
        }
        self.visit_expr(last.1)?;
        self.add_compare(location, last.0);
        let end = self.new_label();
        self.emit_jump(Location::NONE, Opcode::JumpNoInterrupt, end);
        self.place(cleanup);
        self.emit_arg(location, Opcode::Swap, 2);
        self.emit(location, Opcode::PopTop);
        self.place(end);
        Ok(())
    }

    /// Compares with a middle operand of a chain, which stays on the stack below the result.
    fn compare_and_keep(&mut self, location: Location, op: CmpOp, comparator: Expr<'a>) -> Result {
        self.visit_expr(comparator)?;
        self.emit_arg(location, Opcode::Swap, 2);
        self.emit_arg(location, Opcode::Copy, 2);
        self.add_compare(location, op);
        Ok(())
    }

    /// `codegen_addcompare`
    pub(crate) fn add_compare(&mut self, location: Location, op: CmpOp) {
        // The operator is in the bits from the sixth up, which outcomes make it true in the low four;
        // the fifth, whether the result becomes a bool, is set later.
        const LESS: i32 = 2;
        const GREATER: i32 = 4;
        const EQUAL: i32 = 8;
        const UNORDERED: i32 = 1;
        let (opcode, arg) = match op {
            CmpOp::Lt => (Opcode::CompareOp, LESS),
            CmpOp::LtE => (Opcode::CompareOp, 1 << 5 | LESS | EQUAL),
            CmpOp::Eq => (Opcode::CompareOp, 2 << 5 | EQUAL),
            CmpOp::NotEq => (Opcode::CompareOp, 3 << 5 | UNORDERED | LESS | GREATER),
            CmpOp::Gt => (Opcode::CompareOp, 4 << 5 | GREATER),
            CmpOp::GtE => (Opcode::CompareOp, 5 << 5 | GREATER | EQUAL),
            CmpOp::Is => (Opcode::IsOp, 0),
            CmpOp::IsNot => (Opcode::IsOp, 1),
            CmpOp::In => (Opcode::ContainsOp, 0),
            CmpOp::NotIn => (Opcode::ContainsOp, 1),
        };
        self.emit_arg(location, opcode, arg);
    }

    /// Jumps to `next` if the expression's truth is `condition` (`codegen_jump_if`).
    pub(crate) fn jump_if(
        &mut self,
        location: Location,
        expr: Expr<'a>,
        next: Label,
        condition: bool,
    ) -> Result {
        match expr {
            Expr::UnaryOp(node) if node.op == UnaryOp::Not => {
                self.nested(|| location, |this| this.jump_if(location, node.operand, next, !condition))
            }
            Expr::BoolOp(node) => {
                self.nested(|| location, |this| this.jump_if_boolop(location, node, next, condition))
            }
            Expr::IfExp(node) => {
                self.nested(|| location, |this| this.jump_if_ifexp(location, node, next, condition))
            }
            Expr::Compare(node) if node.ops.len() > 1 => self.jump_if_chain(node, next, condition),
            _ => {
                self.visit_expr(expr)?;
                self.emit_test(expr.location(), next, condition);
                Ok(())
            }
        }
    }

    /// Jumps on the truth of the value on the stack.
    fn emit_test(&mut self, location: Location, next: Label, condition: bool) {
        self.emit(location, Opcode::ToBool);
        let jump = if condition { Opcode::PopJumpIfTrue } else { Opcode::PopJumpIfFalse };
        self.emit_jump(location, jump, next);
    }

    fn jump_if_boolop(
        &mut self,
        location: Location,
        node: &'a ExprBoolOp<'a>,
        next: Label,
        condition: bool,
    ) -> Result {
        let deciding = node.op == BoolOp::Or;
        // Where to go when one of the first operands decides.
        let next2 = if deciding == condition { next } else { self.new_label() };
        let Some((&last, values)) = node.values.split_last() else { return Ok(()) };
        for &value in values {
            self.jump_if(location, value, next2, deciding)?;
        }
        self.jump_if(location, last, next, condition)?;
        if deciding != condition {
            self.place(next2);
        }
        Ok(())
    }

    fn jump_if_ifexp(
        &mut self,
        location: Location,
        node: &'a ExprIfExp<'a>,
        next: Label,
        condition: bool,
    ) -> Result {
        let end = self.new_label();
        let next2 = self.new_label();
        self.jump_if(location, node.test, next2, false)?;
        self.jump_if(location, node.body, next, condition)?;
        self.emit_jump(Location::NONE, Opcode::JumpNoInterrupt, end);
        self.place(next2);
        self.jump_if(location, node.orelse, next, condition)?;
        self.place(end);
        Ok(())
    }

    fn jump_if_chain(&mut self, node: &'a ExprCompare<'a>, next: Label, condition: bool) -> Result {
        let location = node.location;
        self.check_compare(node);
        let Some((last, others)) = comparisons(node) else { return Ok(()) };
        let cleanup = self.new_label();
        self.visit_expr(node.left)?;
        for (op, comparator) in others {
            self.compare_and_keep(location, op, comparator)?;
            self.emit_test(location, cleanup, false);
        }
        self.visit_expr(last.1)?;
        self.add_compare(location, last.0);
        self.emit_test(location, next, condition);
        let end = self.new_label();
        self.emit_jump(Location::NONE, Opcode::JumpNoInterrupt, end);
        self.place(cleanup);
        self.emit(location, Opcode::PopTop);
        if !condition {
            self.emit_jump(Location::NONE, Opcode::JumpNoInterrupt, next);
        }
        self.place(end);
        Ok(())
    }
}

/// The last operator with its operand, and the ones before.
fn comparisons<'a>(
    node: &ExprCompare<'a>,
) -> Option<((CmpOp, Expr<'a>), impl ExactSizeIterator<Item = (CmpOp, Expr<'a>)>)> {
    let (&last_op, ops) = node.ops.split_last()?;
    let (&last, comparators) = node.comparators.split_last()?;
    Some(((last_op, last), ops.iter().copied().zip(comparators.iter().copied())))
}
