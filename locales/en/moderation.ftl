# Reports, the desk, the log.
moderation-report-title = Report a post
moderation-your-report = Your report
moderation-report-about = In
moderation-report-by = post { $number } by
moderation-report-intro = Your report reaches the moderators and nobody else; the author is not told who sent it.
moderation-report-rules = How we speak in here
moderation-report-why = What is wrong?
moderation-report-message = In your words
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
moderation-tab-review = Reports
moderation-tab-log = Log
moderation-waiting-title = What waits
moderation-decided-title = Decided
moderation-queue = Queue
moderation-nothing-waits = No report waits
moderation-nothing-waits-more = When a member reports a post, it appears here.
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
moderation-log-empty = Nothing has been done yet.

moderation-review-title = Reports
moderation-back-queue = Back to the queue
moderation-choose-item = Choose a report from the queue.
moderation-state-open = open
moderation-state-in_progress = being looked at
moderation-state-upheld = upheld
moderation-state-declined = declined
moderation-state-ignored = closed
moderation-taken-by = taken by
moderation-open-post = Open the post
moderation-open-item = The report it came from
moderation-too-late = Somebody changed this while you were at it. What you see now is how it stands; your reason is still in the form.
moderation-said = What was said when it was reported
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
moderation-reason-hint = The author reads it, unless nothing happens to post and author. Say which rule it rests on.
moderation-apply = Apply
moderation-apply-hint = Hiding, deleting, silence and suspension also reach what was carried outside: words that are no longer to be read here are taken back there.

moderation-log-title = Moderation log
moderation-log-intro = What was done, by whom and why. Nothing can be changed here afterwards.
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
moderation-measure-outside = Silence and suspension stop what is on its way outside in this member’s words and put what was sent before a moderator. A warning does neither.

flash-moderation-reported = Thank you. The moderators will look at it.
flash-moderation-put-back = It waits for somebody again.
flash-moderation-decided = Decided.
flash-moderation-sanctioned = Done. The member has been told.
flash-moderation-lifted = Lifted. The member has been told.

problem-choose = Please choose one.
problem-choose-span = Please choose how long.
problem-decided-meanwhile = Somebody changed or decided this while you were at it.
problem-nobody-left = The author has left; nothing can be done to the account.
problem-cannot-return = There is nobody to return it to, or the post is gone.
problem-in-the-past = That is in the past.

notice-report-new = A post was reported.
notice-report-upheld = Your report was right. Thank you.
notice-report-declined = Thank you for your report. The moderators found nothing against the rules.
notice-report-ignored = Your report has been closed.
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
mail-words-hidden-subject = A post of yours was hidden
mail-words-returned-subject = Please look at your post again
mail-words-deleted-subject = A post of yours was deleted
mail-words-restored-subject = Your post is to be read again
mail-note-from-moderators-subject = A word from the moderators
mail-warned-subject = A warning from the moderators
mail-silenced-subject = You cannot write for a while
mail-suspended-subject = Your account is suspended
mail-sanction-lifted-subject = Lifted

# What stands in the log; a kind without a sentence of its own is shown by its name.
moderation-log-kind = { $kind ->
    [announcement-corrected] Announcement corrected
    [announcement-scheduled] Announcement scheduled
    [announcement-withdrawn] Announcement taken back
    [announcement-written] Announcement written
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
    [page-changed] Page changed
    [post-deleted] Post deleted
    [post-edited] Post edited
    [post-hidden] Post hidden
    [post-reported] Post reported
    [post-restored] Post restored
    [post-unhidden] Post brought back
    [review-decided] Report decided
    [review-put_back] Report put back
    [review-taken] Report taken on
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
    [review_item] the report
    [highlight] highlight { $id }
    [announcement] announcement { $id }
    [channel] a channel
    [delivery] delivery { $id }
    [category] a category
    [group] a group
    [guidelines] guidelines
    [invitation] an invitation
    [site] the site
   *[other] { $kind } { $id }
}
moderation-log-details = Details
moderation-tab-approvals = Approvals
moderation-to-approve = A highlight to approve
