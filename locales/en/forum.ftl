# The places to talk, the conversations in them, and what was said.
forum-latest-title = What we are talking about
forum-new-title = New threads
forum-tag-title = { $tag }
forum-tab-latest = Latest
forum-tab-new = New
forum-tab-categories = Categories
forum-lists = Lists of threads
forum-crumbs = You are here
forum-pager = Pages
forum-pager-first = To the beginning
forum-start = Start a thread
forum-join-to-start = Join to start a thread
forum-empty-title = Nothing here yet
forum-empty-text = Be the first: ask something, or tell what you saw.
forum-empty-guest = Nobody has started a thread here so far. Look around elsewhere.
forum-replies = { $count ->
    [one] reply
   *[other] replies
}
forum-pinned = Pinned
forum-locked = Locked
forum-nobody = A former member
forum-badge-staff = Staff
forum-badge-champion = Champion

forum-categories-title = Categories
forum-thread-count = { $count ->
    [one] { $count } thread
   *[other] { $count } threads
}
forum-latest-in = Latest:
forum-circle = Not for everybody to see
forum-closed = Takes no new threads or replies
forum-no-categories = No categories yet
forum-no-categories-text = The people who run this community have not opened any categories so far.
forum-no-categories-admin = Open a first one, and people have a place to talk.

forum-answers = in answer to #{ $number }
forum-edited = Edited
forum-announced = Announced on
forum-announced-corrected = { $count ->
    [one] corrected once
   *[other] corrected { $count } times
}
forum-state-hidden = Hidden; only its author and the community managers see it
forum-state-deleted = Deleted; only community managers see it
forum-reason = Reason: { $reason }
forum-gone = Post { $number } was removed.
forum-gone-by-author = Post { $number } was removed by its author.
forum-thread-is-hidden = This thread is hidden. Only the person who started it and the community managers see it.
forum-thread-is-deleted = This thread is deleted. Only community managers see it.
forum-quote = Quote
forum-reply = Reply
forum-more = More
forum-permalink = Link to this post
forum-edit = Edit
forum-report = Report
forum-nominate = Nominate as a highlight
forum-hide = Hide
forum-unhide = Bring back
forum-restore = Restore
forum-delete = Delete
forum-moderate = Moderate
forum-your-reply = Your reply
forum-send-reply = Send the reply
forum-preview = Preview
forum-markdown-hint = Markdown works: *emphasis*, **strong**, lists, links, > quotations. What you write stays in here unless you say otherwise.
forum-join-to-reply = Join to reply
forum-copy-your-words = What you wrote stands below. Copy it, or save it as a draft, so that it is not lost.
forum-join-to-reply-text = You can read all of this without an account. To answer, come in.
forum-sign-in = Sign in
forum-position = Position in the thread
forum-rail-first = Beginning,
forum-rail-last = Last reply,
forum-rail-search = Search this thread

forum-new-thread-title = Start a thread
forum-field-category = Category
forum-choose = Please choose
forum-field-title = Title
forum-title-hint = A question or a statement, so that others know whether to come in.
forum-field-body = What you want to say
forum-field-tags = Tags
forum-tags-hint = Up to five words, separated by commas.
forum-edit-post-title = Edit a post
forum-edit-others = These are somebody else's words. What you change is recorded and can be seen in the history.
forum-theirs = What stands there now
forum-theirs-heading = Title and tags as they were saved meanwhile
forum-theirs-no-tags = none
forum-theirs-text = Somebody else changed this post while you were writing. If you save now, your words take the place of these.
forum-field-note = What you changed
forum-note-hint = Others see this in the history.
forum-save = Save
forum-back = Back
forum-edit-thread-title = Edit title and tags
forum-revisions-title = What it said before
forum-revision = Revision { $number }
forum-no-revisions = There is nothing to compare.

