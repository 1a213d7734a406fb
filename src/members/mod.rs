//! Floor 4. People with an account: how they prove who they are, what is shown of them, and their standing.
//!
//! A member's standing (roles, groups, trust, sanctions, acknowledgements) is read whole in one query by
//! [`recognise`] and [`actor`]; every verb of the house takes the [`crate::policy::Actor`] made of it.
//!
//! An address belongs to an account only once it is confirmed: before, it is nothing but what somebody typed. So
//! nobody can occupy another's address, and signing up tells nobody whether an address is known here.

mod account;
mod acknowledge;
mod api_token;
mod applicant;
mod badge;
mod behind;
mod card;
mod champion;
mod details;
mod directory;
mod email;
mod group;
mod ignore;
mod invitation;
mod keys;
mod link;
mod mailbox;
mod operator;
mod password;
mod preference;
mod profile;
mod role;
mod sanction;
mod session;
mod set_back;
mod set_up;
mod sign_in;
mod sign_up;
mod standing;
mod trust;
mod unconfirmed;

pub use acknowledge::{acknowledged, require_acknowledgement};
pub use api_token::{DAYS_MAX, TokenLine, create_token, revoke_token, sign_in_for_token, tokens};
pub use applicant::{Applicant, DISPLAY_MAX, NewPassword};
pub use badge::{
    Badge, BadgeRule, badges, badges_of, give_badge, give_earned, make_badge, remove_badge,
    take_badge,
};
pub use behind::{Behind, behind};
pub use card::{
    Card, card, cards, cards_for, find_by_name, named, seek_by_name, shown_as, with_role,
};
pub use champion::{champions, is_named, name_me};
pub use details::{Details, details_of, tell_details};
pub use directory::{
    MemberLine, Wanted, directory, find_member, named_like, newest, post_counts, total,
};
pub use email::{change_email, confirm_email, confirm_new_email};
pub use group::{
    Group, change_group, create_group, find_group, group_sizes, groups, join_group, leave_group,
    members_of,
};
pub use ignore::{heard, ignore, ignored_by, ignored_ids, is_ignored, on_event, unignore};
pub use invitation::{
    InvitationLine, Invited, invitations, invite, read_invitation, revoke_invitation,
};
pub use link::{Purpose, link_is_good};
pub use mailbox::{Mailbox, seek_mailbox};
pub use operator::{Added, add, reset_link, set_role, sweep};
pub use password::{change_password, request_reset, reset, words_of, words_of_reset};
pub use preference::never_asked;
pub use profile::{
    BIO_MAX, ConsentPreference, Own, Preferences, Profile, ProfileWords, edit_profile,
    find_profile, own_account, prefer, rename, write_profile,
};
pub use role::{give_role, has_admin, take_role};
pub use sanction::set_sanction;
pub use session::{
    SessionLine, SignedIn, end_other_sessions, end_session, sessions, sign_out, sign_out_everywhere,
};
pub use set_back::{profile_back, reset_profile};
pub use set_up::{may_set_up, set_up, set_up_link};
pub use sign_in::{Claim, Proof, claim, claim_self, sign_in};
pub use sign_up::{Arrival, claim_sign_up, just_made, may_sign_up, resend_confirmation, sign_up};
pub use standing::{Credential, Recognised, actor, recognise, touch};
pub use trust::{counted, first_post_code, hidden, lock_trust, trust_of};
