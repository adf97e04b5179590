//! Jobs done on many threads, results told in the order of the jobs.
//!
//! A thread takes a job, does it and hands in the result. Whoever hands in the result that is due tells it, and those
//! after it that are there already; nobody waits for the slowest. So what is told does not depend on the number of
//! threads, jobs are thought of while others are done, and at most [`WINDOW`] results wait for their turn.

use std::collections::BTreeMap;
use std::io;
use std::iter::Fuse;
use std::sync::{Condvar, Mutex, PoisonError};
use std::thread::{self, Scope};

use super::{lock, unlock};

/// How far the jobs may be ahead of what has been told.
const WINDOW: usize = 1024;

/// What a list of jobs says.
pub(crate) enum Step<J> {
    /// There is something to do.
    Job(J),
    /// What comes next depends on what the jobs before have done: it is asked for when they are told.
    Wait,
}

/// Does all jobs on up to `threads` threads, of which the caller's is one, and tells the results. A thread is started
/// when the one before it has found something to do.
///
/// Each thread has tools of its own, made by `Default`, for all the jobs that it does.
///
/// # Errors
/// The first of telling: no job is begun after it.
///
/// # Panics
/// When a job does.
pub(crate) fn in_order<J, R: Send, T: Default>(
    threads: usize,
    jobs: impl Iterator<Item = Step<J>> + Send,
    work: impl Fn(&mut T, J) -> R + Sync,
    tell: impl FnMut(R) -> io::Result<()> + Send,
) -> io::Result<()> {
    let shared = Shared {
        source: Mutex::new(Source { jobs: jobs.fuse(), taken: 0 }),
        results: Mutex::default(),
        told: Condvar::new(),
        tell: Mutex::new(tell),
    };
    thread::scope(|scope| shared.work(scope, threads.saturating_sub(1), &work));
    unlock(shared.results).outcome
}

struct Shared<I: Iterator, R, F> {
    source: Mutex<Source<I>>,
    results: Mutex<Results<R>>,
    /// Raised when a result has been told, if somebody waits for it.
    told: Condvar,
    tell: Mutex<F>,
}

struct Source<I: Iterator> {
    jobs: Fuse<I>,
    taken: usize,
}

struct Results<R> {
    /// Those that are not due yet, by number.
    waiting: BTreeMap<usize, R>,
    /// How many have been told, which is the number of the one that is due.
    told: usize,
    /// Somebody is telling.
    telling: bool,
    /// Threads that wait for something to be told.
    waiters: usize,
    /// Nothing more is to be begun.
    stopped: bool,
    outcome: io::Result<()>,
}

impl<R> Default for Results<R> {
    fn default() -> Self {
        let waiting = BTreeMap::new();
        Results { waiting, told: 0, telling: false, waiters: 0, stopped: false, outcome: Ok(()) }
    }
}

impl<J, I: Iterator<Item = Step<J>>, R, F: FnMut(R) -> io::Result<()>> Shared<I, R, F> {
    /// Does one job after the other. With the first at hand, up to so many others are called to help.
    fn work<'scope, T: Default>(
        &'scope self,
        scope: &'scope Scope<'scope, '_>,
        mut others: usize,
        work: &'scope (impl Fn(&mut T, J) -> R + Sync),
    ) where
        Self: Sync,
    {
        let _guard = StopOnPanic(self);
        let mut tools = T::default();
        while let Some((number, job)) = self.take() {
            if others > 0 {
                let more = std::mem::take(&mut others) - 1;
                // If the system has no more threads, those that there are do the work too.
                let _ = thread::Builder::new().spawn_scoped(scope, move || self.work(scope, more, work));
            }
            self.hand_in(number, work(&mut tools, job));
        }
    }

    /// The next job and its number. Whoever waits here has all others that want a job wait behind.
    fn take(&self) -> Option<(usize, J)> {
        let mut source = lock(&self.source);
        let number = source.taken;
        let mut may_go_on = self.wait_until(|told| number - told < WINDOW);
        while may_go_on {
            match source.jobs.next()? {
                Step::Job(job) => {
                    source.taken += 1;
                    return Some((number, job));
                }
                Step::Wait => may_go_on = self.wait_until(|told| told == number),
            }
        }
        None
    }

    /// Whether there is a point in going on, when enough has been told.
    fn wait_until(&self, enough: impl Fn(usize) -> bool) -> bool {
        let mut results = lock(&self.results);
        while !results.stopped && !enough(results.told) {
            results.waiters += 1;
            results = self.told.wait(results).unwrap_or_else(PoisonError::into_inner);
            results.waiters -= 1;
        }
        !results.stopped
    }

    fn hand_in(&self, number: usize, result: R) {
        let mut results = lock(&self.results);
        results.waiting.insert(number, result);
        if results.telling {
            return;
        }
        results.telling = true;
        while let Some(due) = results.due() {
            drop(results);
            let outcome = (lock(&self.tell))(due);
            results = lock(&self.results);
            results.told += 1;
            if outcome.is_err() {
                (results.outcome, results.stopped) = (outcome, true);
            }
            if results.waiters > 0 {
                self.told.notify_all();
            }
        }
        results.telling = false;
    }
}

