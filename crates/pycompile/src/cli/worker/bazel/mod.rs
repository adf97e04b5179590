//! Bazel's persistent worker, with the arguments of rules_python's precompiler.
//!
//! A request is a line of JSON, and so is its answer. Requests that carry an id are worked on at the same time and
//! answered in the order in which they are done (multiplexing); those without one are taken in turn. A cancelled
//! request stops before its next file. Each request is answered once, and after its answer no file of its is touched.
//!
//! Without `--persistent_worker` the arguments are those of one action, as Bazel runs it when workers are off.

mod action;
mod protocol;

use std::collections::VecDeque;
use std::ffi::OsString;
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use pycompile::Compiler;
use rayon::ScopeFifo;

use super::input::{Line, Lines};
use crate::cli::interpreter::Interpreter;
use crate::cli::threads::{self, Kept, lock, unlock};
use crate::cli::{Streams, USAGE_ERROR, json};
use action::Action;
use protocol::{Answer, Malformed, Message, Request};

/// The exit code of a request that could not be understood, as of rules_python's precompiler.
const NOT_UNDERSTOOD: i32 = 3;

pub(super) fn run(
    threads: usize,
    arguments: &[OsString],
    interpreter: &Interpreter,
    streams: &mut Streams<'_>,
) -> io::Result<u8> {
    let startup = match Action::parse(arguments, None, &Action::default()) {
        Ok(startup) => startup,
        Err(text) => {
            writeln!(streams.err, "pycompile: {}", text.trim_end())?;
            return Ok(USAGE_ERROR);
        }
    };
    if startup.is_persistent() || arguments.is_empty() {
        return serve(threads, &startup, interpreter, streams);
    }
    let done = startup.run(interpreter, &AtomicBool::new(false), &Kept::default());
    streams.err.write_all(done.output.as_bytes())?;
    Ok(done.exit_code)
}

fn serve(
    threads: usize,
    startup: &Action,
    interpreter: &Interpreter,
    streams: &mut Streams<'_>,
) -> io::Result<u8> {
    let worker = Worker {
        startup,
        interpreter,
        compilers: Kept::default(),
        pending: Mutex::default(),
        lane: Mutex::default(),
        output: Mutex::new(Output { streams, written: Ok(()) }),
    };
    let read = threads::pool(threads)?.in_place_scope_fifo(|scope| {
        for line in Lines::new(io::stdin().lock()) {
            worker.receive(line?, scope);
            if lock(&worker.output).written.is_err() {
                break;
            }
        }
        Ok(())
    });
    unlock(worker.output).written.and(read).map(|()| 0)
}

/// A request that has not been answered yet.
#[derive(Clone)]
struct Task {
    request: Arc<Request>,
    cancelled: Arc<AtomicBool>,
}

struct Output<'o, 's> {
    streams: &'o mut Streams<'s>,
    written: io::Result<()>,
}

struct Worker<'w, 's> {
    /// What was said when the worker was started: it holds for each request that does not say otherwise.
    startup: &'w Action,
    interpreter: &'w Interpreter,
    compilers: Kept<Compiler>,
    /// In the order in which they came.
    pending: Mutex<Vec<Task>>,
    /// Requests without an id, the first of which is being worked on.
    lane: Mutex<VecDeque<Task>>,
    output: Mutex<Output<'w, 's>>,
}

impl Worker<'_, '_> {
    fn receive<'scope>(&'scope self, line: Line, scope: &ScopeFifo<'scope>) {
        match protocol::parse(line) {
            Ok(None) => {}
            Ok(Some(Message::Cancel { id })) => self.cancel(id),
            Ok(Some(Message::Work(request))) => self.accept(request, scope),
            Err(Malformed { id, text }) => self.send(&Answer::new(id, NOT_UNDERSTOOD, text)),
        }
    }

    fn accept<'scope>(&'scope self, request: Request, scope: &ScopeFifo<'scope>) {
        let id = request.id;
        let task = Task { request: Arc::new(request), cancelled: Arc::default() };
        {
            let mut pending = lock(&self.pending);
            if id != 0 && pending.iter().any(|other| other.request.id == id) {
                let text = format!("request {id} is still being worked on\n");
                return self.send(&Answer::new(id, NOT_UNDERSTOOD, text));
            }
            pending.push(task.clone());
        }
        if id != 0 {
            return scope.spawn_fifo(move |_| self.work(&task));
        }
        let mut lane = lock(&self.lane);
        lane.push_back(task);
        if lane.len() == 1 {
            scope.spawn_fifo(move |_| self.work_in_turn());
        }
    }

    /// Works until the lane is empty. A request leaves it only when it is done, so that there is one who works.
    fn work_in_turn(&self) {
        let mut next = lock(&self.lane).front().cloned();
        while let Some(task) = next {
            self.work(&task);
            let mut lane = lock(&self.lane);
            lane.pop_front();
            next = lane.front().cloned();
        }
    }

    fn work(&self, task: &Task) {
        let (request, start) = (&task.request, Instant::now());
        let sandbox = request.sandbox.as_deref().map(Path::new);
        let done = match Action::parse(&request.arguments, sandbox, self.startup) {
            Ok(action) => action.run(self.interpreter, &task.cancelled, &self.compilers),
            Err(text) => action::Done { exit_code: USAGE_ERROR, output: text, cancelled: false },
        };
        lock(&self.pending).retain(|other| !Arc::ptr_eq(&other.request, request));
        if request.verbosity > 0 {
            self.log(request, done.exit_code, start);
        }
        self.send(&if done.cancelled {
            Answer::cancelled(request.id)
        } else {
            Answer::new(request.id, i32::from(done.exit_code), done.output)
        });
    }

    /// A request that has been answered is no longer there, and its cancellation means nothing.
    fn cancel(&self, id: i64) {
        let pending = lock(&self.pending);
        let same = |task: &&Task| task.request.id == id && !task.cancelled.load(Ordering::Relaxed);
        if let Some(task) = pending.iter().find(same) {
            task.cancelled.store(true, Ordering::Relaxed);
        }
    }

    fn send(&self, answer: &Answer) {
        let output = &mut *lock(&self.output);
        if output.written.is_ok() {
            let out = &mut output.streams.out;
            output.written = out.write_all(&json::line(answer)).and_then(|()| out.flush());
        }
    }

    /// Standard error is the worker's log, which nobody need read.
    fn log(&self, request: &Request, exit_code: u8, start: Instant) {
        let (id, arguments, seconds) = (request.id, request.arguments.len(), start.elapsed().as_secs_f64());
        let _ = writeln!(
            lock(&self.output).streams.err,
            "request {id}: {arguments} arguments, exit code {exit_code}, {seconds:.3} s"
        );
    }
}
