//! Code objects of any content have a disassembly.

use pycode::{CodeObject, Object, ObjectId, Pool};
use pydis::{DisError, DisOptions, bare_code, code_info, disassemble_to_string};

const ALL: DisOptions =
    DisOptions { show_caches: true, show_offsets: true, show_positions: true, adaptive: true, depth: None };

fn show(bytecode: &[u8]) -> String {
    let mut pool = Pool::new();
    let code = bare_code(&mut pool, bytecode);
    disassemble_to_string(&pool, code, &DisOptions::default()).expect("one code object")
}

#[test]
fn what_points_nowhere_is_shown() {
    // An opcode that does not exist; LOAD_CONST, LOAD_GLOBAL, LOAD_FAST_AND_CLEAR, COMPARE_OP out of range.
    let text = show(&[121, 7, 82, 3, 92, 9, 0, 0, 0, 0, 0, 0, 0, 0, 85, 1, 56, 240, 0, 0]);
    let shown: Vec<&str> = text.lines().map(str::trim).collect();
    assert_eq!(
        shown,
        [
            "<121>",
            "LOAD_CONST               3 (<unknown>)",
            "LOAD_GLOBAL              9 (<unknown> + NULL)",
            "LOAD_FAST_AND_CLEAR      1 (<unknown>)",
            "COMPARE_OP             240 (<unknown>)",
        ]
    );
}

#[test]
fn every_opcode_is_shown_with_every_cut() {
    for opcode in 0..=255 {
        for arg in [0, 1, 127, 255] {
            let bytecode = [69, arg, opcode, arg, 69, arg, 69, arg, 69, arg, 69, arg, opcode, arg];
            for len in 0..=bytecode.len() {
                let mut pool = Pool::new();
                let code = bare_code(&mut pool, &bytecode[..len]);
                assert!(disassemble_to_string(&pool, code, &ALL).is_ok());
            }
        }
    }
}

#[test]
fn tables_of_noise_are_shown() {
    let mut noise = 12345u32;
    for _ in 0..300 {
        let mut bytes = || {
            (0..60)
                .map(|_| {
                    noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    (noise >> 24) as u8
                })
                .collect::<Box<[u8]>>()
        };
        let mut pool = Pool::new();
        let [code, linetable, exceptiontable] = [0, 1, 2].map(|_| pool.add(Object::Bytes(&bytes())));
        let bare = bare_code(&mut pool, &[]);
        let object = CodeObject { code, linetable, exceptiontable, ..pool.code(bare).expect("bare").clone() };
        let id = pool.new_code(object);
        assert!(disassemble_to_string(&pool, id, &ALL).is_ok());
    }
}

/// Code objects that hold each other twice would be shown 2^60 times.
#[test]
fn code_objects_that_are_shared_many_times_are_refused() {
    let mut pool = Pool::new();
    let mut code = bare_code(&mut pool, &[]);
    for _ in 0..60 {
        let consts = pool.add(Object::Tuple(&[code, code]));
        let object = CodeObject { consts, ..pool.code(code).expect("a code object").clone() };
        code = pool.new_code(object);
    }
    assert!(!code_info(&pool, pool.code(code).expect("a code object")).is_empty());
    let mut nothing = Discard;
    let result = pydis::disassemble(&pool, code, &DisOptions::default(), &mut nothing);
    assert_eq!(result, Err(DisError::TooMany));
    let result = disassemble_to_string(&pool, ObjectId::NONE, &DisOptions::default());
    assert_eq!(result, Err(DisError::NotCode));
}

/// Constants that hold each other twice, and a name that takes more room than the code: the text that
/// repeats itself is cut off.
#[test]
fn shared_objects_do_not_make_endless_text() {
    let mut pool = Pool::new();
    let mut tuple = pool.add(Object::Tuple(&[ObjectId::NONE]));
    for _ in 0..60 {
        tuple = pool.add(Object::Tuple(&[tuple, tuple]));
    }
    let consts = pool.add(Object::Tuple(&[tuple; 200]));
    // LOAD_CONST 0, RETURN_VALUE
    let code = bare_code(&mut pool, &[82, 0, 35, 0].repeat(1000));
    let object = CodeObject { consts, ..pool.code(code).expect("a code object").clone() };
    let code = pool.add(Object::Code(&object));
    let text = disassemble_to_string(&pool, code, &ALL).expect("one code object");
    assert!(text.contains("<the text of the object is too long>") && text.len() < 32 << 20, "{}", text.len());
    let info = code_info(&pool, pool.code(code).expect("a code object"));
    assert!(info.len() < 8 << 20, "{}", info.len());

    let long = pool.name_of(&"long".repeat(10_000));
    let names = pool.add(Object::Tuple(&vec![long; 10_000]));
    // LOAD_NAME 0
    let code = bare_code(&mut pool, &[92, 0].repeat(10_000));
    let object = CodeObject { names, ..pool.code(code).expect("a code object").clone() };
    let code = pool.add(Object::Code(&object));
    let info = code_info(&pool, pool.code(code).expect("a code object"));
    assert!(info.len() < 32 << 20, "{}", info.len());
    let result = pydis::disassemble(&pool, code, &ALL, &mut Discard);
    assert!(matches!(result, Ok(()) | Err(DisError::TooMany)), "{result:?}");
}

struct Discard;

impl std::fmt::Write for Discard {
    fn write_str(&mut self, _: &str) -> std::fmt::Result {
        Ok(())
    }
}