forum-field-reason = Reason
forum-reason-hint = The author and other community managers can read it.
forum-reason-log-hint = It stands in the moderation log, for other community managers.
forum-must-say = Its author is told, by mail too: the rule, your words, and how to appeal within { $days } days.
forum-must-say-hint = With a rule you can leave it empty. Without one, please say what is wrong.
forum-rule-choose = Choose the rule it goes against
forum-rule-other = None of them: I say it in my own words
forum-post-delete = Delete this post
forum-post-delete-text = Post { $number } will no longer be shown to anyone but the community managers. If words of it were announced outside, they are taken back there too.
forum-post-restore = Restore this post
forum-post-restore-text = Post { $number } will be shown again where it stood.
forum-post-hide = Hide this post
forum-post-hide-text = Post { $number } will be shown only to its author and the community managers. If words of it were announced outside, they are taken back there too.
forum-post-unhide = Bring this post back
forum-post-unhide-text = Post { $number } will be shown to everybody again.
forum-thread-delete = Delete this thread
forum-move-hidden = If it goes where not everybody may read ({ $places }):
forum-thread-delete-text = The whole thread will be shown to nobody but community managers. If words of it were announced outside, they are taken back there too.
forum-thread-restore = Restore this thread
forum-thread-restore-text = The thread will be shown again where it stood.
forum-thread-hide = Hide this thread
forum-thread-hide-text = The whole thread will be shown only to the person who started it and to community managers.
forum-thread-unhide = Bring this thread back
forum-thread-unhide-text = The thread will be shown to everybody again.
forum-thread-lock = Lock this thread
forum-thread-lock-text = It can be read, and takes no more replies.
forum-thread-archive = Archive this thread
forum-thread-archive-text = It is kept to be read, and takes no replies and no edits any more.
forum-thread-unarchive = Bring this thread back from the archive
forum-thread-unarchive-text = It takes replies again.
forum-thread-unlist = Take this thread off the lists
forum-thread-unlist-text = Nobody finds it on lists, in feeds or by searching; who has its address reads it.
forum-thread-list = Put this thread back on the lists
forum-thread-list-text = Everybody who may see it finds it again.
forum-thread-slow = Slow this thread down
forum-thread-slow-text = Each member writes here only every so many minutes. 0 lets it go.
forum-thread-split = Split this thread
forum-thread-split-text = The posts you name go to a thread of their own in the same category; whoever wrote the first of them stands as its author. Links to them go on working, and nobody is told. The moderation log can put them back.
forum-thread-merge = Merge this thread into another one
forum-thread-merge-text = Its posts go to the end of the other thread, in their order, and its address leads there. Links to them go on working, and nobody is told. The moderation log can put them back.
forum-field-minutes = Minutes between two posts of one member
forum-minutes-hint = 0 lets it go; a day is the longest.
forum-field-posts = Which posts?
forum-posts-hint = By their numbers, such as 3, 5-9. The first post of the thread stays; five hundred go in one step.
forum-field-into = Into which thread?
forum-into-hint = Its address, as you copy it from the browser, or its number.
forum-archived = Archived
forum-unlisted = Not listed
forum-slow = Slow: one post each { $seconds } seconds
forum-thread-is-held = This thread waits for a moderator. Until then only the person who started it and the community managers read it.
forum-state-waits = waits
forum-held = Waits for a moderator. Only you and the moderators can read it so far.
flash-thread-archive = Archived.
flash-thread-unarchive = Back from the archive.
flash-thread-unlist = Taken off the lists.
flash-thread-list = Back on the lists.
flash-thread-slow = Done.
flash-thread-split = The posts stand here now.
flash-thread-merge = Merged.
forum-thread-unlock = Unlock this thread
forum-thread-unlock-text = It takes replies again.
forum-thread-pin = Pin this thread
forum-thread-pin-text = It stands at the top of its category.
forum-thread-unpin = Unpin this thread
forum-thread-unpin-text = It stands among the others again.
forum-summary = At a glance
forum-summary-title = At a glance: { $title }
forum-summary-kept = What many answered or saved
forum-summary-kept-none = Nobody has reacted to a post of this thread or saved one so far.
# Stands in feeds in the place of words that their author hid; feed readers cannot fold anything.
forum-feed-hidden = [hidden: open the post to read it]
forum-summary-voices = Who talks here, and how often
forum-summary-related = About the same
forum-tags-title = Tags
forum-tags-intro = What threads are found by, and how many have each.
forum-tags-none = No tags yet
forum-tags-none-text = Tags appear here with the threads that have them.
forum-tab-tags = Tags
forum-field-tag-limit = Most tags of a thread
forum-field-allowed-tags = Only these tags
forum-allowed-tags-hint = Separated by commas. With none, any tag can be used.
problem-tag-limit = A thread can have 0 to 5 tags.
problem-tags-limit = Threads in this category have at most { $max } tags.
problem-tag-not-here = “{ $tag }” cannot be used in this category. These can: { $allowed }.
problem-tag-makers = “{ $tag }” is a new tag. Please use one that is there already; who may make new ones is up to the people who run this community.
forum-thread-move = Move this thread
forum-thread-move-text = Its address stays the same. Whoever may see the new category may see it there.

