# The door: nominating, consent, approval, the library, announcements.
highlights-nameless = a member
highlights-said-in = Said in { $site }.
highlights-crumbs = You are here
highlights-yes = yes
highlights-no = no
highlights-read-on = Read what people are talking about
highlights-back = Back
highlights-back-to-post = Back to the post
highlights-back-to-queue = Back to the queue
highlights-gone-member = a former member
highlights-words-erased = These words are gone with their author's account.
highlights-in-context = Where it stands
highlights-whole-thread = The thread as a whole:

# Gates and states.
highlights-gates = Where this highlight stands
highlights-gate-nominated = Nominated
highlights-gate-consent = Consent
highlights-gate-approval = Approval
highlights-gate-library = Library
highlights-gate-announced = Announced
highlights-state-nominated = Nominated
highlights-state-consent_pending = Waiting for consent
highlights-state-consented = Waiting for a moderator
highlights-state-approved = Approved
highlights-state-declined = Closed
highlights-state-lapsed = Closed
highlights-state-refused = Refused
highlights-state-returned = Returned with feedback
highlights-state-withdrawn = Withdrawn
highlights-state-stale = The words were edited
highlights-state-retired = Laid aside
highlights-closed = This will not go outside. Nothing needs to be done.
highlights-until = until
highlights-feedback = What the moderator says

# Kinds of places.
highlights-how-it-looks = how it will look

# Nominating.
highlights-nominate-title = Nominate as a highlight
highlights-nominate-intro = Choose the words that are worth carrying outside, whole sentences or exactly the words you mark, from one post or from several.
highlights-nominate-own = These are your own words. You will be asked for your consent next, like everybody else.
highlights-nominate-asked = Nothing leaves the community without consent. We will ask
highlights-from = From sentence
highlights-to = To sentence
highlights-excerpt = Exactly these words
highlights-excerpt-number = Words of quote { $number }
highlights-excerpt-hint = Word for word as they stand in the post. Left empty, the chosen sentences count.
highlights-heading = Heading
highlights-heading-hint = It goes outside with the words.
highlights-reason = Why it is worth telling
highlights-reason-hint = The author and the moderators read this. It stays inside.
highlights-audience = For whom
highlights-audience-hint = Families, gardeners, people who have never been here.
highlights-nominate-button = Nominate
highlights-quote-number = Quote { $number }:
highlights-drop-quote = Leave this quote out
highlights-another = Add words of another post
highlights-another-address = Address of the other post
highlights-another-hint = Copy it from the post's link; a number such as 7 means a post of this thread. It may stand in any thread that everybody can read.
highlights-another-add = Add this post
highlights-named = Who else is named
highlights-named-hint = Handles of members whom the heading names without quoting them, separated by commas. They are asked as well.
highlights-nominate-else = Something else instead of words?
highlights-nominate-thread-title = Nominate the whole thread
highlights-nominate-thread-intro = No words are taken: what goes outside is your heading and the way to the thread. Whoever is named in the heading is asked first.
highlights-begun-by = Started by
highlights-nominate-milestone-title = Nominate a milestone
highlights-milestones-title = Milestones
highlights-milestones-intro = What the community reached together, and what single members did. Each can be told once.
highlights-milestones-empty = No milestone yet
highlights-milestones-empty-text = The tenth thread, the hundredth post, the first year: they appear here by themselves within an hour.
highlights-milestone-threads = Our { $count }th thread
highlights-milestone-posts = { $count } posts written here
highlights-milestone-members = { $count } members
highlights-milestone-years = { $count ->
    [one] One year of talking to each other
   *[other] { $count } years of talking to each other
}
highlights-milestone-member_posts = { $name }: { $count } posts
highlights-milestone-nobody = It names nobody, so nobody has to be asked: it goes to the moderators at once.
highlights-milestone-asks = It names a member, who is asked first:
highlights-nominate-this = Nominate this
highlights-author-heard = { $count ->
    [one] nominated once so far
   *[other] nominated { $count } times so far
}
highlights-author-never = Never nominated before
highlights-post-heard = { $count ->
    [one] words of this post were nominated once
   *[other] words of this post were nominated { $count } times
}
highlights-post-never = nothing of this post was nominated before

