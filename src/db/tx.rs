//! The open transaction that every verb takes, with the moment it happens in and the joints upward.

use std::any::Any;
use std::collections::HashSet;
use std::sync::Arc;

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::conn::Conn;
use super::kept::Kept;
use crate::kit::event::{Gate, Origin};
use url::Url;

use crate::kit::ids::{ChannelId, DeliveryId, HighlightId, MemberId, PostId, ThreadId};
use crate::kit::seal::Keyring;
use crate::kit::{At, Clock, Event, Result};

/// What upper rooms hang into the transaction of lower ones; one list, made in `app.rs`.
#[derive(Default)]
pub struct Joints {
    /// Called for every event, in order, in the same transaction; an error aborts the verb.
    pub on_event: Vec<fn(&mut Tx<'_>, &Event) -> Result<()>>,
    /// Asked by the bridge in the transaction that writes `sending`.
    pub before_send: Vec<fn(&mut Tx<'_>, &Origin) -> Result<Gate>>,
    /// Called by the bridge before it locks a channel or a delivery: the room that asked for the delivery takes its own
    /// (lower) locks now, because it will be asked or told later in the same transaction.
    pub lock_origin: Vec<fn(&mut Tx<'_>, &Origin) -> Result<()>>,
    /// Called by a verb that touches several things of which higher rooms are told one after the other (words hidden and
    /// their author silenced): whoever hangs on these posts or on this author takes its locks now, before the first word.
    pub lock_behind: Vec<fn(&mut Tx<'_>, &[PostId], Option<MemberId>) -> Result<()>>,
    /// Asked before a member is told about something: may this member see it now? Kind and id of the subject.
    pub may_be_told: Vec<fn(&mut Tx<'_>, MemberId, &str, i64) -> Result<bool>>,
    /// The same for a whole page of things of one kind, by the room whose things they are: those of the ids that the member
    /// may see now; nothing where the kind is not that room's, or it has no shorter way than asking for each.
    pub may_be_told_of: Vec<MayBeToldOf>,
    /// Asked before an address is kept that is called later: may the outbound client call it at all?
    pub may_call: Vec<MayCall>,
}

/// Those of the things of one kind that a member may be told of; nothing where somebody else has to be asked.
pub type MayBeToldOf = fn(&mut Tx<'_>, MemberId, &str, &[i64]) -> Result<Option<Vec<i64>>>;

/// Whether an address may be called, as far as that can be told without looking up its name.
pub type MayCall = Box<dyn Fn(&Url) -> bool + Send + Sync>;

/// What is the same for every transaction of this process.
pub struct House {
    /// The joints.
    pub joints: Joints,
    /// Says what moment it is.
    pub clock: Arc<dyn Clock>,
    /// Scheme, host and port under which people reach the community; no slash at the end.
    pub base_url: String,
    /// The community's keys, from the key file: they seal channel secrets and sign links in letters.
    pub ring: Keyring,
    /// A secret derived from them that outlives their rotation; hashes that must stay comparable are keyed with it.
    pub secret: [u8; 32],
}

/// The rows that are locked before a gate is read or changed, lowest first: whoever needs several takes them in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lock {
    /// A member's standing.
    Member(MemberId),
    /// A thread's counters.
    Thread(ThreadId),
    /// A post's words and state.
    Post(PostId),
    /// A highlight and everything that hangs on it.
    Highlight(HighlightId),
    /// A channel's lease and pace.
    Channel(ChannelId),
    /// A delivery's state.
    Delivery(DeliveryId),
    /// The end of the audit chain; always last.
    AuditChain,
}

impl Lock {
    const fn rank(self) -> u8 {
        match self {
            Self::Member(_) => 0,
            Self::Thread(_) => 1,
            Self::Post(_) => 2,
            Self::Highlight(_) => 3,
            Self::Channel(_) => 4,
            Self::Delivery(_) => 5,
            Self::AuditChain => 6,
        }
    }

    const fn statement(self) -> (&'static str, i64) {
        match self {
            Self::Member(id) => (
                "SELECT member_id AS id FROM standings WHERE member_id = $1 FOR UPDATE",
                id.0,
            ),
            Self::Thread(id) => ("SELECT id FROM threads WHERE id = $1 FOR UPDATE", id.0),
            Self::Post(id) => ("SELECT id FROM posts WHERE id = $1 FOR UPDATE", id.0),
            Self::Highlight(id) => ("SELECT id FROM highlights WHERE id = $1 FOR UPDATE", id.0),
            Self::Channel(id) => ("SELECT id FROM channels WHERE id = $1 FOR UPDATE", id.0),
            Self::Delivery(id) => ("SELECT id FROM deliveries WHERE id = $1 FOR UPDATE", id.0),
            Self::AuditChain => (
                "SELECT 0::bigint AS id FROM pg_advisory_xact_lock($1)",
                0x0010_661B,
            ),
        }
    }
}

#[derive(QueryableByName)]
struct Locked {
    #[diesel(sql_type = BigInt)]
    #[expect(dead_code, reason = "the row is locked, not read")]
    id: i64,
}

/// The open transaction. It cannot be made outside this room, so nothing is written outside one.
pub struct Tx<'c> {
    /// The connection, for diesel's words.
    pub conn: &'c mut Conn,
    house: &'c Arc<House>,
    now: At,
    highest_lock: u8,
    held: HashSet<Lock>,
    wakes_jobs: bool,
    idle: bool,
    at_end: Vec<AtEnd>,
    epoch: u64,
    kept: Option<&'c Kept>,
}

/// A last step of a transaction.
type AtEnd = Box<dyn FnOnce(&mut Tx<'_>) -> Result<()>>;

impl<'c> Tx<'c> {
    /// `kept` is given to transactions that only read.
    pub(super) fn new(
        conn: &'c mut Conn,
        house: &'c Arc<House>,
        epoch: u64,
        kept: Option<&'c Kept>,
    ) -> Self {
        let now = house.clock.now();
        Self {
            conn,
            house,
            now,
            highest_lock: 0,
            held: HashSet::new(),
            wakes_jobs: false,
            idle: false,
            at_end: Vec::new(),
            epoch,
            kept,
        }
    }

    /// Reads something small that nearly every page needs: in a transaction that only reads it is kept until anything is
    /// written, here or (within half a second) by another node. A transaction that writes always reads anew.
    ///
    /// # Errors
    /// What reading answers.
    pub fn keep<T: Any + Send + Sync>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T>,
    ) -> Result<Arc<T>> {
        if let Some(found) = self.kept.and_then(|kept| kept.get::<T>(self.epoch)) {
            return Ok(found);
        }
        let found = Arc::new(read(self)?);
        if let Some(kept) = self.kept {
            kept.put(self.epoch, found.clone());
        }
        Ok(found)
    }

    /// The moment this transaction happens in; the same however often it is asked.
    #[must_use]
    pub const fn now(&self) -> At {
        self.now
    }

    /// The database's epoch before this transaction began: what is read here may be kept under it.
    #[must_use]
    pub const fn epoch(&self) -> u64 {
        self.epoch
    }

    /// What is the same for every transaction of this process.
    #[must_use]
    pub const fn house(&self) -> &'c Arc<House> {
        self.house
    }

    /// An absolute address under this community's own host; `path` begins with a slash.
    #[must_use]
    pub fn link(&self, path: &str) -> String {
        format!("{}{path}", self.house.base_url)
    }

    /// Tells upper rooms what happened, in this same transaction.
    ///
    /// # Errors
    /// Whatever a joint answers; the verb must not go on.
    pub fn tell(&mut self, event: &Event) -> Result<()> {
        for joint in &self.house.joints.on_event {
            joint(self, event)?;
        }
        Ok(())
    }

    /// Lets higher rooms lock what hangs on these posts and on this author; see [`Joints::lock_behind`].
    ///
    /// # Errors
    /// Whatever a joint answers.
    pub fn lock_behind(&mut self, posts: &[PostId], author: Option<MemberId>) -> Result<()> {
        for joint in &self.house.joints.lock_behind {
            joint(self, posts, author)?;
        }
        Ok(())
    }

    /// Locks a row until the end of the transaction: `FOR UPDATE` on PostgreSQL, nothing on SQLite, where writers take turns anyway.
    /// What this transaction holds already it holds, in whatever order verbs ask for it again.
    ///
    /// # Errors
    /// A fault when locks are taken out of order (a programming error that would deadlock) or the database fails.
    pub fn lock(&mut self, lock: Lock) -> Result<()> {
        if !self.held.insert(lock) {
            return Ok(());
        }
        let rank = lock.rank();
        // Several locks of one kind are fine if the caller sorts the ids; going back to a lower kind is not.
        debug_assert!(rank >= self.highest_lock, "locks out of order: {lock:?}");
        self.highest_lock = self.highest_lock.max(rank);
        if let Conn::Postgres(conn) = self.conn {
            let (statement, id) = lock.statement();
            diesel::sql_query(statement)
                .bind::<BigInt, _>(id)
                .load::<Locked>(conn)?;
        }
        Ok(())
    }

    /// Does several things or none of them: what is refused or found wrong leaves nothing behind in this transaction, and
    /// the transaction goes on.
    ///
    /// # Errors
    /// What `part` answers; a fault where the database fails, after which the transaction must not go on.
    pub fn attempt<T>(&mut self, part: impl FnOnce(&mut Tx<'_>) -> Result<T>) -> Result<T> {
        self.conn.batch("SAVEPOINT part")?;
        let (steps, highest, held) = (self.at_end.len(), self.highest_lock, self.held.clone());
        let done = part(self);
        if done.is_err() {
            self.conn.batch("ROLLBACK TO SAVEPOINT part")?;
            // Rolling back lets go of the locks that were taken in between.
            self.at_end.truncate(steps);
            self.highest_lock = highest;
            self.held = held;
        }
        self.conn.batch("RELEASE SAVEPOINT part")?;
        done
    }

    /// Puts a step at the end of this transaction: after the verb, before COMMIT. The audit log uses it, since the
    /// end of its chain is the one row everybody wants and is therefore locked last and shortest.
    pub fn at_end(&mut self, step: impl FnOnce(&mut Tx<'_>) -> Result<()> + 'static) {
        self.at_end.push(Box::new(step));
    }

    /// Runs what was put at the end; a refusal there undoes the verb like any other.
    pub(super) fn finish(&mut self) -> Result<()> {
        while !self.at_end.is_empty() {
            for step in std::mem::take(&mut self.at_end) {
                step(self)?;
            }
        }
        Ok(())
    }

    pub(super) fn wake_jobs(&mut self) {
        self.wakes_jobs = true;
    }

    /// Says that this transaction looked for work and wrote nothing, so that what was read before still holds.
    pub fn note_idle(&mut self) {
        self.idle = true;
    }

    pub(super) const fn was_idle(&self) -> bool {
        self.idle
    }

    pub(super) const fn woke_jobs(&self) -> bool {
        self.wakes_jobs
    }
}