forum-manage-title = Manage categories
forum-manage-text = The places to talk, in the order in which they are shown.
forum-manage-new = New category
forum-manage-edit = Edit this category
forum-manage-what = What it is
forum-manage-rules = What happens in it
forum-manage-grants = Who may do what
forum-field-name = Name
forum-field-description = What it is for
forum-description-hint = One or two sentences of plain text.
forum-field-colour = Colour
forum-field-lang = Language
forum-lang-hint = Such as en or de, if it is not the site's.
forum-field-parent = Stands in
forum-parent-none = Nothing: it stands at the top
forum-field-nominable = What is said here may be nominated as a highlight
forum-nominable-hint = Only what everybody can read, and only with the author's consent.
forum-field-closed = Closed: takes no new threads or replies
forum-grants-hint = With nothing ticked, everybody sees it and members reply and start threads. A category inside another is never shown to more people than the outer one.
forum-who-everyone = Everyone, guests too
forum-who-members = Members
forum-right-see = see
forum-right-reply = reply
forum-right-start = start threads
forum-right-moderate = moderate
forum-col-threads = Threads
forum-col-state = Who and what
forum-col-order = Order
forum-is-public = Everybody sees it
forum-is-closed = closed
forum-not-nominable = nothing leaves the house
forum-up = Up
forum-down = Down

flash-thread-started = Your thread has been started.
flash-reply-written = Your reply stands here now.
flash-post-edited = The post has been changed.
flash-thread-edited = Title and tags have been changed.
flash-post-delete = The post has been deleted.
flash-post-restore = The post has been restored.
flash-post-hide = The post has been hidden.
flash-post-unhide = The post can be seen again.
flash-thread-delete = The thread has been deleted.
flash-thread-restore = The thread has been restored.
flash-thread-hide = The thread has been hidden.
flash-thread-unhide = The thread can be seen again.
flash-thread-lock = The thread takes no more replies.
flash-thread-unlock = The thread takes replies again.
flash-thread-pin = The thread stands at the top of its category.
flash-thread-unpin = The thread stands among the others again.
flash-thread-move = The thread has been moved.
flash-category-saved = The categories have been saved.