# The candidates of the week.
highlights-candidates-title = Candidates of the week
highlights-candidates-intro = What was talked about in the last { $days } days and deserves a look, best first. Fifteen minutes a week are enough: read down the list, nominate what moves you, put aside what does not.
highlights-candidates-ranked = This week
highlights-candidates-aside = Put aside
highlights-candidates-empty = Nothing to look at
highlights-candidates-empty-text = The list is made anew every hour from what people write, save and answer.
highlights-candidate-aside = Not this one
highlights-candidate-back = Bring it back
highlights-nominate-words = Nominate words
highlights-nominate-the-thread = The whole thread
highlights-score = Score { $score }
highlights-figure-participants = { $count ->
    [one] 1 person
   *[other] { $count } people
}
highlights-figure-saved = { $count ->
    [0] not saved
    [one] saved once
   *[other] saved { $count } times
}
highlights-figure-solved = answered
highlights-figure-open = not answered
highlights-figure-first = { $count ->
    [0] no new voice
    [one] 1 new voice
   *[other] { $count } new voices
}
highlights-figure-place = { $count ->
    [one] one better of this category
   *[other] { $count } better of this category
}
highlights-formula-title = How the order is made
highlights-formula = { $participant } points for each person who took part, { $saved } for each time a post was saved, { $solved } if the thread was answered, { $first } for each person who wrote here for the first time.
highlights-formula-spread = Each better thread of the same category leaves { $percent } % of the points, so that every category is heard.
highlights-formula-leaves-out = Left out: what was nominated lately, categories that are closed to nomination, and everything that not everybody can read.
highlights-fairness-title = Who is heard
highlights-fairness-never = { $count ->
    [one] One voice on this page was never nominated before.
   *[other] { $count } voices on this page were never nominated before.
}
highlights-fairness-most = { $count ->
    [one] In the last { $days } days one person was asked:
   *[other] In the last { $days } days { $count } people were asked, these most often:
}
highlights-fairness-times = { $count ->
    [one] once
   *[other] { $count } times
}
highlights-fairness-nobody = In the last { $days } days nobody was asked for their words.
highlights-nominated-by = Nominated by
highlights-why = Why
highlights-revise-title = Write it anew
highlights-revise-returned = A moderator gave this back. Change what needs to be changed and hand it in again.
highlights-revise-meanwhile = Somebody else was quicker; what you wrote stands below.
highlights-revise-stale = The words in the post have changed since they were nominated. Choose words that stand there now; everybody is asked again.
highlights-revise-approved = These words were approved. Other words mean that everybody quoted is asked again and a moderator looks again; until then nothing new is said, and what is planned is stopped. The frame around the words you can change freely where you write the text.
highlights-revise-button = Hand it in again
highlights-my-answer = My answer
highlights-to-desk = To the approval desk
highlights-to-library = The library
highlights-the-highlight = The highlight

# Consent.
highlights-consents-title = Your words outside
highlights-consents-intro = Everything of yours that is, was or could be carried outside. You decide, and you can change your mind at any time.
highlights-consents-empty = Nobody has asked for your words yet
highlights-consents-empty-text = When somebody would like to carry something you said outside, you are asked here and by mail first.
highlights-answer-now = Answer
highlights-consent-title = May we carry this outside? { $title }
highlights-consent-asked = You have not answered
highlights-consent-granted = Yes
highlights-consent-declined = No
highlights-consent-lapsed = Not answered in time
highlights-consent-withdrawn = Taken back
highlights-consent-ask = These are your words. Whether they may be said outside is for you alone to decide. Without an answer the answer is no. Somebody finds them worth telling:
highlights-consent-ask-named = This is told about you, and would name you. Whether it may be said outside is for you alone to decide. Without an answer the answer is no. Somebody finds it worth telling:
highlights-your-answer = Your answer
highlights-change-answer = Change what you agreed to
highlights-how-named = How may we name you?
highlights-as-name = as on your profile
highlights-as-first_name = first name only
highlights-as-member = without a name
highlights-named-as = Named as
highlights-where = Where
highlights-where-legend = Where may it be said?
highlights-where-hint = Tick each place you agree to. A kind of place that we add later is not covered.
highlights-by-hand = taken by hand
highlights-by-hand-hint = Staff may copy your words exactly as they stand and use them elsewhere, on a poster or a website. Each time is written down.
highlights-trimming = May be shortened
highlights-trimming-legend = May it be shortened?
highlights-trimming-ask = Parts may be left out, marked with […]. Nothing may be changed or added.
highlights-pictures = Pictures may go along
highlights-pictures-legend = May the pictures go along?
highlights-pictures-ask = The pictures shown above may be used together with my words.
highlights-pictures-hint = Only those that stand in your post now. What you add later is not covered.
highlights-consent-promise = A moderator looks at it next. You see the final text before it is sent, and you can take it back at any time, as easily as now.
highlights-grant = Yes, as chosen above
highlights-grant-again = Save this choice
highlights-decline = No
highlights-preview-choice = Show how this looks
highlights-withdraw-title = Take it back
highlights-withdraw-text = Nothing new is said, and what is outside is taken down wherever we can reach it. Nobody will ask for these words again.
highlights-withdraw-button = Take my consent back
highlights-take-this-down = Take this one down
highlights-edited-title = You have edited words that stand outside
highlights-edited-text = What was announced says what you wrote before. Without your answer it is taken down.
highlights-edited-choice = What shall become of it?
highlights-take-down = Take it down
highlights-take-down-hint = It comes down everywhere we can reach.
highlights-may-stand = What I agreed to may stand
highlights-may-stand-hint = The old words stay where they are. Nothing new is said with them.
highlights-say-so = Save my choice
highlights-history = What happened
highlights-event-asked = You were asked
highlights-event-granted = You said yes
highlights-event-declined = You said no
highlights-event-lapsed = Nobody answered in time
highlights-event-withdrawn = You took it back
highlights-event-moved = The post was edited; your words stand there unchanged
highlights-event-stale = The words were edited
highlights-event-may-stand = You said that it may stand

