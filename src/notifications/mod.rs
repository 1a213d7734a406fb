pub fn unread(
    _tx: &mut crate::db::Tx<'_>,
    _m: crate::kit::ids::MemberId,
) -> crate::kit::Result<i64> {
    Ok(0)
}
