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

notice-mention = { $count ->
    [one] { $actor } called your name in “{ $title }”.
   *[other] Your name was called { $count } times in “{ $title }”.
}
mail-mention-subject = { $actor } called your name in “{ $title }”
notice-reply = { $count ->
    [one] { $actor } answered you in “{ $title }”.
   *[other] { $count } replies to you in “{ $title }”.
}
mail-reply-subject = { $actor } answered you in “{ $title }”
notice-watching = { $count ->
    [one] { $actor } wrote in “{ $title }”.
   *[other] { $count } new posts in “{ $title }”.
}
mail-watching-subject = { $actor } wrote in “{ $title }”
notices-settings = Notices and letters
notices-kind-mention = Somebody calls your name
notices-kind-reply = Somebody answers you
notices-kind-watching = A new post in what you watch
notices-kind-answer-marked = Your reply is marked as the answer
notices-kind-other = Everything else that concerns you
notices-way = { $way ->
    [both] here and by mail
    [forum] here
    [mail] by mail
   *[none] not at all
}
notices-digest = A digest by mail
notices-digest-hint = What is new and what you have not read, in one letter. Nothing is sent when nothing happened.
notices-pace = { $pace ->
    [daily] every day
    [weekly] every week
   *[never] never
}
notices-choose = Save these choices
notices-stopped = Your mailbox refused our letters for good, so we stopped sending notices. Since
notices-lift = Send letters again
notices-leave-title = Letters
notices-leave-ask = Shall we stop sending you this kind of letter?
notices-leave-button = Stop it
notices-leave-done = You will not get it any more. In your settings you choose what comes by mail.
flash-notices-chosen = Your choices have been saved.
flash-notices-lifted = Letters are sent to you again.
problem-notice-way = This cannot be told that way.
mail-digest-subject = What is new at { $site }
mail-digest-lead = What happened at { $site } since the last letter:
mail-digest-fresh = New threads
mail-digest-unread = Unread in what you follow
mail-digest-waiting = { $count ->
    [one] One notice waits for you.
   *[other] { $count } notices wait for you.
}
mail-digest-action = Go there
mail-digest-leave = To get this letter no longer:

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
