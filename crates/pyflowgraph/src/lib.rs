//! The control flow graph and its optimizer passes.
