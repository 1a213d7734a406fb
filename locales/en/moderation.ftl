# Reports, the desk, the log.
moderation-report-title = Report
moderation-report-title-post = Report a post
moderation-report-title-thread = Report a thread
moderation-report-title-member = Report a profile
moderation-report-this-thread = Report this thread
moderation-report-this-member = Report this profile
moderation-report-guest = Without an account you can report what may break the law. We write to your address first; the report is sent when you use the link in that letter, and the answer goes to the same address, which is then forgotten.
moderation-report-email = Your e-mail address
moderation-report-email-hint = Nobody but the moderators’ desk uses it, and only for this.
moderation-guest-report-title = Send your report
moderation-guest-report-text = With this button your report goes to the moderators. These are your words:
moderation-guest-report-not = Not now
moderation-guest-report-after = Whatever they decide goes to your address, which is then forgotten. Without the button nothing is sent, and after a day all of it is forgotten.
moderation-your-report = Your report
moderation-report-about = In
moderation-report-by = post { $number } by
moderation-report-intro = Your report reaches the moderators and nobody else; the author is not told who sent it.
moderation-report-rules = How we speak in here
moderation-report-why = What is wrong?
moderation-report-message = In your words
moderation-report-message-guest = Say what breaks the law, and where you can whose right it is.
moderation-report-message-hint = Which rule do you have in mind? For “something else” and “illegal” we need to know what it is.
moderation-report-send = Send the report
moderation-report-again = Send it again
moderation-report-gone = The post is no longer to be seen.
moderation-back = Back to the post
moderation-way-latest = See what is being talked about
moderation-reason-spam = Advertising or nonsense
moderation-reason-off_topic = In the wrong place
moderation-reason-unkind = Unkind
moderation-reason-illegal = Illegal
moderation-reason-other = Something else
moderation-reason-more-spam = It is there to sell, or was written by a machine.
moderation-reason-more-off_topic = It has nothing to do with the thread it stands in.
moderation-reason-more-unkind = It goes at a person instead of the matter.
moderation-reason-more-illegal = It breaks the law. Please say which part.
moderation-reason-more-other = It should be looked at for another reason.
moderation-report-pending = waits for the moderators
moderation-report-upheld = it was right
moderation-report-declined = nothing was found
moderation-report-ignored = closed
moderation-report-rescinded = taken back

moderation-desk-title = Desk
moderation-tab-desk = What waits
moderation-tab-review = Queue
moderation-tab-log = Log
moderation-waiting-title = What waits
moderation-decided-title = Decided
moderation-queue = Queue
moderation-nothing-waits = Nothing waits
moderation-nothing-waits-more = Reports, words that are held back, highlights and appeals appear here.
moderation-nothing-here = Nothing here.
moderation-more-waiting = All that wait
moderation-more = More
moderation-older = Older ones
moderation-show-decided = Show what was decided
moderation-show-waiting = Show what waits
moderation-reports = { $count ->
    [one] one report
   *[other] { $count } reports
}
moderation-erased-words = The words were erased with their author’s account.
moderation-gone = a member who has left
moderation-house = the house itself
moderation-guest = a guest
moderation-approve-title = Words on their way outside
moderation-approve = Authors have agreed; a moderator approves, returns or refuses.
moderation-approve-open = Open the approvals
moderation-log-recent = Done last
moderation-log-all = The whole log
moderation-log-empty = Nothing has been done yet
moderation-log-empty-more = As soon as somebody decides, hides, moves or notes something, it stands here with name, time and reason.
moderation-log-page-empty = Nothing to show on this page; older entries follow.
moderation-public-log-empty-more = What moderators do to words and people in public places will stand here, without names. What they go by:
moderation-to-queue = Go to the queue

