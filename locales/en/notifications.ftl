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

notices-title = Notices
notices-unread = { $count ->
    [0] Nothing new.
    [one] One is new.
   *[other] { $count } are new.
}
notices-read-all = Mark all as read
notices-new = new
notices-open = Go there
notices-none = Nothing has happened yet
notices-none-text = When somebody answers you, mentions you or asks for your consent, it stands here.
notices-none-action = See what is being talked about
