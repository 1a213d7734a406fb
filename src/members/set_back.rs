//! Setting back what a member shows of themselves, and giving it back.

use diesel::prelude::*;

use crate::content::{self, RenderOptions};
use crate::db::Tx;
use crate::db::schema::members;
use crate::kit::Result;
use crate::kit::ids::MemberId;
use crate::kit::stop::OrRefuse;
use crate::policy::{Action, Actor};

/// Sets back what a member shows of themselves; answers the words that stood there.
///
/// # Errors
/// Refused to whoever may not sanction the member; not found where there is none.
pub fn reset_profile(
    tx: &mut Tx<'_>,
    actor: &Actor,
    member: MemberId,
    bio: bool,
    avatar: bool,
) -> Result<String> {
    actor.may(&Action::Sanction(member))?;
    let before: String = members::table
        .find(member)
        .select(members::bio_source)
        .first(tx.conn)
        .optional()?
        .or_not_found()?;
    if bio {
        diesel::update(members::table.find(member))
            .set((members::bio_source.eq(""), members::bio_html.eq("")))
            .execute(tx.conn)?;
    }
    if avatar {
        diesel::update(members::table.find(member))
            .set(members::avatar_hue.eq(0))
            .execute(tx.conn)?;
    }
    Ok(before)
}

/// Gives a member the words back that [`reset_profile`] took, unless there are others by now.
///
/// # Errors
/// Refused to whoever may not sanction the member.
pub fn profile_back(tx: &mut Tx<'_>, actor: &Actor, member: MemberId, source: &str) -> Result<()> {
    actor.may(&Action::Sanction(member))?;
    let options = RenderOptions {
        post_prefix: "bio".to_owned(),
        base_url: tx.house().base_url.clone(),
        ..RenderOptions::default()
    };
    diesel::update(members::table.find(member))
        .filter(members::bio_source.eq(""))
        .set((
            members::bio_source.eq(source),
            members::bio_html.eq(content::render(source, &options).html),
        ))
        .execute(tx.conn)?;
    Ok(())
}