moderation-review-title = The queue
moderation-back-queue = Back to the queue
moderation-choose-item = Choose an entry from the queue, or decide several alike.
moderation-keys = With the keyboard: j and k move, o opens, ? shows all keys.
moderation-state-open = open
moderation-state-in_progress = being looked at
moderation-state-upheld = upheld
moderation-state-declined = declined
moderation-state-ignored = closed
moderation-taken-by = taken by
moderation-open-post = Open the post
moderation-open-thread = Open the thread
moderation-open-member = Open the profile
moderation-open-decision = Open the decision
moderation-open-item = The report it came from
moderation-too-late = Somebody changed this while you were at it. What you see now is how it stands; your reason is still in the form.
moderation-said = What was said when it was reported
moderation-said-poll = The poll beneath it
moderation-said-now = What it says now
moderation-sanctions = { $count ->
    [one] one measure on record
   *[other] { $count } measures on record
}
moderation-decided-before = Decided before
moderation-decision = Decision
moderation-by = By
moderation-by-lower = by
moderation-until = until
moderation-without-end = without end
moderation-own = You wrote this, so somebody else decides.
moderation-yours = You are looking at this one.
moderation-put-back = Put it back
moderation-take = I take this one
moderation-take-why = Tell your colleagues that you are looking at it.
moderation-ask-finding = Was the report right?
moderation-finding-upheld = Yes
moderation-finding-declined = No
moderation-finding-ignored = It needs no answer
moderation-ask-content = What happens to the post?
moderation-content-keep = It stays
moderation-content-hide = Hide it
moderation-content-return = Return it to be changed
moderation-content-delete = Delete it
moderation-ask-author = What happens to the author?
moderation-author-none = Nothing
moderation-author-note = A word from us
moderation-author-warning = A warning
moderation-author-silence = Silence: may read, not write
moderation-author-suspension = Suspension: may not sign in
moderation-span = How long
moderation-span-hint = For silence and suspension only.
moderation-span-1d = a day
moderation-span-3d = three days
moderation-span-7d = a week
moderation-span-30d = 30 days
moderation-span-90d = 90 days
moderation-span-forever = without end
moderation-reason = Why
moderation-reason-hint = Needed as soon as something happens to the words or their author, who read it then. Say which rule it rests on.
moderation-apply = Apply

moderation-log-title = Moderation log
moderation-log-intro = What was done, by whom and why. Nothing can be changed here afterwards; what can be undone has a button, and undoing leaves an entry of its own.
moderation-log-by = Done by (name)
moderation-log-filter = Show
moderation-column-what = What
moderation-column-about = About
moderation-column-when = When
moderation-column-why = Why

moderation-member-title = { $name } on the desk
moderation-member-profile = Profile
moderation-member-log = What they did as staff
moderation-record = On record
moderation-record-empty = Nothing stands on record.
moderation-member-decisions = Decided about their words and profile
moderation-member-entries = Reported or held back
moderation-member-taken-back = taken back
moderation-member-entry = The entry it came from
moderation-kind-warning = Warning
moderation-kind-silence = Silence
moderation-kind-suspension = Suspension
moderation-in-force = in force
moderation-lifted = lifted
moderation-lift = Lift it
moderation-lift-why = Why lift it?
moderation-measure = Act
moderation-ask-measure = What happens?
moderation-measure-hint = The member reads it. Say which rule it rests on.
moderation-why-or-rule = The member reads it. With a rule you can leave it empty.
moderation-measure-outside = Silence and suspension stop what is on its way outside in this member’s words and put what was sent before a moderator. A warning does neither.

flash-moderation-reported-guest = Thank you. The moderators will look at it; the answer goes to your address.
flash-moderation-reported = Thank you. The moderators will look at it.
flash-moderation-assigned = Your colleague has been told.
flash-moderation-put-back = It waits for somebody again.
flash-moderation-decided = Decided. It takes effect in a few seconds.
flash-moderation-decided-some = Some were decided; what a colleague had decided or what is not yours to decide was left as it is.
flash-moderation-undone = Undone. It waits where it stood.
flash-moderation-undo-late = It has taken effect already. The log can undo most of it.
flash-moderation-appeal-answered = Answered. The member has been told.
flash-moderation-appeal-overtaken = Granted, and the member has been told. What was decided about the same thing since stands, so nothing comes back.
flash-moderation-log-overtaken = Something was done or decided about the same thing since. Undo that first; nothing was changed.
flash-moderation-appealed = Your appeal is on its way to another moderator.
flash-moderation-report-confirm = Please look into your mail: the report is sent with the link in it.
flash-moderation-kept = Kept.
flash-moderation-picture-removed = Removed. The log can bring it back for thirty days.
flash-moderation-log-undone = Undone.
flash-moderation-say-why = Nobody has said why before. Please say it here; then it is done.
flash-moderation-sanctioned = Done. The member has been told.
flash-moderation-lifted = Lifted. The member has been told.

problem-choose = Please choose one.
problem-reports-many = { $minutes ->
    [one] Too many reports came from you or your network. Nothing of yours is lost: please try again in a minute.
   *[other] Too many reports came from you or your network. Nothing of yours is lost: please try again in { $minutes } minutes.
}
problem-rule-or-other = Please choose the rule it goes against, or “None of them”.
problem-rule-or-words = Please name a rule, or say in words why: the author reads it and can appeal.
problem-no-colleague = This is no colleague who may decide it.
problem-choose-span = Please choose how long.
problem-decided-meanwhile = Somebody changed or decided this while you were at it.
problem-nobody-left = The author has left; nothing can be done to the account.
problem-cannot-return = There is nobody to return it to, or the post is gone.
problem-in-the-past = That is in the past.

