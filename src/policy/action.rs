//! Everything that anybody can try to do here, each with the facts its decision needs.

use super::facts::{CategoryFacts, ConsentFacts, HighlightFacts, PostFacts, ThreadFacts};
use crate::kit::ids::MemberId;
use crate::kit::stop::Document;

/// One thing somebody tries to do. `table.rs` decides in one exhaustive match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action<'f> {
    /// See a category.
    SeeCategory(&'f CategoryFacts),
    /// See a thread.
    SeeThread(&'f ThreadFacts),
    /// See a post's words.
    SeePost(&'f PostFacts),
    /// See an earlier version of a post.
    SeeRevisions(&'f PostFacts),
    /// Start a thread.
    Start(&'f CategoryFacts),
    /// Reply.
    Reply(&'f ThreadFacts),
    /// Change a post's words.
    EditPost(&'f PostFacts),
    /// Open one's post to others for editing, or close it.
    OpenPost(&'f PostFacts),
    /// Say that one's own words are the community's.
    SpeakOfficially(&'f PostFacts),
    /// Bring a deleted post back; its author may what its author took away, which the second part says.
    RestorePost(&'f PostFacts, bool),
    /// Change a thread's title or tags.
    EditThread(&'f ThreadFacts),
    /// Take one's own post back, or somebody's as a moderator.
    DeletePost(&'f PostFacts),
    /// Hide a post or bring it back.
    HidePost(&'f PostFacts),
    /// Lock, pin, hide or delete a thread, or undo that.
    ModerateThread(&'f ThreadFacts),
    /// Move a thread to a category.
    MoveThread(&'f ThreadFacts, &'f CategoryFacts),
    /// Bookmark a post, vote in its poll.
    React(&'f PostFacts),
    /// Answer somebody else's post without words.
    ReactTo(&'f PostFacts),
    /// Send a picture.
    Upload,
    /// Mark a reply of a thread as the answer, or take the mark away.
    MarkAnswer(&'f ThreadFacts),
    /// Report a post to the moderators.
    Report(&'f PostFacts),
    /// Report a member's profile, or a thread as a whole that one may see.
    ReportMember,
    /// Nominate words of a post.
    Nominate(&'f PostFacts),
    /// Nominate a thread as a whole, or a milestone that a thread reached.
    NominateThread(&'f ThreadFacts),
    /// Nominate a milestone that stands in no thread.
    NominateMilestone,
    /// See the candidates of the week, and put one aside.
    SeeCandidates,
    /// Answer for one's own words: grant, decline, or say what becomes of them after an edit.
    DecideConsent(ConsentFacts),
    /// Take one's own words back. Nothing done to an account takes this away from whoever it belongs to.
    TakeWordsBack(ConsentFacts),
    /// See a highlight on its way: whoever nominated it or wrote it anew, those quoted, moderators; publishers what
    /// stood in the library and is not over, or stands outside.
    SeeHighlight(&'f HighlightFacts),
    /// Suggest a text for a highlight.
    SuggestText,
    /// See the review queue and act in it.
    Review,
    /// Warn, silence, suspend a member, or lift that.
    Sanction(MemberId),
    /// See the approval desk.
    SeeApprovals,
    /// Approve, return or refuse a highlight.
    Approve(&'f HighlightFacts),
    /// See the library.
    SeeLibrary,
    /// Take an approved highlight out by hand, export or feed.
    Pull,
    /// Write, schedule, send or correct an announcement of a highlight.
    Announce(&'f HighlightFacts),
    /// Set the hours at which channels speak.
    KeepCalendar,
    /// Ask the community managers for voices on something.
    AskForVoices,
    /// See such requests and their answers.
    SeeVoices,
    /// Accept such a request, decline it or propose something instead.
    AnswerVoices,
    /// See announcements, channels and deliveries.
    SeeOutreach,
    /// Say what became of a delivery whose outcome is unknown.
    ResolveDelivery,
    /// Take an announcement back. Never gated by acknowledgements.
    WithdrawAnnouncement,
    /// Pause a channel or all. Never gated by acknowledgements.
    PauseChannels,
    /// Write and publish versions of a document.
    EditDocument(Document),
    /// Acknowledge a document.
    Acknowledge,
    /// See who acknowledged.
    SeeAcknowledgements(Document),
    /// Make and change categories and their grants.
    ManageCategories,
    /// Make groups and say who is in them.
    ManageGroups,
    /// Give and take roles; invite.
    ManageMembers,
    /// Make channels, set their secrets, open and close them.
    ManageChannels,
    /// Site settings and mail test.
    ManageSite,
    /// The editable pages (privacy, imprint, accessibility).
    EditPages,
    /// Figures of community health or outreach.
    SeeInsights,
    /// Change one's own sessions, tokens, preferences and what else is no speech.
    ManageSelf(MemberId),
    /// Say who one is, for everybody to read: names, what one says of oneself, links.
    TellOfSelf(MemberId),
}