# The desk.
highlights-source = Where it stands
highlights-source-gone = The words cannot be found there any more.
highlights-what-goes-out = What would go out
highlights-desk-title = Highlights to approve
highlights-desk-intro = Everybody quoted has agreed. You decide whether it goes to the library.
highlights-desk-waiting = Waiting
highlights-desk-decided = Decided
highlights-desk-empty = Nothing waits for you
highlights-desk-empty-text = When everybody quoted in a nomination has agreed, it appears here.
highlights-not-yours-to-decide = somebody else has to decide
highlights-consents-heading = Consent
highlights-nobody-asked = Nobody is quoted or named, so nobody had to be asked.
highlights-covered = What everybody agreed to
highlights-your-decision = Your decision
highlights-note = Note to the nominator
highlights-note-hint = Needed when you return or refuse it.
highlights-approve = Approve
highlights-return = Return with feedback
highlights-refuse = Refuse
highlights-approve-means = Approving puts exactly these words into the library. Whoever is quoted is told and can take it back at any time.
highlights-four-eyes = You nominated this, wrote it anew or are quoted in it, so somebody else has to decide.
highlights-acknowledge-first = Before you decide, please read and acknowledge:
highlights-others-can = These people can decide:
highlights-nobody-left = Nobody is left who could decide: every moderator nominated it, is quoted in it, or may not act at the moment. Somebody else has to become a moderator.
highlights-could-be-moderator = These champions know the community and have no part in it:
highlights-ask-admins = An administrator can give somebody the role:
highlights-invite-moderator = Invite a moderator
highlights-make-moderator = Give a member the role
highlights-has-to-read = has to acknowledge the messaging guidelines first
highlights-of-milestone = A milestone:
highlights-first-time = a voice never nominated before
highlights-several = Decide on several at once
highlights-several-which = Which ones?
highlights-several-hint = All of them are decided in the same way, or none. Those you nominated or are quoted in are not offered.
highlights-approve-several = Approve those chosen
highlights-return-several = Return those chosen
highlights-refuse-several = Refuse those chosen
highlights-past = Decisions so far
highlights-verdict-approve = Approved
highlights-verdict-return = Returned
highlights-verdict-refuse = Refused
highlights-note-scope-changed = Somebody quoted has changed what they agreed to. Please look again.
highlights-note-author-sanctioned = Somebody quoted was silenced or suspended. What waited was stopped; please look at what was sent.
highlights-note-author-renamed = Somebody quoted goes by another name now. Please look again.
highlights-note-consent-withdrawn = Consent was taken back.
highlights-note-source-edited = The words in the post were edited.
highlights-note-source-hidden = The post was hidden.
highlights-note-source-deleted = The post was deleted.
highlights-note-source-moved = The thread went where not everybody can see it.
highlights-note-source-closed = The category is no longer open to everybody.
highlights-note-author-erased = The author's account is gone.
highlights-note-edited-unanswered = The words were edited, and nobody said that the announcement may stand.
highlights-fallen-consent-missing = A consent is missing.
highlights-fallen-source-not-public = The source cannot be seen by everybody any more.
highlights-fallen-words-changed = The words are no longer those that were agreed to.

