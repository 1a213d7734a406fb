//! Who acts: a guest, a member with everything that decides, or the house itself.

use serde::{Deserialize, Serialize};

use crate::kit::At;
use crate::kit::ids::{GroupId, MemberId};

crate::text_enum! {
    /// A role: a named set of permissions. A person can hold several.
    pub enum Role {
        /// Supported and empowered voices of the community.
        Champion = "champion",
        /// Community managers.
        Moderator = "moderator",
        /// Marketing: takes approved highlights outside.
        Publisher = "publisher",
        /// A publisher who also keeps the messaging guidelines.
        LeadPublisher = "lead_publisher",
        /// Runs the community's settings; speaks outward only with the publisher role.
        Admin = "admin",
    }
}

/// A set of roles, stored as bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Roles(pub i64);

impl Roles {
    /// The set of these roles.
    #[must_use]
    pub fn of(roles: &[Role]) -> Self {
        Self(roles.iter().fold(0, |bits, role| bits | role.bit()))
    }

    /// Is the role in the set? A lead publisher is a publisher too.
    #[must_use]
    pub const fn has(self, role: Role) -> bool {
        let bits = match role {
            Role::Publisher => Role::Publisher.bit() | Role::LeadPublisher.bit(),
            other => other.bit(),
        };
        self.0 & bits != 0
    }

    /// The set with one more.
    #[must_use]
    pub const fn with(self, role: Role) -> Self {
        Self(self.0 | role.bit())
    }

    /// The set with one less.
    #[must_use]
    pub const fn without(self, role: Role) -> Self {
        Self(self.0 & !role.bit())
    }

    /// Those that are in the set by themselves, in the order of declaration.
    #[must_use]
    pub fn list(self) -> Vec<Role> {
        Role::ALL
            .iter()
            .copied()
            .filter(|role| self.0 & role.bit() != 0)
            .collect()
    }
}

impl Role {
    /// The bit that stands for it in `standings.roles` and `invitations.roles`.
    #[must_use]
    pub const fn bit(self) -> i64 {
        match self {
            Self::Champion => 1,
            Self::Moderator => 2,
            Self::Publisher => 4,
            Self::LeadPublisher => 8,
            Self::Admin => 16,
        }
    }
}

crate::text_enum! {
    /// Trust that grows by itself.
    pub enum Trust {
        /// Just arrived: held back by limits.
        New = "new",
        /// Has taken part a little.
        Member = "member",
        /// 14 days, 10 posts, none hidden: may nominate.
        Established = "established",
    }
}

/// A member as far as permissions go; read from standings in one query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Whose standing this is.
    pub id: MemberId,
    /// The handle in addresses and mentions.
    pub name: String,
    /// What others read.
    pub display: String,
    /// Roles held.
    pub roles: Roles,
    /// Groups the person is in.
    pub groups: Vec<GroupId>,
    /// Trust reached.
    pub trust: Trust,
    /// Was the e-mail address confirmed?
    pub email_confirmed: bool,
    /// A silence in force, with its end ([`At`] of `i64::MAX`: without end).
    pub silenced: Option<At>,
    /// A suspension in force, with its end.
    pub suspended: Option<At>,
    /// Are the community guidelines' current major version acknowledged (true where none is published)?
    pub community_acknowledged: bool,
    /// Are the messaging guidelines' current major version acknowledged (false where none is published)?
    pub messaging_acknowledged: bool,
}

/// Who acts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// Nobody we know.
    Guest,
    /// A member.
    Member(Box<Person>),
    /// The house: a job or command, named for the log.
    System(&'static str),
}

impl Actor {
    /// The member's id, if it is one.
    #[must_use]
    pub fn id(&self) -> Option<MemberId> {
        self.person().map(|p| p.id)
    }

    /// The member, if it is one.
    #[must_use]
    pub fn person(&self) -> Option<&Person> {
        match self {
            Self::Member(person) => Some(person),
            Self::Guest | Self::System(_) => None,
        }
    }

    /// Does the actor hold this role? The house holds all of them.
    #[must_use]
    pub fn has(&self, role: Role) -> bool {
        match self {
            Self::Guest => false,
            Self::Member(person) => person.roles.has(role),
            Self::System(_) => true,
        }
    }

    /// A moderator or admin.
    #[must_use]
    pub fn is_staff(&self) -> bool {
        self.has(Role::Moderator) || self.has(Role::Admin)
    }
}