notice-report-new = A post was reported.
notice-review-assigned = A colleague asks you to look at an entry of the queue.
notice-held-new = Words wait for a moderator.
notice-appeal-new = A member has appealed against a decision.
notice-report-upheld = Your report was right. Thank you.
notice-report-declined = Thank you for your report. The moderators found nothing against the rules.
notice-report-ignored = Your report has been closed.
notice-picture-removed = The moderators have removed a picture of yours: { $reason }
notice-words-hidden = The moderators have hidden a post of yours: { $reason }
notice-words-returned = The moderators ask you to change a post of yours; until then only you and they see it: { $reason }
notice-words-deleted = The moderators have deleted a post of yours: { $reason }
notice-words-restored = A post of yours is to be read again.
notice-note-from-moderators = A word from the moderators: { $reason }
notice-warned = The moderators have warned you: { $reason }
notice-silenced = { $until ->
    [none] You can read but not write: { $reason }
   *[other] You can read but not write until { $until }: { $reason }
}
notice-suspended = { $until ->
    [none] Your account is suspended: { $reason }
   *[other] Your account is suspended until { $until }: { $reason }
}
notice-sanction-lifted = The moderators have lifted what they had imposed.
mail-report-new-subject = A report that must not wait
mail-picture-removed-subject = A picture of yours was removed
mail-words-hidden-subject = A post of yours was hidden
mail-words-returned-subject = Please look at your post again
mail-words-deleted-subject = A post of yours was deleted
mail-words-restored-subject = Your post is to be read again
mail-note-from-moderators-subject = A word from the moderators
mail-warned-subject = A warning from the moderators
mail-silenced-subject = You cannot write for a while
mail-suspended-subject = Your account is suspended
mail-sanction-lifted-subject = Lifted

