//! What codegen relies on: scopes found by their nodes, questions to a scope, and trees that are as deep as
//! the limit allows.

use pyast::{Arena, Expr, Mod, NodeKey, RecursionLimit, Stmt, TypeParam};
use pycode::{Interner, StrId};
use pyfuture::FutureFeatures;
use pyparser::ParseOptions;
use pysymtable::{ComprehensionKind, Scope, ScopeKind, SymScope, SymbolTable, SymbolTableOptions};

/// Parses a program and builds its table.
fn with_table(source: &str, look: impl FnOnce(&[Stmt<'_>], &SymbolTable, &mut Interner)) {
    let (arena, mut strings) = (Arena::new(), Interner::new());
    let parsed = pyparser::parse(source.as_bytes(), &arena, &mut strings, &ParseOptions::default());
    let module = parsed.expect("a valid program").module;
    let future = FutureFeatures::from_ast(module, &strings).expect("features that exist");
    let table = SymbolTable::build(module, &future, &mut strings, SymbolTableOptions::default());
    let Mod::Module(body) = module else { panic!("a file is a module") };
    look(body.body, &table.expect("a valid program"), &mut strings);
}

/// Kind and name of a scope.
fn identity(scope: Scope<'_>, strings: &Interner) -> (ScopeKind, String) {
    (scope.kind(), text(strings, scope.name()))
}

fn text(strings: &Interner, name: StrId) -> String {
    strings.get(name).to_string_lossy()
}

#[test]
fn functions_have_a_body_and_annotations() {
    for source in ["def f(): pass", "async def f(): pass"] {
        with_table(source, |body, table, strings| {
            let key = match body[0] {
                Stmt::FunctionDef(def) => NodeKey::of(def),
                Stmt::AsyncFunctionDef(def) => NodeKey::of(def),
                _ => panic!("a function"),
            };
            assert_eq!(identity(table.scope_of(key), strings), (ScopeKind::Function, "f".into()));
            let annotations = identity(table.scope_of(key.second()), strings);
            assert_eq!(annotations, (ScopeKind::Annotation, "__annotate__".into()));
        });
    }
}

#[test]
fn generic_classes_have_type_parameters_around_the_body() {
    with_table("class C[T: int = str, *Ts = (), **P = []]: pass", |body, table, strings| {
        let Stmt::ClassDef(class) = body[0] else { panic!("a class") };
        let type_params = table.scope_of(NodeKey::of_list(class.type_params));
        assert_eq!(identity(type_params, strings), (ScopeKind::TypeParameters, "C".into()));
        assert_eq!(identity(table.scope_of(NodeKey::of(class)), strings), (ScopeKind::Class, "C".into()));
        let [TypeParam::TypeVar(t), TypeParam::TypeVarTuple(ts), TypeParam::ParamSpec(p)] = class.type_params
        else {
            panic!("three kinds of type parameters")
        };
        let parts = [
            (NodeKey::of(*t), "T", 9),
            (NodeKey::of(*t).second(), "T", 15),
            (NodeKey::of(*ts), "Ts", 26),
            (NodeKey::of(*p), "P", 36),
        ];
        for (key, name, column) in parts {
            let scope = table.scope_of(key);
            assert_eq!(identity(scope, strings), (ScopeKind::TypeVariable, name.into()));
            assert_eq!(scope.location().col_offset, column + 2);
        }
    });
}

/// In CPython these classes have `__class__` among their `co_cellvars`, or do not.
#[test]
fn a_class_has_a_cell_of_itself_if_a_function_in_a_comprehension_needs_it() {
    for (element, needed) in
        [("__class__", false), ("lambda: __class__", true), ("(__class__, lambda: __class__)", true)]
    {
        with_table(&format!("class C: [{element} for x in y]"), |body, table, _| {
            let Stmt::ClassDef(class) = body[0] else { panic!("a class") };
            assert_eq!(table.scope_of(NodeKey::of(class)).needs_class_closure(), needed, "{element}");
        });
    }
}

#[test]
fn other_scopes_belong_to_their_node() {
    with_table("type X = lambda: 0", |body, table, strings| {
        let Stmt::TypeAlias(alias) = body[0] else { panic!("a type alias") };
        assert_eq!(identity(table.scope_of(NodeKey::of(alias)), strings), (ScopeKind::TypeAlias, "X".into()));
        let Expr::Lambda(lambda) = alias.value else { panic!("a lambda") };
        assert_eq!(
            identity(table.scope_of(NodeKey::of(lambda)), strings),
            (ScopeKind::Function, "lambda".into())
        );
        assert!(table.find_scope(NodeKey::of(alias).second()).is_none());
    });
}

#[test]
fn inlined_comprehensions_keep_their_scope() {
    with_table("[lambda: x for x in y]; (z for z in y)", |body, table, strings| {
        let (Stmt::Expr(first), Stmt::Expr(second)) = (body[0], body[1]) else { panic!("two expressions") };
        let (Expr::ListComp(list), Expr::GeneratorExp(generator)) = (first.value, second.value) else {
            panic!("a list comprehension and a generator expression")
        };
        let list = table.scope_of(NodeKey::of(list));
        assert!(list.comp_inlined() && list.comprehension() == Some(ComprehensionKind::List));
        assert!(!table.scope_of(NodeKey::of(generator)).comp_inlined());
        let name = |scope: Scope<'_>| identity(scope, strings).1;
        assert_eq!(list.children().map(name).collect::<Vec<_>>(), ["lambda"]);
        assert_eq!(table.module().children().map(name).collect::<Vec<_>>(), ["lambda", "genexpr"]);
    });
}

#[test]
fn annotated_variables_share_one_block() {
    with_table("x: a\nif b: y: c", |_, table, strings| {
        let block = table.module().annotation_block().expect("variables are annotated");
        assert_eq!(identity(block, strings), (ScopeKind::Annotation, "__annotate__".into()));
        let names: Vec<String> = block.symbols().map(|symbol| text(strings, symbol.name)).collect();
        assert_eq!(names, [".format", "a", "c"]);
        assert!(table.module().has_conditional_annotations());
    });
}

#[test]
fn with_stringified_annotations_blocks_are_nobodys_children() {
    with_table("from __future__ import annotations\nx: a", |_, table, strings| {
        assert_eq!(table.module().children().count(), 0);
        let block = table.module().annotation_block().expect("the block is there");
        let a = strings.lookup("a").expect("the name is there");
        assert_eq!(block.resolve(a), SymScope::Unknown);
        assert!(block.lookup(a).is_some());
    });
}

#[test]
fn cells_and_free_names_are_sorted_by_code_points() {
    let source = "def f(z, a, é, B, 𝔸𝕓_, ｆ):\n def g(): z, a, é, B, Ab_, f\n [lambda: k for k in z]";
    with_table(source, |body, table, strings| {
        let Stmt::FunctionDef(def) = body[0] else { panic!("a function") };
        let Stmt::FunctionDef(inner) = def.body[0] else { panic!("a function") };
        let outer = table.scope_of(NodeKey::of(def)).cell_names(strings);
        let names: Vec<String> = outer.into_iter().map(|name| text(strings, name)).collect();
        assert_eq!(names, ["Ab_", "B", "a", "f", "k", "z", "é"]);
        let inner = table.scope_of(NodeKey::of(inner)).free_names(strings);
        let names: Vec<String> = inner.into_iter().map(|name| text(strings, name)).collect();
        assert_eq!(names, ["Ab_", "B", "a", "f", "z", "é"]);
    });
}

#[test]
fn parameters_are_in_the_order_of_the_frame() {
    with_table("def f(a, /, b, *c, d, **e): g = a", |body, table, strings| {
        let Stmt::FunctionDef(def) = body[0] else { panic!("a function") };
        let scope = table.scope_of(NodeKey::of(def));
        let names: Vec<String> = scope.varnames().map(|name| text(strings, name)).collect();
        assert_eq!(names, ["a", "b", "d", "c", "e"]);
        assert!(scope.varargs() && scope.varkeywords());
    });
}

#[test]
fn only_type_parameters_are_mangled_around_a_generic_class() {
    with_table("class C[__T](__base): __x = 1", |body, table, strings| {
        let Stmt::ClassDef(class) = body[0] else { panic!("a class") };
        let private = Some(class.name);
        let mut mangled = |scope: Scope<'_>, name: &str| {
            let name = strings.intern(name);
            let mangled = scope.mangle(strings, private, name);
            text(strings, mangled)
        };
        let type_params = table.scope_of(NodeKey::of_list(class.type_params));
        assert_eq!(mangled(type_params, "__T"), "_C__T");
        assert_eq!(mangled(type_params, "__base"), "__base");
        let body = table.scope_of(NodeKey::of(class));
        assert_eq!(mangled(body, "__base"), "_C__base");
    });
}

/// The dump of a module whose tree has `levels` of `open`...`close` around a name.
fn nested(levels: usize, open: &str, close: &str, innermost: &str) -> String {
    let (before, after) = if open.contains("body=[") { ("", "") } else { ("Expr(value=", ")") };
    let (open, close) = (open.repeat(levels), close.repeat(levels));
    format!("Module(body=[{before}{open}{innermost}{close}{after}])")
}

#[test]
fn the_default_limit_fits_the_stack_of_a_thread() {
    const COMP: &str =
        "generators=[comprehension(target=Name(id='x', ctx=Store()), iter=Name(id='y'), is_async=0)])";
    let list_comp_close = format!(", {COMP}");
    let levels = RecursionLimit::DEFAULT.limit() as usize - 2;
    let trees = [
        nested(levels, "Lambda(args=arguments(), body=", ")", "Name(id='x')"),
        nested(levels, "ListComp(elt=", &list_comp_close, "Name(id='x')"),
        nested(levels, "Call(func=", ")", "Name(id='x')"),
        nested(levels, "If(test=Name(id='x'), body=[", "])", "Pass()"),
        nested(levels, "FunctionDef(name='f', args=arguments(), body=[", "])", "Pass()"),
        nested(levels, "ClassDef(name='C', body=[", "])", "Pass()"),
        nested(levels, "Try(body=[", "], finalbody=[Pass()])", "Pass()"),
    ];
    for tree in trees {
        let (arena, mut strings) = (Arena::new(), Interner::new());
        let module = pyast::load_mod(&tree, &arena, &mut strings).expect("a dump");
        let future = FutureFeatures::default();
        let table = SymbolTable::build(module, &future, &mut strings, SymbolTableOptions::default());
        assert!(table.is_ok(), "{}", &tree[..60]);
    }
}
