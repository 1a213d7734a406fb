//! The threads that own the connections: readers, and the writer that commits in groups.
//!
//! On SQLite one thread writes. It takes what waits in its queue, gives every write a savepoint of its own, commits
//! once, and only then answers them all: one fsync carries many acknowledged writes. On PostgreSQL each worker
//! thread runs its own transactions.
//!
//! Long because the queue, the group and its guards are one mechanism, and are read as one.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, TrySendError, sync_channel};
use std::sync::{Arc, Mutex};

use diesel::result::Error as DieselError;
use tokio::sync::{Notify, oneshot};

use super::conn::{Conn, Purpose};
use super::kept::Kept;
use super::options::DbOptions;
use super::queue::{Place, Queue};
use super::serve::{connection_lost, in_the_way, serve, worth_retrying};
use super::tx::{House, Tx};
use super::url::DatabaseUrl;
use crate::kit::{Fault, Refusal, Result, Stop};

/// The database as the rest of the house sees it. Cheap to clone.
#[derive(Clone)]
pub struct Db {
    writes: Queue<Box<dyn Work>>,
    reads: Queue<Box<dyn Work>>,
    shared: Arc<Shared>,
}

/// What all threads of one database share.
pub(super) struct Shared {
    pub(super) url: DatabaseUrl,
    pub(super) house: Arc<House>,
    /// Moves on after every commit; caches compare it.
    pub(super) epoch: AtomicU64,
    jobs: Notify,
    commits: AtomicU64,
    written: AtomicU64,
    /// The last write that needed room found none.
    full: AtomicBool,
    pub(super) kept: Kept,
}

impl Db {
    /// Opens the threads and their connections. The database must have been migrated.
    ///
    /// # Errors
    /// A fault where a connection cannot be opened.
    pub fn open(url: &DatabaseUrl, house: Arc<House>, options: DbOptions) -> Result<Self, Fault> {
        let shared = Arc::new(Shared {
            url: url.clone(),
            house,
            epoch: AtomicU64::new(1),
            jobs: Notify::new(),
            commits: AtomicU64::new(0),
            written: AtomicU64::new(0),
            full: AtomicBool::new(false),
            kept: Kept::default(),
        });
        let (reads, read_queue) = sync_channel(options.read_queue);
        let (writes, write_queue) = sync_channel(options.write_queue);
        let read_queue = Arc::new(Mutex::new(read_queue));
        match url {
            DatabaseUrl::Sqlite(_) => {
                for number in 0..options.threads.max(1) {
                    let conn = Conn::open(url, Purpose::Read)?;
                    let (shared, queue) = (shared.clone(), read_queue.clone());
                    spawn(format!("db-read-{number}"), move || {
                        serve(conn, Purpose::Read, &shared, &queue)
                    })?;
                }
                let mut conn = Conn::open(url, Purpose::Write)?;
                if !options.durable {
                    let asked = conn.batch("PRAGMA synchronous = OFF");
                    asked.map_err(|e| {
                        Fault::from_error("opening a database to be thrown away", e)
                    })?;
                }
                let shared = shared.clone();
                spawn("db-write".to_owned(), move || {
                    write_in_groups(conn, &shared, &write_queue, options.group)
                })?;
            }
            DatabaseUrl::Postgres(_) => {
                let write_queue = Arc::new(Mutex::new(write_queue));
                for number in 0..options.threads.max(1) {
                    let conn = Conn::open(url, Purpose::Write)?;
                    let (shared_, queue) = (shared.clone(), read_queue.clone());
                    spawn(format!("db-read-{number}"), move || {
                        serve(conn, Purpose::Read, &shared_, &queue)
                    })?;
                    let conn = Conn::open(url, Purpose::Write)?;
                    let (shared_, queue) = (shared.clone(), write_queue.clone());
                    spawn(format!("db-write-{number}"), move || {
                        serve(conn, Purpose::Write, &shared_, &queue)
                    })?;
                }
            }
        }
        watch_neighbours(url, shared.clone())?;
        Ok(Self {
            writes: Queue::of(writes),
            reads: Queue::of(reads),
            shared,
        })
    }