problem-title-missing = Please give the thread a title.
problem-title-too-long = A title has at most { $max } characters.
problem-body-missing = Please write something.
problem-body-too-long = This is longer than the { $max } bytes that a post may have. Perhaps it is two posts.
problem-body-too-deep = Line { $line } nests quotations or lists too deep.
problem-body-nul = The text holds a character that cannot be stored.
problem-body-links = While you are new here, a post may lead to { $max } other places at most.
problem-category-missing = Please choose a category.
problem-categories-full = There are as many categories as this community can hold.
problem-tags-too-many = A thread has at most { $max } tags.
problem-tag-unusable = “{ $tag }” cannot be a tag.
problem-tag-unknown = “{ $tag }” is a new tag. While you are new here, please use tags that others have made.
problem-reply-to-unknown = The post you were answering is no longer there. Your reply can be sent without it.
problem-no-colour = A colour is written as #, followed by six digits or letters a to f.
problem-too-many-grants = At most { $most } lines, please.
problem-grant-without-group = One of the groups is not there any more.
problem-no-parent = A category can stand at the top, or in one that does.
problem-refused-stale = Somebody else changed this while you were writing. Your words are kept below; look at both, then save again.
problem-refused-locked = This thread has been locked in the meantime and takes no more replies. Your words are kept below.
problem-refused-category-closed = This category takes no new threads or replies from you. Your words are kept below.
problem-refused-silenced = You cannot write at the moment. Your words are kept below.
problem-refused-confirm-email-first = Please confirm your e-mail address first; your words are kept below.
problem-refused-acknowledge-first = Please read and acknowledge the community guidelines first, in another window if you like; your words are kept below.
problem-refused-too-many = That was a lot for one day. Your words are kept below; please try again in { $detail } seconds.
problem-refused-busy = There is too much to do right now. Your words are kept below; please send them again in a moment.
problem-refused-no-room = The disk of this server is full, so this could not be saved. Your words are kept below; please keep a copy and send them again later.

# Reactions and polls.
forum-reaction-thanks = Thanks
forum-reaction-like = I like it
forum-reaction-insight = New to me
forum-reaction-laugh = It made me laugh
forum-reaction-celebrate = Well done
forum-reaction-agree = I think so too
forum-reaction-surprise = I did not expect that
forum-reaction-care = I feel with you
forum-react = React
forum-reacted = { $count ->
    [one] one reaction
   *[other] { $count } reactions
}
forum-reactions-title = Who reacted
forum-reactions-to = To post #{ $number } in:
forum-reactions-none = Nobody has reacted so far
forum-reactions-none-text = Reactions stand under every post. They are a small thank you, and say who gave it.
forum-reactions-action = Back to the post
problem-reaction-unknown = This reaction is not offered here.
notice-reaction = { $count ->
    [one] { $actor } reacted to your post: { $title }
   *[other] { $actor } and others reacted to your post: { $title } ({ $count })
}
mail-reaction-subject = Somebody reacted to your post
forum-poll = Poll
forum-poll-add = Add a poll
forum-poll-title = Ask everybody
forum-poll-hint = A question with options, under the first post. As long as nobody has voted you can change it.
forum-poll-question = Question
forum-poll-options = Options
forum-poll-options-hint = One a line, two to twenty of them; of a ranked poll up to twelve.
forum-poll-kind = How people choose
forum-poll-kind-single = One option
forum-poll-kind-multiple = As many options as they like
forum-poll-kind-ranked = They put the options in order
forum-poll-secret = Secret: nobody is shown who voted for what
forum-poll-days = Open for how many days?
forum-poll-days-hint = Leave it empty for a poll without end. A poll that you change keeps the end it has; 0 takes it away.
forum-poll-save = Ask this
forum-poll-change = Change the poll
forum-poll-close = Close the poll now
forum-poll-remove = Remove the poll
forum-poll-vote = Vote
forum-poll-vote-again = Change my vote
forum-poll-unvote = Take my vote back
forum-poll-rank-of = Rank of
forum-poll-no-rank = not ranked
forum-poll-results = Results
forum-poll-option = Option
forum-poll-votes = Votes
forum-poll-first = First choices
forum-poll-share = Share
forum-poll-mine = my choice
forum-poll-my-rank = my no. { $rank }
forum-poll-voters = { $count ->
    [0] Nobody has voted so far.
    [one] One member has voted.
   *[other] { $count } members have voted.
}
forum-poll-until = Open until
forum-poll-closed = Closed
forum-poll-is-secret = Secret
forum-poll-is-open = Everybody sees who voted for what
forum-poll-rounds = How it was counted
forum-poll-rounds-text = In each round, the option that is the first choice of fewest goes, and these votes count for the next option on them.
forum-poll-round = Round { $number }
forum-poll-out = then goes
forum-poll-winner = Ahead:
forum-poll-won = Chosen:
forum-poll-who = Who voted for what
forum-poll-back = Back to the thread
flash-voted = Your vote is counted. You can change it until the poll closes.
flash-unvoted = Your vote was taken back.
flash-poll-put = Everybody can vote now.
flash-poll-closed = The poll is closed.
flash-poll-removed = The poll is gone.
problem-poll-question-missing = Please write what is to be decided.
problem-poll-options-few = Please give at least two different options.
problem-poll-options-many = At most { $most } options, please.
problem-poll-too-long = At most { $most } characters in the question and in each option, please.
problem-poll-days = A whole number from 0 to { $most }, please.
problem-poll-first-post = A poll stands under the first post of a thread.
problem-poll-voted = Somebody has voted already. What people answered is not turned into the answer to another question; close this poll and ask anew in another thread.
problem-vote-missing = Please choose something.
problem-vote-one = Only one option can be chosen here.
problem-vote-twice = Every option can be chosen once, and every rank be given once.
problem-vote-unknown = That is none of the options.
problem-vote-closed = This poll is closed and takes no more votes.

