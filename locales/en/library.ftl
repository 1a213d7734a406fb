# The publisher's room: shelves, labels, collections, taking things out, what was recalled, feeds, cards, the letter.
highlights-shelves = Shelves
highlights-shelf-all = Everything
highlights-shelf-unused = Not used yet
highlights-shelf-evergreen = Evergreen
highlights-shelf-embargo = Under embargo
highlights-shelf-ending = Ending soon
highlights-shelf-retired = Laid aside
highlights-find-words = Words
highlights-find = Find
highlights-find-all = Show everything
highlights-any = Any
highlights-topic = Topic
highlights-topics = Topics
highlights-topics-hint = Separated by commas.
highlights-category = Category
highlights-lang = Language
highlights-collection = Collection
highlights-with-picture = With a picture
highlights-evergreen = Evergreen
highlights-evergreen-label = Evergreen: good at any time of the year
highlights-embargo-until = Not before
highlights-embargo-label = Not to be said before ({ $zone })
highlights-ends = Until
highlights-expires-label = To be used until
highlights-expires-hint = The last day. On the day after, it is laid aside by itself; what was said stands.
highlights-use = Used
highlights-taken = { $count ->
    [one] taken once
   *[other] taken { $count } times
}
highlights-library-nothing = Nothing like that is in the library
highlights-library-nothing-text = Try fewer words, or another shelf. Community managers can look for voices on something if you ask them.
highlights-label-title = The label
highlights-label-save = Save
highlights-retire-title = Lay it aside
highlights-retire-text = Nothing new is made of it: it leaves feeds and cards, and what is planned is stopped. What was said stands.
highlights-retire-button = Lay it aside
highlights-retired-here = This was laid aside. Nothing new is made of it.
highlights-retired-expired = Its time was over.
highlights-bring-back-title = Take it up again
highlights-bring-back-text = Time has passed, so a moderator looks at it first.
highlights-bring-back-button = Take it up again
highlights-note-brought-back = It was laid aside and is wanted again. Please look whether it still holds.
highlights-note-expired = Its time was over.

# Collections.
highlights-collections-title = Collections
highlights-collections-intro = Put together what belongs together: for an opening, a season, a talk.
highlights-collections-empty = There is no collection yet
highlights-collections-empty-text = Make one here, then add highlights to it from their pages.
highlights-collection-items = { $count ->
    [0] empty
    [one] one highlight
   *[other] { $count } highlights
}
highlights-collection-new = A new collection
highlights-collection-name = Name
highlights-collection-note = What for
highlights-collection-make = Make it
highlights-collection-change = Change
highlights-collection-remove = Take it away
highlights-collection-remove-text = The highlights stay in the library. Feeds of this collection are closed.
highlights-collect-into = Into
highlights-collect-new = Or into a new one called
highlights-collect = Add
highlights-uncollect = take out

# Taking out.
highlights-pull-title = Take it out
highlights-pull-purpose = What for
highlights-pull-recipient = Who gets it
highlights-pull-not = Not everybody quoted agreed to have it taken by hand.
highlights-pull-written = Each time is written down, so that we know whom to tell if somebody changes their mind.
highlights-pull-promise = The words stay exactly as they are. If somebody takes their consent back, the links here end, and you are asked to tell whoever has it.
highlights-take-texts = Texts to copy
highlights-take-kit = Media kit (ZIP)
highlights-take-print = Sheet for the notice board
highlights-take-embed = Card for a website
highlights-take-csv = Table (CSV)
highlights-take-json = For programs (JSON)
highlights-pull-page-title = Taken from the library
highlights-pull-fallen = { $count ->
    [one] One part of this does not stand any more and is left out.
   *[other] { $count } parts of this do not stand any more and are left out.
}
highlights-pull-nothing = Nothing of this stands any more
highlights-pull-nothing-text = It was taken back since. If it is in use somewhere, please see to it.
highlights-pulls-title = Who took it out
highlights-column-how = How
highlights-column-who = Who
highlights-characters = { $count ->
    [one] one character
   *[other] { $count } characters
}
highlights-usual-limit = { $limit } usually fit
highlights-too-long-by = { $count } too many
highlights-pulled-by_hand = texts to copy
highlights-pulled-kit = media kit
highlights-pulled-print = sheet for the notice board
highlights-pulled-export = table
highlights-pulled-embed = card for a website
highlights-pulled-feed = personal feed
highlights-pulled-api = change feed of the API
highlights-pulled-mine = How staff took it out
highlights-copy = Copy
highlights-export-title = Take everything on this page as a table
highlights-export-text = What does not pass the last look (an embargo, a consent that does not cover it) is left out.
highlights-export-button = Take the table
highlights-sheet-title = For the notice board
highlights-sheet-how = Print this page; each highlight has a sheet of its own.

# The media kit.
highlights-kit-title = Media kit of { $site }
highlights-kit-for = Taken for: { $purpose }
highlights-kit-when = Taken at: { $at }
highlights-kit-words = The quoted words stay exactly as they are, in quotation marks. Nothing may be added or left out unless consent.json says so.
highlights-kit-names = People are named as they chose to be, and in no other way.
highlights-kit-recall = They may change their mind. If the link below says that it was taken back, please stop using these words.
highlights-kit-until = To be used until { $at }.
highlights-kit-files = Each folder holds texts for the kinds of places that were agreed to (texts), the words alone (quotes.txt), pictures with what they show where their authors let them go along (pictures), the line to print beside them (attribution.txt), the way back (source.txt) and what was agreed to (consent.json).