    /// Runs a verb in a transaction that may write. The closure can run more than once and must have no effect outside the transaction.
    ///
    /// # Errors
    /// What the verb answers; [`Refusal::Busy`] when the queue is full, [`Refusal::NoRoom`] when the disk is; a fault when the database fails, in which case nothing was written.
    pub async fn write<T, F>(&self, verb: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        submit(&self.writes, verb).await
    }

    /// Runs a question in a transaction that cannot write.
    ///
    /// # Errors
    /// What the question answers; [`Refusal::Busy`] when the queue is full; a fault when the database fails.
    pub async fn read<T, F>(&self, question: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        submit(&self.reads, question).await
    }

    /// As [`Db::write`], for commands and tests that have no async runtime.
    ///
    /// # Errors
    /// As [`Db::write`].
    pub fn write_blocking<T, F>(&self, verb: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        submit_blocking(&self.writes, verb)
    }

    /// As [`Db::read`], for commands and tests that have no async runtime.
    ///
    /// # Errors
    /// As [`Db::read`].
    pub fn read_blocking<T, F>(&self, question: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        submit_blocking(&self.reads, question)
    }

    /// Moves on whenever something may have been written, by this process at once and by others within half a second.
    #[must_use]
    pub fn epoch(&self) -> u64 {
        self.shared.epoch.load(Ordering::Acquire)
    }

    /// Waits until this process has enqueued a job, from the moment of this call on; other nodes' jobs are found by asking.
    pub fn job_enqueued(&self) -> tokio::sync::futures::Notified<'_> {
        self.shared.jobs.notified()
    }

    /// What is the same for every transaction of this process.
    #[must_use]
    pub fn house(&self) -> &Arc<House> {
        &self.shared.house
    }

    /// Which database this is.
    #[must_use]
    pub fn url(&self) -> &DatabaseUrl {
        &self.shared.url
    }

    /// False from the moment a write finds the disk full until another one finds room.
    #[must_use]
    pub fn has_room(&self) -> bool {
        !self.shared.full.load(Ordering::Relaxed)
    }

    /// Writes and reads that were asked for and not yet answered.
    #[must_use]
    pub fn waiting(&self) -> (u64, u64) {
        (self.writes.waiting(), self.reads.waiting())
    }

    /// Writes that were acknowledged and the commits that carried them, since the start.
    #[must_use]
    pub fn written(&self) -> (u64, u64) {
        (
            self.shared.written.load(Ordering::Relaxed),
            self.shared.commits.load(Ordering::Relaxed),
        )
    }
}

fn spawn(name: String, work: impl FnOnce() + Send + 'static) -> Result<(), Fault> {
    let context = format!("starting the thread {name}");
    std::thread::Builder::new()
        .name(name)
        .spawn(work)
        .map(drop)
        .map_err(|e| Fault::from_error(context, e))
}