# The desk, complete.
moderation-undo = Undo
moderation-undo-text = { $count ->
    [one] Decided; it takes effect within { $seconds } seconds:
   *[other] { $count } decided; they take effect within { $seconds } seconds:
}
moderation-pending = A decision takes effect
moderation-state-pending = decided, takes effect in a moment
moderation-filter = Filter and order
moderation-filter-state = Show
moderation-filter-kind = Kind
moderation-filter-all = All
moderation-filter-category = Category
moderation-filter-assignee = Taken by
moderation-assign = Ask a colleague
moderation-assign-whom = Somebody else
moderation-assign-choose = Choose
moderation-several-reach = Whoever reported one of them hears what was found. Hiding and deleting take announcements of these words back outside; once it has taken effect, that cannot be undone.
moderation-several-outside = { $sent } announced outside, { $queued } on the way
moderation-filter-mine = Only those I took
moderation-priority-rule = Order: what may break the law, then appeals and what three or more reported, then the rest; within each, what waits longest.
moderation-legal = may break the law
moderation-urgent = goes first
moderation-queue-report = Reports
moderation-queue-held = Held back
moderation-queue-held_posts = Held posts
moderation-queue-held_edits = Held edits
moderation-queue-new_members = New members
moderation-queue-highlight = Highlights to approve
moderation-queue-appeal = An appeal
moderation-held-first_post = One of the first posts of a new member
moderation-held-watched = A watched word
moderation-held-flagged = A watched word, to be looked at
moderation-held-link = A link by a new member
moderation-held-media = A picture by a new member
moderation-held-too_fast = Typed faster than people type
moderation-held-category = Everything waits in this category
moderation-held-edited = Changed after it was let through
moderation-held-reports = Hidden because several established members reported it
moderation-held-text = “It stays” shows it to everybody.
moderation-hint = From the desk’s own decisions: { $score } of 100 like advertising.
moderation-hint-more = It is a hint and decides nothing.
moderation-guest-confirmed = a guest, address confirmed
moderation-reporter-record = { $all ->
    [one] One report so far
   *[other] { $all } reports so far, { $today } of them today
}; { $upheld } were right, { $declined } were not
moderation-history = History
moderation-step-opened = Came in
moderation-step-reopened = Came in again
moderation-step-taken = Taken on
moderation-step-put_back = Put back
moderation-step-assigned = Given to a colleague
moderation-step-note = Note
moderation-step-decided = Decided
moderation-step-undone = Decision undone
moderation-step-not_applied = The decision could not take effect: what it was about had changed meanwhile. Nothing of it was done, and nobody was told.
moderation-step-held = Held back
moderation-step-auto_hidden = Hidden until somebody has looked
moderation-note = A note for colleagues
moderation-note-hint = Only staff read it.
moderation-note-add = Add the note
moderation-ask-held = Was it right to hold it back?
moderation-says = This is what will happen
moderation-says-nothing = Answer the three questions: what follows from them will stand here.
moderation-says-upheld = { $count ->
    [0] Nobody reported it, so no reporter is told.
    [one] The one who reported hears that it was right.
   *[other] The { $count } who reported hear that it was right.
}
moderation-says-declined = { $count ->
    [0] Nobody reported it, so no reporter is told.
    [one] The one who reported hears that nothing was found.
   *[other] The { $count } who reported hear that nothing was found.
}
moderation-says-ignored = { $count ->
    [0] Nobody reported it, so no reporter is told.
    [one] The one who reported hears that it was closed.
   *[other] The { $count } who reported hear that it was closed.
}
moderation-says-keep = Everything stays as it is; what is hidden can be read by everybody again, and its author is told.
moderation-says-hide = { $about ->
    [member] What the member shows of themselves is set back. The member is told, by mail too, with your reason.
   *[other] Only its author and the moderators read it from then on. The author is told, by mail too, with your reason, and can appeal.
}
moderation-says-return = Only its author and the moderators read it from then on. The author gets the words back with your reason, by mail too, and can change them; then it comes back to this queue.
moderation-says-delete = { $about ->
    [member] What the member shows of themselves is set back. The member is told, by mail too, with your reason.
   *[other] Only the moderators read it from then on. The author is told, by mail too, with your reason, and can appeal.
}
moderation-says-for-good = This cannot be undone: bringing the words back does not bring announcements back.
moderation-says-outside = { $sent ->
    [0] { $queued ->
        [0] Nothing of it was announced outside.
        [one] One announcement that has not left is cancelled.
       *[other] { $queued } announcements that have not left are cancelled.
    }
    [one] { $queued ->
        [0] One announcement outside is taken back there.
       *[other] One announcement outside is taken back there; { $queued } that have not left are cancelled.
    }
   *[other] { $queued ->
        [0] { $sent } announcements outside are taken back there.
       *[other] { $sent } announcements outside are taken back there; { $queued } that have not left are cancelled.
    }
}
moderation-says-none = Nothing happens to the author.
moderation-says-note = The author reads your words, by mail too. It leaves no mark.
moderation-says-warning = The author is warned, by mail too, with your reason. The warning is forgotten after 90 days and stops nothing outside.
moderation-says-silence = The author can read and not write until the time is over, and is told so by mail with your reason.
moderation-says-suspension = The author is signed out everywhere and cannot sign in until the time is over, and is told so by mail with your reason and a way to appeal.
moderation-says-author-outside = { $sent ->
    [0] { $queued ->
        [0] Nothing of the author’s is outside or on its way there.
       *[other] { $queued } announcements in the author’s words that have not left are cancelled.
    }
   *[other] { $queued ->
        [0] { $sent } announcements in the author’s words that stand outside come before a moderator.
       *[other] { $queued } announcements in the author’s words that have not left are cancelled; { $sent } that stand outside come before a moderator.
    }
}
moderation-says-undo = For { $seconds } seconds after “Apply” you can undo it: until then nothing happens and nobody is told.
moderation-several = Decide several at once
moderation-several-which = Which ones?
moderation-several-intro = Takes effect after { $seconds } seconds, until then it can be undone. What a colleague decided meanwhile, or what is not yours to decide, is left as it is.
moderation-several-hint = Needed to hide or delete. The authors of what is hidden or deleted read it. Nothing happens to the authors themselves.
moderation-several-keep = They stay: nothing was found
moderation-several-ignore = They stay: no answer needed
moderation-several-hide = Hide them
moderation-several-delete = Delete them
moderation-appeal-pending = Another moderator looks at it
moderation-appeal-granted = Granted
moderation-appeal-refused = Refused
moderation-appeal-party = You decided this, or it is yours: another moderator answers.
moderation-appeal-others = These can answer:
moderation-appeal-alone = Nobody is left who could answer. Somebody else has to become a moderator; the appeal waits as long.
moderation-appeal-unsent = These words of yours were not sent:
moderation-appeal-answer = Your answer
moderation-appeal-answer-hint = The member reads it.
moderation-appeal-grant = Grant it
moderation-appeal-refuse = Let the decision stand
moderation-appeal-says = What the member says
moderation-appeal-against = What it is against
moderation-appeal-about = The words that it is about:
moderation-appeal-grants = { $kind ->
    [measure] Granting lifts the measure at once, if it still lasts. Warnings count no more.
    [picture] Granting brings the picture back at once. What was taken back outside stays so.
    [overtaken] Something was decided about the same thing since, and goes on standing: granting brings nothing back. The member is told so.
    [profile] Granting gives the member’s words back, unless there are others by now.
   *[words] Granting shows the words to everybody again at once. What was taken back outside stays so.
}
moderation-appeal-hint = Either way the member is told by mail, and that is the end of it.
moderation-decisions-title = Decisions about my words
moderation-decisions-intro = What moderators decided about your words and your account, and why. You can appeal once against each, within { $days } days; another moderator answers.
moderation-shut-out = Your account is suspended until
moderation-shut-out-for-good = Your account is suspended without an end.
moderation-agreed-title = What you agreed to have said outside
moderation-agreed-text = You can take back your own words at any time, suspended or not. Nothing new is said then, and what is outside is taken down wherever we can reach it.
moderation-shut-out-more = You cannot sign in. Here you can read what was decided about you, and appeal against each decision whose time is not over. Keep the address of this page; nobody else should have it.
moderation-decisions-none = Nothing has been decided about anything of yours
moderation-decisions-none-more = Should that happen, you read here what was decided, why and by which rule, and can answer.
moderation-a-moderator = a moderator
moderation-taken-back = taken back
moderation-told-hide = A post was hidden
moderation-told-picture = A picture was removed
moderation-told-return = A post was returned to be changed
moderation-told-delete = A post was deleted
moderation-told-thread_hide = A thread was hidden
moderation-told-thread_delete = A thread was deleted
moderation-told-profile = The profile was set back
moderation-told-warning = A warning
moderation-told-silence = Silence
moderation-told-suspension = Suspension
moderation-original = The words as they were typed
moderation-original-edit = Go there and change them
moderation-appeal = Appeal
moderation-appeal-words = Why should it be decided otherwise?
moderation-appeal-until = Until
moderation-appeal-send = Send the appeal
moderation-glance-since = Here since
moderation-glance-wrote = Wrote
moderation-glance-posts = { $posts ->
    [one] one post
   *[other] { $posts } posts
}, { $threads ->
    [one] one thread
   *[other] { $threads } threads
}
moderation-glance-warnings = Warnings in force
moderation-glance = At a glance
moderation-glance-reports = Own reports
moderation-notes-none = Nobody has left a note yet.
moderation-trust = Trust
moderation-trust-new = new
moderation-trust-member = member
moderation-trust-established = established
moderation-trust-held = held there by moderators
moderation-trust-free = It moves by itself
moderation-trust-set = Hold it at
moderation-trust-hint = Held trust neither grows nor falls.
moderation-notes = Notes of staff
moderation-member-note-hint = Only staff read it; the member does not.
moderation-reset = Set the profile back
moderation-reset-what = What?
moderation-reset-bio = What the member says of themselves
moderation-reset-avatar = The picture
moderation-keep = Keep
moderation-hold-keep = Hold back like this
moderation-tab-rules = What we go by
moderation-rules-title = What the desk goes by
moderation-rules-intro = Why members can report, which words wait, and what is held back until somebody has looked. Every change stands in the log.
moderation-reasons-title = Reasons of reports
moderation-reasons-intro = What members can choose when they report something. Each can be tied to a rule of the community guidelines.
moderation-reason-title = What members read
moderation-reason-line = A line beneath it
moderation-reason-needs = The reporter has to say it in words
moderation-reason-legal = It may break the law: goes first, by mail, and is open to guests
moderation-reason-retire = Offer it no more
moderation-reason-retired = offered no more
moderation-reason-new = Another reason
moderation-reason-add = Add the reason
moderation-watched-title = Watched words
moderation-watched-intro = What they match waits, is looked at, or is not taken. Staff and people with a role are never held.
moderation-watch-pattern = Word or pattern
moderation-watch-pattern-hint = Plain words match whole words, in any case.
moderation-watch-regex = a regular expression
moderation-watch-action = What happens
moderation-watch-flag = can be read; a moderator looks at it
moderation-watch-hold = waits for a moderator
moderation-watch-refuse = is not taken
moderation-watch-note = Why it is watched
moderation-watch-add = Watch it
moderation-unwatch = Stop watching
moderation-watch-try = Try a text
moderation-watch-try-hint = Nothing is kept.
moderation-watch-try-button = What matches?
moderation-watch-none = Nothing matches.
moderation-hold-title = Held back until a moderator has looked
moderation-hold-intro = What is held can be read by its author, who sees that it waits, and by the moderators.
moderation-hold-first = So many first posts of a new member
moderation-hold-first-hint = 0 holds none.
moderation-hold-links = Links to other sites by new members
moderation-hold-media = Pictures by new members
moderation-hold-edits = Posts that are changed after they were held and let through
moderation-hold-fast = First posts typed in fewer seconds than
moderation-hold-fast-hint = 0 holds none.
moderation-hold-reports = So many established members who report a post hide it
moderation-hold-reports-hint = 0 never does. Reasons of law, and reasons in free words, never count.
moderation-hold-places = Everything in these categories
moderation-late = A letter a day to moderators when something waits longer than so many hours
moderation-late-hint = 0 sends none.
moderation-open-log = Everybody may read what was done, with roles instead of names
moderation-log-what = About
moderation-log-words = Words
moderation-log-people = People
moderation-log-desk = The desk
moderation-public-log-title = What moderators did
moderation-public-log-intro = What moderators did to words and people in public places, by day. Names, words and reasons are left out: whoever it concerns has read why, and can appeal.
moderation-public-about = { $kind ->
    [post] a post
    [thread] a thread
    [upload] a picture
   *[other] a member
}
problem-number = Please give a number from 0 to { $most }.
problem-number-needed = Please give a number.
problem-too-many-reasons = There are forty reasons already.
problem-last-legal-reason = One reason has to stay for what may break the law: it is the only one that people without an account can give. Mark another reason first.
problem-too-many-words = There are five hundred watched words already.
problem-no-pattern = This is no regular expression, or too large a one.
problem-matches-all = This would match everything.
problem-watched-word = There is a word in it that is not taken here. Please say it otherwise, or ask the moderators.
problem-appealed = You have appealed against this before.
problem-appeal-ended = The time to appeal is over, or the decision was taken back.
problem-split-some = Please name some posts, five hundred at most.
problem-split-unclear = Please name posts by their numbers, such as 3, 5-9.
problem-split-unknown = Not all of these posts stand in this thread.
problem-split-first = The first post of a thread stays where it is.
problem-merge-same = A thread cannot be merged into itself.
problem-merge-unknown = Please give the address or the number of a thread.
problem-merge-too-many = More than five hundred posts cannot be merged in one step.
problem-slow-range = Please choose a pause of a day at most.
notice-words-held = A post of yours waits for a moderator, because several members reported it.
notice-profile-reset = The moderators have set back what you show of yourself: { $reason }
notice-appeal-granted = Your appeal was granted: { $reason }
notice-appeal-granted-since = Your appeal was granted. What was decided about the same words since stands, so they do not come back: { $reason }
notice-appeal-refused = Your appeal was refused: { $reason }
notice-desk-late = { $count ->
    [one] One entry has waited on the desk for more than { $hours } hours.
   *[other] { $count } entries have waited on the desk for more than { $hours } hours.
}
mail-words-held-subject = A post of yours waits
mail-profile-reset-subject = Your profile was set back
mail-appeal-granted-subject = Your appeal was granted
mail-appeal-granted-since-subject = Your appeal was granted
mail-appeal-refused-subject = Your appeal was refused
mail-desk-late-subject = Something has waited too long on the desk
mail-guest-report-subject = Please confirm your report to { $site }
mail-guest-report-lead = Somebody, most likely you, wants to report something at { $site }.
mail-guest-report-action = Send the report
mail-guest-report-after = The link works once, for one day. If it was not you, leave it alone: nothing is sent, and the address is forgotten.
mail-guest-report-decided-subject = What became of your report to { $site }
mail-guest-report-decided-lead = { $finding ->
    [upheld] The moderators of { $site } have looked at what you reported. You were right. Thank you.
    [declined] The moderators of { $site } have looked at what you reported, and found nothing against law or rules. Thank you.
   *[other] The moderators of { $site } have closed your report. Thank you.
}
mail-guest-report-decided-after = Your address has been forgotten with this letter.