# Writing: drafts, previews, and what others may do.
forum-drafts-title = Drafts
forum-drafts-intro = What you began to write and have not sent. Nobody else sees it.
forum-drafts-empty = No drafts
forum-drafts-empty-text = What you write is kept here until you send it, so that you can go on with it anywhere.
forum-draft-title = A draft
forum-draft-untitled = A thread without a title so far
forum-draft-nowhere = In a thread that you do not see any more
forum-draft-reply = Reply
forum-draft-thread = New thread
forum-draft-saved = saved
forum-draft-resume = Go on with it
forum-draft-discard = Discard
forum-draft-save = Save as draft
forum-alike = Perhaps this has been talked about
forum-newer = While you were writing
forum-send-anyway = Send it all the same
forum-speak-officially = I say this for the community, not only for myself
forum-official = Official
forum-official-on = Mark as said for the community
forum-official-off = Said only for myself
forum-is-wiki = Established members may edit this
forum-wiki-on = Let others edit this
forum-wiki-off = Let nobody else edit this
forum-folded = By somebody you ignore. Show it.
forum-print = To print
forum-print-next = The next sheet
forum-share = Share this post
forum-remind = Remind me on
forum-remind-set = Remind me
flash-draft-saved = Your draft is saved. You can go on with it anywhere.
flash-draft-discarded = The draft is gone.
flash-remind-set = You will be reminded.
flash-remind-off = You will not be reminded.
problem-draft-elsewhere = Another draft of yours was saved here before. Open it under “Your drafts”, or discard it there, and save again: your words still stand below.
problem-pinned-full = { $most } threads are pinned in this category. Please unpin one first.
problem-drafts-full = You have { $most } drafts. Please send or discard one first.
problem-replies-came = Others replied while you were writing. Read what they said below; your words are kept, and you can send them all the same.
problem-remind-day = Please choose a day from tomorrow on, within the next five years.
notice-bookmark-due = You wanted to be reminded of this: { $title }
mail-bookmark-due-subject = You wanted to be reminded: { $title }

# Saved posts and answers.
forum-bookmark = Save
forum-unsave = Let it go
forum-saves = { $count ->
    [one] saved once
   *[other] saved { $count } times
}
forum-saved-at = saved
forum-bookmarks-title = Saved posts
forum-bookmarks-intro = What you wanted to find again. Nobody else sees this list; a post only counts how often it was saved.
forum-bookmarks-empty = Nothing saved yet
forum-bookmarks-empty-text = Under every post there is a button that keeps it here for you.
forum-bookmarks-action = See what is being talked about
forum-mark-answer = This answers it
forum-unmark-answer = Not the answer after all
forum-is-answer = The answer
forum-solved = Answered
forum-to-answer = to the answer, #{ $number }
flash-bookmarked = Saved. You find it under “Saved posts” in your menu.
flash-unbookmarked = Let go.
flash-answer-marked = Marked as the answer.
flash-answer-unmarked = The thread is open again.
problem-answer-no-reply = Only a reply that everybody in the thread can read can be its answer.
notice-answer-marked = { $actor } marked your reply as the answer: { $title }
mail-answer-marked-subject = Your reply was marked as the answer