# What was recalled.
highlights-recalled-title = Recalled
highlights-recalled-intro = Somebody changed their mind, or the words are gone. Links, cards and feeds ended by themselves; whoever has a copy has to be told.
highlights-recalled-waiting = { $count ->
    [one] One thing that was taken out has been recalled: somebody has to be told.
   *[other] { $count } things that were taken out have been recalled: somebody has to be told.
}
highlights-recalled-open = To do
highlights-recalled-done = Seen to
highlights-recalled-going = being seen to
highlights-recalled-when = Recalled
highlights-recalled-empty = Nothing waits for you
highlights-recalled-empty-text = When somebody takes consent back for something that was taken out, or a moderator removes a picture from it, it appears here.
highlights-recall-tell = Tell
highlights-recall-tell-nobody = Nobody was noted. Ask whoever took it.
highlights-recall-done = They know
highlights-recall-do-by_hand = Texts were copied. Whoever uses them takes them down.
highlights-recall-do-kit = A media kit was handed on. Whoever has it stops using it.
highlights-recall-picture = A moderator took a picture out of sight that was in it; words and picture were handed on together.
highlights-recall-do-print = A sheet was printed. Take it off the notice board.
highlights-recall-do-export = A table was handed on. Whoever has it takes this line out.
highlights-recall-do-embed = The card is empty already. Take it off the website when you can.
highlights-recall-do-feed = It left the feed already. Look whether the planning tool still has it in its queue.
highlights-recall-do-api = A program has fetched it and was told by the change feed. Look whether it has followed.
notice-pull-recalled = “{ $title }” was taken back, and you have taken it out of the library. Please tell whoever has it.
mail-pull-recalled-subject = Taken back; please tell whoever has it: { $title }

# Feeds.
highlights-feeds-title = My feeds
highlights-feeds-intro = For planning tools: approved highlights under a secret address of your own. Only what its authors released to feeds is in it.
highlights-feeds-empty = You have no feed
highlights-feeds-empty-text = Open one for each tool, so that you can close them one by one.
highlights-feed-new = A new feed
highlights-feed-label = What is it for
highlights-feed-of = Made of
highlights-feed-all = The whole library
highlights-feed-open = Open it
highlights-feed-close = Close it
highlights-feed-opened = opened
highlights-feed-read = something new fetched
highlights-feed-made-title = Your feed is open
highlights-feed-once = Shown once.
highlights-feed-secret = Whoever has one of these addresses can read the feed. Keep it where your planning tool can read it, and close the feed when it is no longer needed.

# Cards.
highlights-place-embed = A card on our website
highlights-place-feed = Feeds of our planning tools
highlights-embed-title = Put the card on a website
highlights-embed-wordpress = In WordPress, paste this address on a line of its own:
highlights-embed-html = Anywhere else, paste this:
highlights-embed-recall = The card is a page of ours in a frame: if somebody takes consent back, it is empty at once.
highlights-embed-read = Read the conversation
highlights-embed-gone-title = Taken back
highlights-embed-gone = These words were taken back, and that is respected.
highlights-card-open = A card of this is out there.
highlights-card-close = Empty the card

# The weekly letter.
highlights-letter-on = Every Thursday you get a letter with what is new here.
highlights-letter-stop = I do not want it
highlights-letter-off = You do not get the weekly letter with what is new here.
highlights-letter-start = I want it
highlights-leave-title = The weekly letter
highlights-leave-ask = Shall we stop sending you the weekly letter with what is new in the library?
highlights-leave-button = Stop it
highlights-leave-done = You will not get it any more. You can have it again from the library's page.
mail-library-subject = New in the library of { $site }: { $count }
mail-library-lead = Approved since the last letter, ready to be told:
mail-library-more = And more.
mail-library-action = To the library
mail-library-leave = To get this letter no longer:

# After a button.
flash-highlight-pulled = Taken, and written down.
flash-highlight-labelled = The label is saved.
flash-highlight-retired = Laid aside. What was said stands.
flash-highlight-brought-back = A moderator looks at it, then it is back.
flash-highlight-card-closed = The card is empty.
flash-highlight-collected = Added to the collection.
flash-highlight-uncollected = Taken out of the collection.
flash-collection-made = The collection is there.
flash-collection-changed = Saved.
flash-collection-removed = The collection is gone. Its highlights are where they were.
flash-recall-done = Noted. Thank you for telling them.
flash-pull-feed-closed = The feed is closed.
flash-library-letter-on = You get the letter every Thursday.
flash-library-letter-off = You do not get the letter any more.

# What is wrong with an input.
problem-purpose-needed = Please say what it is for: if somebody changes their mind, we have to know where it went.
problem-topics = At most { $most } topics of { $long } characters each.
problem-ends-before-it-begins = It would end before it may be said.

# What was said outside, for everybody.
outside-filter = Where
outside-everywhere = Everywhere
outside-also = Also at
outside-see = See it there
outside-leaving = Being taken back
outside-corrected = { $count ->
    [one] corrected once
   *[other] corrected { $count } times
}