# The library.
highlights-library-title = The library
highlights-library-intro = Approved highlights, ready to be told: with the words, the names and the places their authors agreed to.
highlights-library-empty = The library is empty
highlights-library-empty-text = What moderators approve appears here. Anybody established can nominate what they find worth telling.
highlights-approved-at = approved
highlights-used = { $count ->
    [0] not used yet
    [one] said once
   *[other] said { $count } times
}
highlights-planned = { $count ->
    [one] one planned
   *[other] { $count } planned
}
highlights-write-text = Write a text
highlights-look = Look at it
highlights-not-in-library = This is not, or no longer, in the library.
highlights-frames = How it looks in each place
highlights-said-where = What was said where
highlights-pull-button = Take it

# Announcing.
highlights-announce-title = Write a text: { $title }
highlights-not-covered = Not everybody quoted agreed to this kind of place.
highlights-not-open = This channel is not open at the moment.
highlights-no-channels = There is no channel yet. An administrator can make one.
highlights-limit = at most { $limit } characters
highlights-text = Text
highlights-when = When?
highlights-when-now = Now
highlights-when-later = At this time
highlights-wall = Day and time ({ $zone })
highlights-second-eyes = A second publisher reads this before it is sent.
highlights-report = What the rules say
highlights-report-passes = Nothing stands against it
highlights-length = { $length } characters as the channel counts.
highlights-the-words = The words
highlights-announcements-title = Announcements
highlights-announcements-intro = What was planned and said, and where.
highlights-announcements-empty = Nothing has been said outside yet
highlights-announcements-empty-text = Choose something from the library and write a text for it.
highlights-column-what = Announcement
highlights-column-channel = Channel
highlights-column-state = State
highlights-column-when = When
highlights-column-operation = What
highlights-column-tries = Tries
highlights-announcement-waiting = Waits for a second pair of eyes
highlights-announcement-scheduled = Scheduled
highlights-announcement-needs_human = Somebody has to look
highlights-announcement-sent = Sent
highlights-announcement-withdrawing = Being taken back
highlights-announcement-withdrawn = Taken back
highlights-announcement-cancelled = Stopped before it left
highlights-announcement-failed = Did not arrive
highlights-see-there = See it there
highlights-withdrawn-at = Taken back on
highlights-code = Link
highlights-deliveries = Deliveries
highlights-tab-channels = Channels
highlights-operation-announce = Announce
highlights-operation-correct = Correct
highlights-operation-withdraw = Take back
highlights-delivery-planned = Planned
highlights-delivery-queued = Queued
highlights-delivery-leased = About to leave
highlights-delivery-sending = Leaving
highlights-delivery-sent = Arrived
highlights-delivery-retry_wait = Trying again soon
highlights-delivery-unknown = Outcome unknown
highlights-delivery-reconciling = Asking the channel
highlights-delivery-needs_human = Somebody has to look
highlights-delivery-dead = Given up
highlights-delivery-expired = Too late
highlights-delivery-cancelled = Stopped
highlights-release-title = A second pair of eyes
highlights-release-text = Somebody else wrote this. Read it; if it may go, send it on its way.
highlights-release-button = It may go
highlights-take-back-title = Take it back
highlights-take-back-reason = Why
highlights-brought = What its link brought
highlights-brought-text = Visits of people, and what became of them here. Nobody is identified; days are counted in UTC, and previews of other sites are left out.
highlights-brought-day = Day
highlights-brought-visits = Visits
highlights-brought-sign-ups = Sign-ups
highlights-brought-first-posts = First posts
highlights-brought-all = All days
highlights-links-brought = What every link of it brought
highlights-links-brought-text = Announcements, and what was taken out: each has a link of its own.
highlights-links-by = By
highlights-brought-nothing = Nobody has come by it yet.
highlights-take-back-button = Take it back everywhere
highlights-correction-waits = A correction waits for a second pair of eyes
highlights-correct-title = Say it rightly
highlights-correct-hint = It is held against the same rules as the first text, and warnings ask for their reason again.
highlights-correct-button = Send the correction