moderation-figures = The last { $days } days
moderation-figures-oldest = The oldest waits since
moderation-figures-median = Until first decided
moderation-figures-spans = { $middle } in the middle, { $slow } for the slowest tenth
moderation-figures-scale = Decided each day; the tallest bar is { $most }
moderation-figures-appeals = Appeals
moderation-figures-granted = { $granted } granted, { $refused } refused
moderation-figures-chart = Decided each day
moderation-figures-table = As a table
moderation-figures-decided = Decided
moderation-figures-none = Nothing was decided in these days. As soon as something is, a chart and a table stand here.
moderation-figures-reasons = Decided reports by reason

moderation-picture-title = Remove a picture
moderation-picture-intro = It goes out of sight with every upload of the same bytes that stands where you moderate, and the authors are told why. The same picture cannot be sent again meanwhile. For thirty days the log can bring it back. Announcements with it are taken back, their text too; those stay taken back.
moderation-picture-which = Which one?
moderation-picture-copies = { $count ->
    [0] It stands only here.
    [one] It was sent one more time; that goes, too.
   *[other] It was sent { $count } more times; those go, too.
}
moderation-picture-remove = Remove the picture
moderation-picture-none = No picture here
moderation-picture-none-more = What stood in this post was removed, or its author took it out. What was removed can be brought back from the log.

