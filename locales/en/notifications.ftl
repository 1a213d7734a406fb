# Notices: the sentence of each kind is notice-{kind}, its mail's subject mail-{kind}-subject. A room that tells of something adds its own in its own file.
notice-role-self = { $actor } took a role for their own account: { $role ->
    [champion] champion
    [moderator] community manager
    [publisher] publisher
    [lead_publisher] lead publisher
    [admin] administrator
   *[other] { $role }
}.
mail-role-self-subject = { $actor } took a role at { $site }
notice-other = Something happened that concerns you.