/// One waiting read or write, with its type forgotten.
pub(super) trait Work: Send {
    /// True when nobody waits for the answer any more.
    fn abandoned(&self) -> bool;
    /// Runs the closure and keeps its result. `Err` carries the database error worth a look at the transaction.
    fn run(&mut self, tx: &mut Tx<'_>) -> Ran;
    /// Answers: the kept result, or why it was not kept.
    fn answer(self: Box<Self>, committed: Result<()>);
}

/// How a closure ended, as far as its transaction has to know.
pub(super) enum Ran {
    /// To be committed.
    Kept,
    /// To be rolled back: refused, or failed.
    Undone,
    /// Undone, and worth another try on PostgreSQL: two transactions were in each other's way.
    Again,
    /// Undone because the connection is gone.
    Lost,
    /// Undone because the disk is full.
    NoRoom,
}

struct Job<T, F> {
    verb: F,
    result: Option<Result<T>>,
    _place: Place,
    reply: oneshot::Sender<Result<T>>,
}

impl<T, F> Work for Job<T, F>
where
    T: Send,
    F: FnMut(&mut Tx<'_>) -> Result<T> + Send,
{
    fn abandoned(&self) -> bool {
        self.reply.is_closed()
    }

    fn run(&mut self, tx: &mut Tx<'_>) -> Ran {
        let verb = &mut self.verb;
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            let value = verb(tx)?;
            tx.finish()?;
            Ok(value)
        }))
        .unwrap_or_else(|panic| Err(Stop::Fault(panicked(panic.as_ref()))));
        let ran = match &outcome {
            Ok(_) => Ran::Kept,
            Err(Stop::Fault(fault)) if worth_retrying(fault) => Ran::Again,
            Err(Stop::Fault(fault)) if connection_lost(fault) => Ran::Lost,
            Err(Stop::Fault(fault)) if fault.no_room() => Ran::NoRoom,
            Err(_) => Ran::Undone,
        };
        self.result = Some(outcome);
        ran
    }

    fn answer(self: Box<Self>, committed: Result<()>) {
        let result = match (committed, self.result) {
            (Ok(()), Some(result)) => result,
            // Nobody can be asked now; that says more than how it was noticed.
            (Err(busy @ Stop::Refused(_)), _) => Err(busy),
            // A verb that was refused or failed keeps its own answer: nothing of it was to be committed.
            (Err(_), Some(Err(stop))) => Err(stop),
            (Err(fault), _) => Err(fault),
            (Ok(()), None) => Err(Stop::fault("a write was answered before it ran")),
        };
        let result = result.map_err(told);
        // The asker may have gone; its answer is nobody's then.
        drop(self.reply.send(result));
    }
}

/// What the house can say about a fault of the database: there is no room, or another process is writing for long.
fn told(stop: Stop) -> Stop {
    match stop {
        Stop::Fault(fault) if fault.no_room() => Refusal::NoRoom.into(),
        Stop::Fault(fault) if in_the_way(&fault) => Refusal::Busy { retry_after: 5 }.into(),
        stop => stop,
    }
}

fn panicked(panic: &(dyn std::any::Any + Send)) -> Fault {
    let words = panic
        .downcast_ref::<&str>()
        .map(|s| (*s).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "no message".to_owned());
    Fault::new(format!("panic in a transaction: {words}"))
}

