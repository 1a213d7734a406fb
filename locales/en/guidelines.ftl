# The charter and the two guidelines.
guidelines-title-charter = The charter
guidelines-title-community = Community guidelines
guidelines-title-messaging = Messaging guidelines
guidelines-about-charter = What this community is, and what it is not.
guidelines-about-community = How we speak in here.
guidelines-about-messaging = How we speak about the community out there.
guidelines-crumbs = You are here
guidelines-version = Version { $label }
guidelines-in-force-since = in force since
guidelines-in-force-from = in force from
guidelines-what-changed = what changed
guidelines-write-next = Write the next version
guidelines-write-first = Write the first version
guidelines-go-on-writing = Go on with the draft
guidelines-who-acknowledged = Who acknowledged it
guidelines-not-yet = You are reading a version that is not in force yet.
guidelines-not-any-more = You are reading an earlier version. It is no longer in force.
guidelines-read-current = Read the version in force
guidelines-next-comes = Version { $label } comes into force on
guidelines-read-next = Read it now
guidelines-history = Versions
guidelines-older = Older ones
guidelines-none-title = Not written yet
guidelines-none-charter = This community has not published its charter yet.
guidelines-none-community = This community has not published its guidelines yet.
guidelines-none-messaging = This community has not published how it speaks outside. Until then nothing is carried outside.
guidelines-none-way = See what is being talked about
guidelines-none-editor-charter = Say what this community is and what it is not. A draft to begin with is waiting.
guidelines-none-editor-community = Say how you want to speak with one another. Members read it before their first post.
guidelines-none-editor-messaging = Say how you speak about the community outside. Nothing can be approved or sent before this is published and acknowledged.

guidelines-ack-title = Will you keep to this?
guidelines-ack-again = You have acknowledged an earlier version; this one changes something important.
guidelines-ack-why-charter = Nothing depends on it. It tells those who keep this place that you know what it is for.
guidelines-ack-why-community = We ask everybody once before they write, and again when something important changes.
guidelines-ack-why-messaging = We ask everybody who approves, writes or sends something outside, and again when something important changes.
guidelines-ack-label-charter = I have read the charter, version { $label }.
guidelines-ack-label-community = I have read the community guidelines, version { $label }, and will keep to them.
guidelines-ack-label-messaging = I have read the messaging guidelines, version { $label }, and will keep to them whenever I speak about the community.
guidelines-ack-button = I will
guidelines-done-title = Thank you
guidelines-done = You acknowledged this on

guidelines-changes-title = What changed in version { $version }
guidelines-changes-against = Compared with version { $older }
guidelines-changes-none = Both versions say the same.
guidelines-major-said = everybody was asked again
guidelines-minor-said = words were mended, nobody was asked
guidelines-diff-removed = Removed:
guidelines-diff-added = Added:

guidelines-acknowledgements-title = Who acknowledged
guidelines-acknowledgements-count = { $count ->
    [0] nobody yet
    [one] one member
   *[other] { $count } members
}
guidelines-column-member = Member
guidelines-column-when = When
guidelines-gone = A member who has left
guidelines-nobody-title = Nobody yet
guidelines-nobody-charter = Members find a box to acknowledge it beneath the text.
guidelines-nobody-community = Members are asked before their first post.
guidelines-nobody-messaging = Those who approve or publish are asked when they first try to.

guidelines-edit-title-charter = Write the charter
guidelines-edit-title-community = Write the community guidelines
guidelines-edit-title-messaging = Write the messaging guidelines
guidelines-now-in-force = Version { $label } is in force
guidelines-none-in-force = No version is in force yet
guidelines-draft-stands = this is a draft that others who keep this document see too
guidelines-waiting-title = Version { $label } is published already
guidelines-waiting = It comes into force on
guidelines-waiting-more = Take it back to change it before that day; nobody can have acknowledged it yet.
guidelines-recall = Take it back into the drafts
guidelines-recall-sure = Take this version back into the drafts? It replaces the draft that may stand there.
guidelines-meanwhile-title = Somebody was quicker
guidelines-meanwhile = A colleague saved another text while you were writing. Below you see where yours differs: struck out is theirs, underlined is yours. Take over what you need; if you save now, yours stands.
guidelines-preview-title = Preview
guidelines-field-body = Text
guidelines-field-body-hint = Markdown works: ## begins a heading, a line that begins with 1. a numbered list.
guidelines-field-change = How much does it change?
guidelines-minor = Minor.
guidelines-minor-more = Words are mended, the meaning stands. Nobody is asked again.
guidelines-major = Major.
guidelines-major-more = What people agreed to is another thing now. Everybody is asked again.
guidelines-field-note = What changed
guidelines-field-note-hint = A sentence that members read in the history.
guidelines-field-day = In force from
guidelines-field-day-hint = Leave it empty for: at once.
guidelines-preview = Preview
guidelines-save = Save the draft
guidelines-publish = Publish
guidelines-drop = Throw the draft away
guidelines-drop-sure = Throw the draft away? It cannot be brought back.

flash-guidelines-acknowledged = Thank you. That is noted.
flash-guidelines-draft-saved = The draft is saved.
flash-guidelines-draft-dropped = The draft is gone.
flash-guidelines-published = Published.
flash-guidelines-recalled = The version is a draft again.

problem-agree-first = Please tick the box once you have read the text.
problem-unchanged = The text is the same as the one in force.
problem-too-far-ahead = Please choose a day within a year.
problem-no-day = This is not a day such as 2026-12-01.
problem-no-moment = This is not a moment such as 2026-12-01T09:00:00Z.
problem-stale-text = Somebody saved another text while you were writing. Look at the differences, then save again.
problem-version-waits = Another version is published and waits for its day. Take it back first.
problem-nul = The text holds a character that cannot be stored.
problem-too-deep = Line { $line } nests quotes or lists too deep.
