//! The whole table of DESIGN §3: one exhaustive match, denied by default, one clause a line.
//!
//! Long because it is the one table of who may do what.

use super::action::Action;
use super::actor::{Actor, Person, Role, Trust};
use super::facts::{Access, CategoryFacts, HighlightFacts, PostFacts, PostState, ThreadFacts};
use crate::kit::stop::{Document, Refusal, Stop};

/// A clause of the law: it holds, or this is why not.
type Clause = Result<(), Refusal>;

impl Actor {
    /// May this actor do this? The answer to a no says why.
    ///
    /// # Errors
    /// [`Stop::Refused`] with the first clause that does not hold.
    pub fn may(&self, action: &Action<'_>) -> Result<(), Stop> {
        self.decide(action).map_err(Stop::Refused)
    }

    /// The same as a yes or no, for buttons.
    #[must_use]
    pub fn can(&self, action: &Action<'_>) -> bool {
        self.decide(action).is_ok()
    }

    #[expect(
        clippy::too_many_lines,
        reason = "the whole table of permissions is one match, read from top to bottom"
    )]
    fn decide(&self, action: &Action<'_>) -> Clause {
        if matches!(self, Self::System(_)) {
            return Ok(());
        }
        match action {
            Action::SeeCategory(c) => self.sees(c),
            Action::SeeThread(t) => self.sees_thread(t),
            Action::SeePost(p) => self.sees_post(p),
            Action::SeeRevisions(p) => self.sees_post(p).and(self.present().map(drop)),
            Action::Start(c) => self.sees(c).and(self.takes_part()).and(self.starts_in(c)),
            Action::Reply(t) => self
                .sees_thread(t)
                .and(self.takes_part())
                .and(self.replies_in(t)),
            Action::EditPost(p) => self.sees_post(p).and(self.takes_part()).and(
                self.wrote_or_moderates(p)
                    .or_else(|no| self.opened_to(p, no)),
            ),
            Action::OpenPost(p) => self
                .sees_post(p)
                .and(self.takes_part())
                .and(self.wrote_or_moderates(p)),
            Action::SpeakOfficially(p) => self
                .sees_post(p)
                .and(self.takes_part())
                .and(yours(self.is(p.author)))
                .and(self.one_of(
                    &[Role::Moderator, Role::Publisher, Role::Admin],
                    "moderator",
                )),
            Action::RestorePost(p, by_author) => {
                self.sees_thread(&p.thread)
                    .and(if *by_author && self.is(p.author) {
                        self.takes_part()
                    } else {
                        self.moderates(&p.thread.category)
                    })
            }
            Action::EditThread(t) => self
                .sees_thread(t)
                .and(self.takes_part())
                .and(self.started_or_moderates(t)),
            Action::DeletePost(p) => self
                .sees_post(p)
                .and(self.present().map(drop))
                .and(self.owns_or_moderates(p)),
            Action::HidePost(p) => self.sees_post(p).and(self.moderates(&p.thread.category)),
            Action::ModerateThread(t) => self.sees_thread(t).and(self.moderates(&t.category)),
            Action::MoveThread(t, c) => self
                .sees_thread(t)
                .and(self.moderates(&t.category))
                .and(self.sees(c)),
            Action::React(p) => self.sees_post(p).and(self.takes_part()),
            Action::ReactTo(p) => self
                .sees_post(p)
                .and(self.takes_part())
                .and(self.wrote_not(p)),
            Action::Upload => self.takes_part(),
            Action::MarkAnswer(t) => self.sees_thread(t).and(self.takes_part()).and(
                yours(self.is(t.author)).or_else(|no| self.moderates(&t.category).map_err(|_| no)),
            ),
            Action::Report(p) => self.sees_post(p).and(self.confirmed()),
            Action::ReportMember => self.confirmed(),
            Action::Nominate(p) => self
                .sees_post(p)
                .and(self.takes_part())
                .and(self.may_nominate())
                .and(nominable(p)),
            Action::NominateThread(t) => self
                .sees_thread(t)
                .and(self.takes_part())
                .and(self.may_nominate())
                .and(nominable_thread(t)),
            Action::NominateMilestone => self.takes_part().and(self.may_nominate()),
            Action::SeeCandidates => {
                self.one_of(&[Role::Champion, Role::Moderator, Role::Admin], "moderator")
            }
            Action::DecideConsent(c) => self.present().and_then(|me| yours(me.id == c.member)),
            Action::TakeWordsBack(c) => {
                let me = self.person().ok_or(Refusal::SignInFirst)?;
                yours(me.id == c.member)
            }
            Action::SeeHighlight(h) => self.concerned(h),
            Action::SuggestText => self.one_of(&[Role::Champion, Role::Publisher], "champion"),
            Action::Review | Action::SeeInsights => {
                self.one_of(&[Role::Moderator, Role::Admin], "moderator")
            }
            Action::Sanction(member) => self
                .one_of(&[Role::Moderator, Role::Admin], "moderator")
                .and(not_oneself(self, *member)),
            Action::SeeApprovals => self.role(Role::Moderator),
            Action::Approve(h) => self
                .role(Role::Moderator)
                .and(self.speaks_by_the_rules())
                .and(self.four_eyes(h)),
            Action::SeeLibrary | Action::Pull => {
                self.role(Role::Publisher).and(self.speaks_by_the_rules())
            }
            Action::Announce(h) => self
                .role(Role::Publisher)
                .and(self.speaks_by_the_rules())
                .and(self.not_the_approver(h)),
            Action::SeeOutreach => self.one_of(
                &[Role::Publisher, Role::Moderator, Role::Admin],
                "publisher",
            ),
            Action::KeepCalendar => self.role(Role::Publisher).and(self.speaks_by_the_rules()),
            Action::AskForVoices => self.role(Role::Publisher),
            Action::SeeVoices => self.one_of(&[Role::Publisher, Role::Moderator], "publisher"),
            Action::AnswerVoices => self.role(Role::Moderator),
            Action::ResolveDelivery => self.role(Role::Publisher).and(self.speaks_by_the_rules()),
            Action::WithdrawAnnouncement | Action::PauseChannels => self.one_of(
                &[Role::Publisher, Role::Moderator, Role::Admin],
                "publisher",
            ),
            Action::EditDocument(kind) | Action::SeeAcknowledgements(kind) => self.keeps(*kind),
            Action::Acknowledge => self.present().map(drop),
            Action::ManageCategories
            | Action::ManageGroups
            | Action::ManageMembers
            | Action::ManageChannels
            | Action::ManageSite
            | Action::EditPages => self.role(Role::Admin),
            Action::ManageSelf(member) => self.present().and_then(|me| yours(me.id == *member)),
            Action::TellOfSelf(member) => self
                .present()
                .and_then(|me| yours(me.id == *member))
                .and(self.not_silenced()),
        }
    }

    /// Signed in and not suspended.
    fn present(&self) -> Result<&Person, Refusal> {
        let person = self.person().ok_or(Refusal::SignInFirst)?;
        match person.suspended {
            Some(until) => Err(Refusal::Suspended(Some(until))),
            None => Ok(person),
        }
    }

    /// Present, and reachable by mail.
    fn confirmed(&self) -> Clause {
        let person = self.present()?;
        if person.email_confirmed {
            Ok(())
        } else {
            Err(Refusal::ConfirmEmailFirst)
        }
    }

    /// What everybody who writes must be: confirmed, not silenced, and familiar with how we speak in here.
    fn takes_part(&self) -> Clause {
        self.confirmed()?;
        self.not_silenced()?;
        let person = self.present()?;
        if person.community_acknowledged {
            Ok(())
        } else {
            Err(Refusal::AcknowledgeFirst(Document::Community))
        }
    }

    fn not_silenced(&self) -> Clause {
        match self.present()?.silenced {
            Some(until) => Err(Refusal::Silenced(Some(until))),
            None => Ok(()),
        }
    }

    /// Familiar with how we speak about the community out there.
    fn speaks_by_the_rules(&self) -> Clause {
        let person = self.present()?;
        if person.messaging_acknowledged {
            Ok(())
        } else {
            Err(Refusal::AcknowledgeFirst(Document::Messaging))
        }
    }

    fn role(&self, role: Role) -> Clause {
        self.one_of(&[role], role.as_str())
    }

    fn one_of(&self, roles: &[Role], named: &'static str) -> Clause {
        let person = self.present()?;
        if roles.iter().any(|role| person.roles.has(*role)) {
            Ok(())
        } else {
            Err(Refusal::RoleNeeded(named))
        }
    }

    fn covers(&self, access: &Access) -> bool {
        access.everyone
            || self.person().is_some_and(|p| {
                p.suspended.is_none()
                    && (access.members || access.groups.iter().any(|g| p.groups.contains(g)))
            })
    }

    /// What is not for this reader is not there.
    pub(super) fn sees(&self, category: &CategoryFacts) -> Clause {
        let open = self.has(Role::Admin) || category.see.iter().all(|level| self.covers(level));
        if open { Ok(()) } else { Err(Refusal::NotFound) }
    }

    pub(super) fn sees_thread(&self, thread: &ThreadFacts) -> Clause {
        self.sees(&thread.category)?;
        let shown = match thread.state {
            PostState::Visible => true,
            PostState::Hidden => self.moderates(&thread.category).is_ok() || self.is(thread.author),
            PostState::Deleted => self.moderates(&thread.category).is_ok(),
        };
        if shown {
            Ok(())
        } else {
            Err(Refusal::NotFound)
        }
    }

    pub(super) fn sees_post(&self, post: &PostFacts) -> Clause {
        self.sees_thread(&post.thread)?;
        let shown = match post.state {
            PostState::Visible => true,
            PostState::Hidden => {
                self.moderates(&post.thread.category).is_ok() || self.is(post.author)
            }
            PostState::Deleted => self.moderates(&post.thread.category).is_ok(),
        };
        if shown {
            Ok(())
        } else {
            Err(Refusal::NotFound)
        }
    }

    fn is(&self, member: Option<crate::kit::ids::MemberId>) -> bool {
        member.is_some() && self.id() == member
    }

    fn starts_in(&self, category: &CategoryFacts) -> Clause {
        let open = !category.closed && self.covers(&category.start);
        if open || self.moderates(category).is_ok() {
            Ok(())
        } else {
            Err(Refusal::CategoryClosed)
        }
    }

    fn replies_in(&self, thread: &ThreadFacts) -> Clause {
        if self.moderates(&thread.category).is_ok() {
            return Ok(());
        }
        if thread.locked {
            return Err(Refusal::Locked);
        }
        let open = !thread.category.closed && self.covers(&thread.category.reply);
        if open {
            Ok(())
        } else {
            Err(Refusal::CategoryClosed)
        }
    }

    pub(super) fn moderates(&self, category: &CategoryFacts) -> Clause {
        let person = self.present()?;
        let granted = self.is_staff()
            || category
                .moderate
                .groups
                .iter()
                .any(|g| person.groups.contains(g));
        if granted {
            Ok(())
        } else {
            Err(Refusal::RoleNeeded("moderator"))
        }
    }

    fn wrote_or_moderates(&self, post: &PostFacts) -> Clause {
        if self.moderates(&post.thread.category).is_ok() {
            return Ok(());
        }
        yours(self.is(post.author))?;
        if post.thread.locked {
            Err(Refusal::Locked)
        } else {
            Ok(())
        }
    }

    fn started_or_moderates(&self, thread: &ThreadFacts) -> Clause {
        if self.moderates(&thread.category).is_ok() {
            return Ok(());
        }
        yours(self.is(thread.author))?;
        if thread.locked {
            Err(Refusal::Locked)
        } else {
            Ok(())
        }
    }

    /// A post that was opened is edited by whoever has been here for a while and may reply there.
    fn opened_to(&self, post: &PostFacts, no: Refusal) -> Clause {
        if !post.wiki || post.state != PostState::Visible {
            return Err(no);
        }
        self.replies_in(&post.thread)?;
        self.may_nominate()
    }

    fn wrote_not(&self, post: &PostFacts) -> Clause {
        if self.is(post.author) {
            Err(Refusal::OwnWords)
        } else {
            Ok(())
        }
    }

    fn owns_or_moderates(&self, post: &PostFacts) -> Clause {
        if self.moderates(&post.thread.category).is_ok() {
            Ok(())
        } else {
            yours(self.is(post.author))
        }
    }

    fn may_nominate(&self) -> Clause {
        let person = self.present()?;
        let roles = [
            Role::Champion,
            Role::Moderator,
            Role::Publisher,
            Role::Admin,
        ];
        let known =
            person.trust == Trust::Established || roles.iter().any(|r| person.roles.has(*r));
        if known {
            Ok(())
        } else {
            Err(Refusal::EstablishedOnly)
        }
    }

    fn concerned(&self, highlight: &HighlightFacts) -> Clause {
        let person = self.present()?;
        if highlight.is_party(person.id) || person.roles.has(Role::Moderator) {
            return Ok(());
        }
        // What did not reach the library, or left it, is none of a publisher's business.
        if highlight.in_library && person.roles.has(Role::Publisher) {
            return self.speaks_by_the_rules();
        }
        Err(Refusal::NotFound)
    }

    fn four_eyes(&self, highlight: &HighlightFacts) -> Clause {
        let person = self.present()?;
        if highlight.is_party(person.id) {
            Err(Refusal::FourEyes)
        } else {
            Ok(())
        }
    }

    fn not_the_approver(&self, highlight: &HighlightFacts) -> Clause {
        let person = self.present()?;
        let approved = highlight.approver == Some(person.id) && !highlight.approver_may_send;
        if approved {
            Err(Refusal::FourEyes)
        } else {
            Ok(())
        }
    }

    fn keeps(&self, kind: Document) -> Clause {
        match kind {
            Document::Charter | Document::Community => {
                self.one_of(&[Role::Moderator, Role::Admin], "moderator")
            }
            Document::Messaging => {
                self.one_of(&[Role::LeadPublisher, Role::Admin], "lead_publisher")
            }
        }
    }
}

fn yours(it_is: bool) -> Clause {
    if it_is {
        Ok(())
    } else {
        Err(Refusal::NotYours)
    }
}

fn not_oneself(actor: &Actor, member: crate::kit::ids::MemberId) -> Clause {
    if actor.id() == Some(member) {
        Err(Refusal::FourEyes)
    } else {
        Ok(())
    }
}

fn nominable(post: &PostFacts) -> Clause {
    if !post.is_public() {
        return Err(Refusal::NotPublic);
    }
    // Words of many hands are nobody's own, and nobody alone can agree for them.
    if post.thread.category.nominable && !post.wiki {
        Ok(())
    } else {
        Err(Refusal::NotNominable)
    }
}

fn nominable_thread(thread: &ThreadFacts) -> Clause {
    if thread.state != PostState::Visible || !thread.category.is_public() {
        return Err(Refusal::NotPublic);
    }
    if thread.category.nominable {
        Ok(())
    } else {
        Err(Refusal::NotNominable)
    }
}