async fn submit<T, F>(queue: &Queue<Box<dyn Work>>, verb: F) -> Result<T>
where
    T: Send + 'static,
    F: FnMut(&mut Tx<'_>) -> Result<T> + Send + 'static,
{
    let answer = enqueue(queue, verb)?;
    answer
        .await
        .unwrap_or_else(|_| Err(Stop::fault("the database thread is gone")))
}

fn submit_blocking<T, F>(queue: &Queue<Box<dyn Work>>, verb: F) -> Result<T>
where
    T: Send + 'static,
    F: FnMut(&mut Tx<'_>) -> Result<T> + Send + 'static,
{
    let answer = enqueue(queue, verb)?;
    answer
        .blocking_recv()
        .unwrap_or_else(|_| Err(Stop::fault("the database thread is gone")))
}

fn enqueue<T, F>(queue: &Queue<Box<dyn Work>>, verb: F) -> Result<oneshot::Receiver<Result<T>>>
where
    T: Send + 'static,
    F: FnMut(&mut Tx<'_>) -> Result<T> + Send + 'static,
{
    let (reply, answer) = oneshot::channel();
    match queue.sender.try_send(Box::new(Job {
        verb,
        result: None,
        _place: queue.place(),
        reply,
    })) {
        Ok(()) => Ok(answer),
        Err(TrySendError::Full(_)) => Err(Refusal::Busy { retry_after: 1 }.into()),
        Err(TrySendError::Disconnected(_)) => Err(Stop::fault("the database thread is gone")),
    }
}

impl Shared {
    pub(super) fn committed(&self, writes: u64, wakes_jobs: bool) {
        self.epoch.fetch_add(1, Ordering::AcqRel);
        self.commits.fetch_add(1, Ordering::Relaxed);
        self.written.fetch_add(writes, Ordering::Relaxed);
        if self.full.swap(false, Ordering::Relaxed) {
            tracing::info!("there is room on the disk again");
        }
        if wakes_jobs {
            // Every lane looks whether it is for it.
            self.jobs.notify_waiters();
        }
    }
}

impl Shared {
    /// A write found no room. Said once, not for each: the log may stand on the same disk.
    pub(super) fn found_no_room(&self) {
        if !self.full.swap(true, Ordering::Relaxed) {
            tracing::error!("the disk is full: nothing can be written until there is room");
        }
    }
}

/// The one writer of SQLite: groups of writes, a savepoint each, one commit, then the answers.
fn write_in_groups(mut conn: Conn, shared: &Shared, queue: &Receiver<Box<dyn Work>>, most: usize) {
    let mut seen = 0;
    loop {
        shared.notice(version_of(&mut conn, WRITES_OF_OTHERS), &mut seen);
        let first = match queue.recv_timeout(NEIGHBOURS) {
            Ok(first) => first,
            Err(RecvTimeoutError::Timeout) => continue,
            Err(RecvTimeoutError::Disconnected) => return,
        };
        let mut group: Vec<Box<dyn Work>> = Vec::with_capacity(most);
        let committed = run_group(&mut conn, shared, queue, most, first, &mut group);
        if committed.is_err() {
            // Whatever state the connection is in, the next group begins with a clean one.
            drop(conn.batch("ROLLBACK"));
        }
        for work in group {
            let answer = match &committed {
                Ok(()) => Ok(()),
                Err(Dead::NoRoom) => Err(Refusal::NoRoom.into()),
                Err(Dead::Told(context)) => Err(Stop::fault(context.clone())),
            };
            work.answer(answer);
        }
    }
}

/// Why a whole group was lost.
enum Dead {
    /// The disk is full.
    NoRoom,
    Told(String),
}

impl Dead {
    fn of(shared: &Shared, context: &str, error: &DieselError) -> Self {
        let words = format!("{context}: {error}");
        if Fault::new(words.as_str()).no_room() {
            shared.found_no_room();
            return Self::NoRoom;
        }
        Self::Told(words)
    }
}

fn run_group(
    conn: &mut Conn,
    shared: &Shared,
    queue: &Receiver<Box<dyn Work>>,
    most: usize,
    first: Box<dyn Work>,
    group: &mut Vec<Box<dyn Work>>,
) -> Result<(), Dead> {
    let mut next = Some(first);
    if let Err(error) = conn.batch("BEGIN IMMEDIATE") {
        group.extend(next);
        return Err(Dead::of(shared, "beginning a group of writes", &error));
    }
    let (mut kept, mut wakes) = (0, false);
    while let Some(mut work) = next {
        if !work.abandoned() {
            let (outcome, woke) = in_savepoint(conn, shared, work.as_mut());
            wakes |= woke;
            group.push(work);
            match outcome {
                Ok(Wrote::Something) => kept += 1,
                Ok(Wrote::Nothing) => {}
                // The outer transaction died under us (a full disk rolls back everything): the group is lost as a whole.
                Err(dead) => return Err(dead),
            }
        }
        next = if group.len() < most {
            queue.try_recv().ok()
        } else {
            None
        };
    }
    conn.batch("COMMIT")
        .map_err(|error| Dead::of(shared, "committing a group of writes", &error))?;
    // A group that only looked for work leaves every kept page as good as it was.
    if kept > 0 {
        shared.committed(kept, wakes);
    }
    Ok(())
}

/// What is left of a write in its group.
enum Wrote {
    Something,
    /// It was undone, or only looked for work.
    Nothing,
}

/// Runs one write in its savepoint; `Err` if the outer transaction is gone.
fn in_savepoint(
    conn: &mut Conn,
    shared: &Shared,
    work: &mut dyn Work,
) -> (Result<Wrote, Dead>, bool) {
    let lost = |error: DieselError| Dead::of(shared, "the group of writes was lost", &error);
    if let Err(error) = conn.batch("SAVEPOINT verb") {
        return (Err(lost(error)), false);
    }
    let epoch = shared.epoch.load(Ordering::Acquire);
    let (ran, idle, wakes) = {
        let mut tx = Tx::new(conn, &shared.house, epoch, None);
        let ran = work.run(&mut tx);
        (ran, tx.was_idle(), tx.woke_jobs())
    };
    let ended = match ran {
        Ran::Kept if idle => conn.batch("RELEASE verb").map(|()| Wrote::Nothing),
        Ran::Kept => conn.batch("RELEASE verb").map(|()| Wrote::Something),
        Ran::Undone | Ran::Again | Ran::Lost | Ran::NoRoom => conn
            .batch("ROLLBACK TO verb; RELEASE verb")
            .map(|()| Wrote::Nothing),
    };
    let ended = match (ended, &ran) {
        // What is gone with the room is not the savepoint's fault.
        (ended, Ran::NoRoom) => {
            shared.found_no_room();
            ended.map_err(|_| Dead::NoRoom)
        }
        (ended, _) => ended.map_err(lost),
    };
    (ended, wakes)
}

/// How often other processes' writes are looked for.
const NEIGHBOURS: std::time::Duration = std::time::Duration::from_millis(400);
/// Moves with every commit of another connection; asked on the writer's own, so not with ours.
const WRITES_OF_OTHERS: &str = "SELECT data_version AS version FROM pragma_data_version";

#[derive(diesel::QueryableByName)]
struct Version {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    version: i64,
}

/// What a question about the database's age answers; `None` where it does not.
fn version_of(conn: &mut Conn, question: &str) -> Option<i64> {
    let found = diesel::RunQueryDsl::get_result::<Version>(diesel::sql_query(question), conn);
    found.ok().map(|found| found.version)
}

impl Shared {
    /// What is kept does not outlive what others wrote; not knowing counts as a write.
    fn notice(&self, version: Option<i64>, seen: &mut i64) {
        if version != Some(*seen) {
            *seen = version.unwrap_or_default();
            self.epoch.fetch_add(1, Ordering::AcqRel);
            self.jobs.notify_one();
        }
    }
}

/// Notices what other processes write, so that caches do not outlive it by more than half a second. On SQLite the writer
/// looks itself, and what it notes without changing a page throws nothing away; on PostgreSQL every transaction counts.
#[expect(
    clippy::disallowed_methods,
    reason = "a thread that does nothing but wait and look"
)]
fn watch_neighbours(url: &DatabaseUrl, shared: Arc<Shared>) -> Result<(), Fault> {
    let mut conn = Conn::open(url, Purpose::Read)?;
    if conn.is_sqlite() {
        return Ok(());
    }
    let weak = Arc::downgrade(&shared);
    drop(shared);
    spawn("db-watch".to_owned(), move || {
        let mut seen = 0;
        let question = "SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS version";
        while let Some(shared) = weak.upgrade() {
            let version = version_of(&mut conn, question);
            shared.notice(version, &mut seen);
            if version.is_none()
                && let Ok(fresh) = Conn::open(&shared.url, Purpose::Read)
            {
                conn = fresh;
            }
            drop(shared);
            std::thread::sleep(NEIGHBOURS);
        }
    })
}