# After a button.
flash-highlight-nominated = Nominated. Everybody quoted is asked before anything else happens.
flash-highlight-revised = Handed in again.
flash-highlight-approved = Approved: it stands in the library now.
flash-highlight-returned = Returned with your feedback.
flash-highlight-refused = Refused. The nominator reads your reason.
flash-consent-granted = Thank you. We keep to exactly what you chose.
flash-consent-declined = That is settled: these words stay here, and nobody is told who said no.
flash-consent-withdrawn = Taken back. What is outside is being taken down.
flash-consent-may-stand = It may stand as you agreed. Nothing new is said with the old words.
flash-announcement-scheduled = On its way. Whoever is quoted has been shown the text.
flash-announcement-waiting = Kept. A second publisher has to read it before it leaves.
flash-announcement-withdrawn = Being taken back. This page shows what becomes of it.
flash-announcement-corrected = The correction is on its way.

flash-candidate-aside = Put aside for everybody. You find it under “Put aside”.
flash-candidate-back = It stands in the list again.
flash-highlights-decided = Decided, all of them.

# What is wrong with an input.
problem-title-names-member = The heading names { $name }, who is not asked yet. Add @{ $handle } under “Who else is named”, or leave the name out.
problem-milestone-on-its-way = This milestone is on its way already.
problem-pick-needed = Choose at least one, and a hundred at most.
problem-pick-four-eyes = You nominated “{ $title }”, wrote it anew or are quoted in it, so somebody else has to decide on it. Nothing was decided.
problem-pick-refused = “{ $title }” has changed or cannot be decided so. Nothing was decided; open it by itself.
problem-another-unknown = There is no post at this address.
problem-another-twice = This post is in the form already.
problem-another-full = Five quotes are the most.
problem-another-not-open = Words of this post cannot be nominated: not everybody can read it, or its category is closed to nomination.
problem-heading-says-more = The heading “{ $title }” goes outside too and says “{ $words }”: nobody agreed to that, or not everybody may know it. Return the highlight, so that its heading is reworded.
problem-revise-stale = Somebody changed this while you were writing. It is called “{ $title }” now. What you wrote stands in the form; if you hand it in now, yours stands.
problem-revise-meanwhile = Somebody handed this in while you were writing. It is called “{ $title }” now and can be written anew only once it is returned. What you wrote stands below, so that you can keep it.
problem-title-strangers = No links, mentions, addresses or telephone numbers in the heading: it goes outside.
problem-too-many-quotes = At most { $most } quotes in one highlight.
problem-excerpt-needed = Please choose the words.
problem-excerpt-unchanged = These are the very words that were agreed to. To change what stands around them, write another text; to ask for other words, change them here.
problem-excerpt-not-there = These words do not stand in the post like this. Copy them word for word, from the beginning of one word to the end of another.
problem-excerpt-not-own = These are words that the post quotes from somebody else. Nominate them where they were said first.
problem-excerpt-strangers = These words hold a link, a mention, an address or a telephone number, which cannot be carried outside. Choose other words.
problem-excerpt-on-its-way = These words are on their way in a highlight already.
problem-consent-attribution = Please choose how you may be named.
problem-consent-channel-unknown = One of these kinds of places is not known here.
problem-consent-nowhere = Please tick at least one place, or allow taking it by hand. If it may be said nowhere, the answer is no.
problem-consent-name-strangers = Your display name holds a link or an address, so it cannot be said outside. Choose to be a member without a name.
problem-consent-decision = Please choose an answer.
problem-decision-needed = Please decide: approve, return or refuse.
problem-note-needed = Please write a note: the nominator has to know why.
problem-decision-note-too-long = Please keep the note to 2,000 characters.
problem-unknown-status = This list knows approved, consented and mine.
problem-channel-needed = Please choose a channel.
problem-when-unreadable = This is not a day and time such as 2026-11-22T10:15.
problem-when-past = This time is over. Choose one to come, or “Now”.
problem-when-gap = This time does not exist: the clocks go forward over it. Choose { $instead }, for example.
problem-when-twice = This hour comes twice, because the clocks go back. Say which one you mean: the first (UTC{ $first }) or the second (UTC{ $second }).
problem-when-far = This is more than a year away.
problem-check-text-missing = There is no text.
problem-check-len-channel = { $over } characters too long: the channel takes { $limit }, and the link counts.
problem-check-link-home = Only our own link may stand in the text, once: “{ $found }” has to go.
problem-check-mention-none = No mentions, addresses or telephone numbers: “{ $found }” has to go.
problem-check-quote-missing = The text quotes nobody. Say at least one of the consented quotes, in quotation marks.
problem-check-quote-marks = Somebody's words stand here without quotation marks: “{ $words }”.
problem-check-quote-open = A quotation mark is not closed: “{ $words }”.
problem-check-quote-trimmed = The author did not agree to have these words shortened: “{ $words }”.
problem-check-quote-consent = Nobody agreed to these words: “{ $words }”. Quoted words stay exactly as they are; for anything else leave the quotation marks out.
problem-check-attribution-missing = Whoever is quoted has to be named as agreed: { $name }.
problem-check-attribution-more = Please leave out “{ $name }”: that is more than was agreed to.
problem-check-attribution-unasked = “{ $name }” is a member here and was not asked. Leave the name out, or have them quoted or named in the nomination: that asks them.
problem-check-consent-place = Not everybody quoted agreed to this kind of channel. Choose another, or ask them.
problem-check-embargo = There is an embargo until later than this time.
problem-check-dup-unfinished = Another announcement of this highlight is on its way to this channel. Wait for it, or take it back.
problem-check-dup-again = This was said at this channel before.