# What was read, and what is followed.
forum-rail-unread = First unread, #{ $number }
forum-news = { $count ->
    [one] One new reply
   *[other] { $count } new replies
}
forum-load-next = Show the next posts here
forum-unread-title = Unread
forum-tab-unread = Unread
forum-fresh = new
forum-unread-posts = { $count ->
    [one] unread post
   *[other] unread posts
}
forum-unread-from = Unread from here
forum-read-all = Mark all as read
forum-read-undo = Undo
forum-all-read-title = You have seen everything
forum-all-read-new = Threads that others start appear here until you open them.
forum-all-read-unread = Threads that you follow appear here when somebody speaks in them. You follow what you reply to, and what you choose to.
forum-tools = Marks for your text
forum-tool-strong = Strong (Ctrl+B)
forum-tool-strong-sign = B
forum-tool-em = Stressed (Ctrl+I)
forum-tool-em-sign = I
forum-tool-link = Link (Ctrl+K)
forum-tool-list = List
forum-tool-code = Code (Ctrl+E)
forum-tool-spoiler = Hidden until pointed at
forum-follow-level = { $level ->
    [watching] Follow: watching
    [tracking] Follow: tracking
    [muted] Follow: muted
   *[other] Follow: normal
}
forum-level-watching = Watching
forum-level-watching-text = A notice for every new post.
forum-level-tracking = Tracking
forum-level-tracking-text = New posts are counted and stand in your unread list.
forum-level-normal = Normal
forum-level-normal-text = You hear of answers to you and of your name.
forum-level-muted = Muted
forum-level-muted-text = It stands in none of your lists.
flash-all-read = Marked as read.
flash-all-read-undone = Everything is as it was before.
flash-unread-from = This thread is unread again from that post on.
flash-follow-watching = You are told of every new post.
flash-follow-tracking = New posts stand in your unread list.
flash-follow-normal = You hear of answers to you and of your name.
flash-follow-muted = You will not hear of it any more.
problem-filter-unknown = A list is either new or unread.
problem-level-unknown = A level is watching, tracking, normal or muted.

forum-search-title = Search
forum-search-title-of = Search: { $q }
forum-search-label = What are you looking for?
forum-search-do = Search
forum-search-hint = Words, "a phrase", @name, #tag, in:category, before: and after: a day.
forum-search-within = Only in
forum-search-everywhere = Search everywhere
forum-search-how = How to ask
forum-search-example-phrase = blue door
forum-search-example-word = rust
forum-search-how-phrase = These words, side by side
forum-search-how-without = Without this word
forum-search-how-author = Written by this member
forum-search-how-tag = In threads with this tag
forum-search-how-category = In this category and those inside it
forum-search-how-titles = Only in titles
forum-search-how-days = Written before or after a day, a month or a year
forum-search-how-solved = In threads that have an answer
forum-search-count = { $count ->
    [one] One post
   *[other] { $count } posts
}
forum-search-many = More than { $count } posts
forum-search-order = Order
forum-search-best = Best first
forum-search-newest = Newest first
forum-search-none = Nothing found
forum-search-none-text = Try fewer or other words, or take out one of the limits.
forum-search-note-member = There is no member called “{ $word }”.
forum-search-note-tag = There is no tag “{ $word }”.
forum-search-note-category = There is no category “{ $word }”.
forum-search-note-unclear = “{ $word }” was not understood and left out. Days are written as 2026-03-01.