impl<R> Results<R> {
    fn due(&mut self) -> Option<R> {
        if self.outcome.is_err() { None } else { self.waiting.remove(&self.told) }
    }
}

/// A job that panics is never handed in: nobody is to wait for it.
struct StopOnPanic<'s, I: Iterator, R, F>(&'s Shared<I, R, F>);

impl<I: Iterator, R, F> Drop for StopOnPanic<'_, I, R, F> {
    fn drop(&mut self) {
        if thread::panicking() {
            lock(&self.0.results).stopped = true;
            self.0.told.notify_all();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use super::*;

    /// Does jobs that take their time, the earlier the longer; gives what was told.
    fn told(threads: usize, jobs: impl Iterator<Item = Step<u64>> + Send) -> Vec<u64> {
        let mut told = Vec::new();
        let work = |_: &mut (), job: u64| {
            thread::sleep(Duration::from_micros(200 * (7 - job % 8)));
            job
        };
        let tell = |result| {
            told.push(result);
            Ok(())
        };
        in_order(threads, jobs, work, tell).expect("nothing fails");
        told
    }

    #[test]
    fn results_are_told_in_the_order_of_the_jobs() {
        for threads in [1, 2, 3, 8] {
            let jobs = (0..100).map(Step::Job);
            assert_eq!(told(threads, jobs), (0..100).collect::<Vec<_>>(), "{threads} threads");
        }
        assert!(told(4, std::iter::empty()).is_empty());
    }

    #[test]
    fn after_a_wait_all_is_done() {
        let done = AtomicUsize::new(0);
        let mut asked = 0;
        let jobs = std::iter::from_fn(|| {
            asked += 1;
            match asked {
                6 => Some(Step::Wait),
                7 => {
                    assert_eq!(done.load(Ordering::SeqCst), 5);
                    None
                }
                number => Some(Step::Job(number)),
            }
        });
        let work = |_: &mut (), job: usize| {
            thread::sleep(Duration::from_millis(job as u64));
            done.fetch_add(1, Ordering::SeqCst);
        };
        in_order(3, jobs, work, |()| Ok(())).expect("nothing fails");
    }

    #[test]
    fn jobs_do_not_run_away_from_what_is_told() {
        let (begun, mut told) = (AtomicUsize::new(0), 0);
        let work = |_: &mut (), _: usize| begun.fetch_add(1, Ordering::SeqCst);
        let tell = |_| {
            assert!(begun.load(Ordering::SeqCst) <= told + WINDOW + 4);
            told += 1;
            Ok(())
        };
        in_order(4, (0..5 * WINDOW).map(Step::Job), work, tell).expect("nothing fails");
        assert_eq!(told, 5 * WINDOW);
    }

    #[test]
    fn nothing_is_begun_when_nobody_listens() {
        let begun = AtomicUsize::new(0);
        let work = |_: &mut (), job: usize| {
            begun.fetch_add(1, Ordering::SeqCst);
            job
        };
        let tell = |job| if job == 10 { Err(io::ErrorKind::BrokenPipe.into()) } else { Ok(()) };
        let outcome = in_order(2, (0..1_000_000).map(Step::Job), work, tell);
        assert_eq!(outcome.map_err(|error| error.kind()), Err(io::ErrorKind::BrokenPipe));
        assert!(begun.load(Ordering::SeqCst) < 10 + 2 * WINDOW);
    }

    #[test]
    #[should_panic = "a scoped thread panicked"]
    fn a_job_that_panics_leaves_nobody_waiting() {
        let caller = thread::current().id();
        let work = |_: &mut (), _: usize| {
            assert_eq!(thread::current().id(), caller);
            thread::sleep(Duration::from_micros(100));
        };
        let _ = in_order(2, (0..100 * WINDOW).map(Step::Job), work, |()| Ok(()));
    }
}