# What stands in the log; a kind without a sentence of its own is shown by its name.
moderation-log-kind = { $kind ->
    [announcement-example_made] Announcement made an example
    [announcement-example_unmade] Announcement is an example no more
    [announcement-handed-back] Text of an announcement handed back
    [announcement-moved] Announcement put at another time
    [announcement-note_left] Note left at an announcement
    [announcement-note_removed] Note at an announcement removed
    [badge-given] Badge given
    [badge-made] Badge made
    [badge-removed] Badge removed
    [badge-taken] Badge taken
    [bulletin-again] Bulletin sent again
    [bulletin-joined] Joined the bulletin
    [bulletin-key_made] Key of the bulletin made
    [bulletin-key_used] Key of the bulletin put in use
    [bulletin-left] Left the bulletin
    [bulletin-removed] Taken out of the bulletin
    [channel-slot-added] Time slot of a channel added
    [channel-slot-dropped] Time slot of a channel dropped
    [collection-added] Put into a collection
    [collection-changed] Collection changed
    [collection-made] Collection made
    [collection-removed] Collection removed
    [collection-taken-out] Taken out of a collection
    [consent-may-stand] Agreed that what was said may stand
    [guidelines-reminded] Reminded of the guidelines
    [guidelines-statement_added] Problem statement added
    [guidelines-statement_changed] Problem statement changed
    [guidelines-statement_removed] Problem statement removed
    [guidelines-style_drafted] House style drafted
    [highlight-before-moderator] Highlight put before a moderator again
    [highlight-brought-back] Highlight brought back
    [highlight-card-closed] Card of a highlight closed
    [highlight-labelled] Highlight labelled
    [highlight-retired] Highlight retired
    [highlight-texts-kept] Texts of a highlight saved
    [member-named_champion] Champion named on the public page
    [outward-stopped] Everything outward stopped
    [outward-resumed] Everything outward goes on
    [poll-changed] Poll changed
    [poll-closed] Poll closed
    [poll-removed] Poll removed
    [post-closed] Post closed to edits by others
    [post-opened] Post opened to edits by others
    [post-official] Said for the community
    [post-unofficial] Said for the community no more
    [pull-feed-opened] Feed of the library opened
    [pull-feed-closed] Feed of the library closed
    [pull-recall-done] Taking back by hand ticked off
    [text-answered] Suggested text answered
    [text-suggested] Text suggested
    [voices-answered] Request for voices answered
    [voices-asked] Voices asked for
    [voices-closed] Request for voices closed
    [appeal-granted] Appeal granted
    [appeal-made] Appeal made
    [appeal-refused] Appeal refused
    [desk-changed] Desk set otherwise
    [member-noted] Note about a member
    [member-signed_out] Signed out everywhere
    [job-retried] Job tried again
    [job-dropped] Job dropped
    [member-profile_reset] Profile set back
    [member-trust_freed] Trust freed
    [member-trust_held] Trust held
    [reason-changed] Reason of reports changed
    [thread-archived] Thread archived
    [thread-unarchived] Thread brought back from the archive
    [thread-unlisted] Thread taken off the lists
    [thread-listed] Thread put back on the lists
    [thread-slowed] Thread slowed down or let go
    [thread-split] Thread split
    [thread-merged] Thread merged
    [thread-posts_home] Posts sent back to their thread
    [upload-removed] Picture removed
    [upload-restored] Picture brought back
    [watch-added] Word watched
    [watch-removed] Word watched no more
    [announcement-corrected] Announcement corrected
    [announcement-scheduled] Announcement scheduled
    [announcement-withdrawn] Announcement taken back
    [announcement-written] Announcement written
    [announcement-correction-written] Correction written
    [candidate-brought_back] Candidate brought back
    [candidate-put_aside] Candidate put aside
    [category-changed] Category changed
    [category-created] Category opened
    [category-ordered] Categories ordered
    [channel-changed] Channel changed
    [channel-created] Channel added
    [channel-paused] Channel paused
    [channel-removed] Channel removed
    [channel-resumed] Channel goes on
    [channel-secret_rotated] New secret for a channel
    [channel-secret_set] Secret of a channel set
    [channel-verified] Channel asked whether it answers
    [channel-grant_begun] Signing in at a channel begun
    [channel-granted] Signed in at a channel
    [channel-application_made] Application made at a channel
    [consent-declined] Consent declined
    [consent-granted] Consent given
    [consent-withdrawn] Consent taken back
    [delivery-cancelled] Delivery cancelled
    [delivery-difference-noted] Difference outside taken note of
    [delivery-requeued] Delivery tried again
    [delivery-resolved] Delivery looked up by hand
    [group-changed] Group changed
    [group-created] Group made
    [group-joined] Put into a group
    [group-left] Taken out of a group
    [guidelines-draft_dropped] Draft dropped
    [guidelines-drafted] Draft saved
    [guidelines-published] New version published
    [guidelines-recalled] Version taken back into the drafts
    [highlight-approved] Highlight approved
    [highlight-lapsed] Highlight lapsed
    [highlight-nominated] Highlight nominated
    [highlight-pulled] Highlight taken from the library
    [highlight-refused] Highlight refused
    [highlight-returned] Highlight returned
    [highlight-revised] Highlight handed in again
    [highlight-stale] Words of a highlight edited
    [highlight-withdrawn] Highlight withdrawn
    [member-email_changed] Address changed
    [member-email_confirmed] Address confirmed
    [member-invitation_revoked] Invitation taken back
    [member-invited] Invitation sent
    [member-joined] Joined
    [member-password_changed] Password changed
    [member-password_reset] Password replaced by letter
    [member-renamed] Renamed
    [member-role_given] Role given
    [member-role_taken] Role taken
    [member-sanction_lifted] Measure lifted
    [member-sanctioned] Measure taken
    [member-token_created] Token made
    [member-token_revoked] Token revoked
    [page-changed] Page changed
    [post-deleted] Post deleted
    [post-edited] Post edited
    [post-hidden] Post hidden
    [post-reported] Post reported
    [post-restored] Post restored
    [post-unhidden] Post brought back
    [review-decided] Decided
    [review-assigned] Given to a colleague
    [review-put_back] Put back
    [review-taken] Taken on
    [review-undone] Decision stopped within its twelve seconds
    [review-not_applied] Decision could not be carried out
    [site-changed] Settings changed
    [site-mail_arrived] Test letter arrived
    [thread-answered] Answer marked
    [thread-unanswered] Answer unmarked
    [thread-deleted] Thread deleted
    [thread-edited] Thread edited
    [thread-hidden] Thread hidden
    [thread-locked] Thread locked
    [thread-moved] Thread moved
    [thread-pinned] Thread pinned
    [thread-restored] Thread restored
    [thread-unhidden] Thread brought back
    [thread-unlocked] Thread unlocked
    [thread-unpinned] Thread unpinned
   *[other] { $kind }
}
moderation-log-about = { $kind ->
    [post] a post
    [thread] a thread
    [review_item] an entry of the queue
    [review_item-report] the report
    [review_item-held] words that were held back
    [review_item-highlight] a highlight to approve
    [review_item-appeal] the appeal
    [highlight] highlight { $id }
    [announcement] announcement { $id }
    [channel] a channel
    [collection] a collection
    [pull_feed] a feed of the library
    [voice_request] a request for voices
    [reason] a reason of reports
    [upload] a picture
    [badge] a badge
    [delivery] delivery { $id }
    [category] a category
    [group] a group
    [guidelines] guidelines
    [invitation] an invitation
    [site] the site
   *[other] { $kind } { $id }
}
moderation-log-nobody = Nobody here goes by the name “{ $name }”.
moderation-log-by-all = Show what all have done
moderation-log-details = Details
moderation-log-together = One of several decided in one go.
moderation-log-before = Before:
moderation-tab-approvals = Approvals
moderation-to-approve = A highlight to approve