# Notices and their mails.
notice-consent-asked = May your words be carried outside? “{ $title }” waits for your answer.
mail-consent-asked-subject = May we carry your words outside? { $title }
notice-consent-reminder = “{ $title }” still waits for your answer. Without one the answer is no.
mail-consent-reminder-subject = A reminder: may we carry your words outside? { $title }
notice-thread-nominated = A thread of yours was nominated as a whole: “{ $title }”. No words of yours are taken.
mail-thread-nominated-subject = Your thread was nominated: { $title }
notice-highlight-waiting = “{ $title }” waits for a moderator.
mail-highlight-waiting-subject = Waiting for a moderator: { $title }
notice-highlight-approved = “{ $title }” was approved and stands in the library.
mail-highlight-approved-subject = Approved: { $title }
notice-highlight-returned = “{ $title }” was returned to you: { $note }
mail-highlight-returned-subject = Returned with feedback: { $title }
notice-highlight-refused = “{ $title }” was refused: { $note }
mail-highlight-refused-subject = Refused: { $title }
notice-highlight-stale = The words of “{ $title }” were edited. You can choose new ones.
mail-highlight-stale-subject = The words were edited: { $title }
notice-highlight-edited = You edited words that stand outside: “{ $title }”. Without your answer the announcement is taken down.
mail-highlight-edited-subject = You edited words that stand outside: { $title }
notice-announcement-scheduled = This will be said at { $channel }: { $text } You can take it back at any time.
mail-announcement-scheduled-subject = This will be said outside: { $title }
notice-announcement-corrected = This is said at { $channel } now, corrected: { $text }
mail-announcement-corrected-subject = Said anew: { $title }
notice-announcement-sent = “{ $title }” was said at { $channel }. You can see it there, and take it down at any time.
mail-announcement-sent-subject = Said outside: { $title }
notice-announcement-withdrawn = “{ $title }” was taken back from { $channel }.
mail-announcement-withdrawn-subject = Taken back: { $title }
notice-announcement-recalled = “{ $title }” at { $channel } is being taken back.
mail-announcement-recalled-subject = Being taken back: { $title }
notice-announcement-claim-checked = You are named as having checked a claim that is said with “{ $title }” at { $channel }. If you have not, take it back.
mail-announcement-claim-checked-subject = You are named for a claim: { $title }
notice-announcement-picture-gone = The picture said with “{ $title }” at { $channel } is no longer in the post. Correct the announcement without it, or take it back.
mail-announcement-picture-gone-subject = A picture was taken out: { $title }
notice-announcement-stopped = “{ $title }” at { $channel } did not leave: something it stood on no longer stands.
mail-announcement-stopped-subject = Stopped before it left: { $title }
notice-announcement-failed = “{ $title }” did not arrive at { $channel }.
mail-announcement-failed-subject = Did not arrive: { $title }
notice-announcement-stuck = Somebody has to look: “{ $title }” at { $channel }.
mail-announcement-stuck-subject = Somebody has to look: { $title }
