use crate::{
    db::Tx,
    kit::{
        Result,
        ids::{MemberId, SessionId},
    },
    policy::Person,
};
pub enum Credential<'a> {
    Session(&'a str),
    Bearer(&'a str),
}
pub struct Recognised {
    pub person: Person,
    pub session: Option<SessionId>,
    pub lang: String,
    pub zone: String,
    pub theme: String,
    pub consent_preference: String,
}
pub fn recognise(_tx: &mut Tx<'_>, _c: &Credential<'_>) -> Result<Option<Recognised>> {
    Ok(None)
}
