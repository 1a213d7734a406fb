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

# What house style finds in a text. The sentences of the older rules stand in highlights.ftl.
problem-check-house = { $message }
problem-check-alt-missing = Picture { $number } has no description. Say in a sentence what it shows; a file name says nothing.
problem-check-alt-begin = The description of picture { $number } begins with what everybody knows. Leave “image of” out.
problem-check-alt-len = The description of picture { $number } is { $over } characters too long: the channel takes { $limit }.
problem-check-lang-set = Choose the language of the text, so that it is read aloud rightly.
problem-check-secret-title = “{ $found }” is the name of something that not everybody may see. Say it in other words, or leave it out.
problem-check-disclosure = Somebody who works for us is quoted. Say so, with one of: “{ $words }”.
problem-check-claim-promise = “{ $found }” promises something. Nobody can promise it in a member's name. Say it otherwise, or name who has checked it.
problem-check-claim-price = “{ $found }” sells. Prices and offers do not stand beside somebody's words. Take them out, or name who has checked it.
problem-check-claim-superlative = “{ $found }” is more than anybody can check. Say what it is. Or name who has checked it.
problem-check-claim-incident = “{ $found }” is for those who answer for safety. Ask them first, and name who has checked it.
problem-check-tag-camel = “{ $found }” seems to be several words. Begin each with a capital, so that it is read aloud as words.
problem-check-tag-count = { $count } hashtags; { $most } are enough.
problem-check-emoji-count = { $count } emoji; { $most } are enough. Each is read aloud with its whole name.
problem-check-emoji-run = “{ $found }” stands several times in a row. Once says it.
problem-check-emoji-place = “{ $found }” stands before or between words. Put it at the end of the line.
problem-check-caps = “{ $found }” shouts. Write it in small letters.
problem-check-fancy = “{ $found }” is made of signs that only look like letters; screen readers spell them out or skip them.
problem-check-art = “{ $found }” is a drawing made of signs. Read aloud it is noise.
problem-check-plain-sentence = A sentence of { $count } words. Make two of it; { $most } are easy to follow.
problem-check-plain-lix = The text is hard to read (LIX { $count }, above { $most }). Shorter sentences and shorter words help.
problem-check-plain-jargon = “{ $found }” is office language. Perhaps: “{ $better }”.
problem-check-plain-abbreviation = “{ $found }” is not explained. Spell it out, or put it in brackets behind its words once.
problem-check-plain-here = “{ $found }” does not say where the link leads. Say what people will find there.
problem-check-dup-text = { $count } % of this was said before, { $days } days ago.
problem-check-dup-link = The same conversation was announced { $days ->
    [0] today
    [one] yesterday
   *[other] { $days } days ago
}. Give it { $most } days.

# What each built-in rule is for.
guidelines-rule-text-missing = There are words.
guidelines-rule-len-channel = The text fits into the channel, counted as the channel counts, link included.
guidelines-rule-link-home = One link, and it leads home.
guidelines-rule-mention-none = No mentions, addresses or telephone numbers, but those that the house allows.
guidelines-rule-quote-missing = What is announced are somebody's words, so somebody is quoted.
guidelines-rule-quote-marks = Somebody's words stand in quotation marks.
guidelines-rule-quote-open = Every quotation mark is closed.
guidelines-rule-quote-trimmed = Words are left out only where their author allows it.
guidelines-rule-quote-consent = What stands in quotation marks is what its author agreed to, letter by letter.
guidelines-rule-attribution-missing = Whoever is quoted is named as agreed.
guidelines-rule-attribution-more = Nobody is named more fully than agreed.
guidelines-rule-attribution-unasked = Nobody of the community is named who was not asked.
guidelines-rule-alt-missing = Every picture is described.
guidelines-rule-alt-len = The description fits into the channel.
guidelines-rule-alt-begin = A description begins with what the picture shows.
guidelines-rule-lang-set = The channel is told the language.
guidelines-rule-secret-title = No names of closed categories, no titles of threads in them.
guidelines-rule-disclosure = Where somebody who works for the house is quoted, the text says so. Only where the house asks for it.
guidelines-rule-claim-promise = No promises.
guidelines-rule-claim-price = No prices, no offers.
guidelines-rule-claim-superlative = No superlatives.
guidelines-rule-claim-incident = Nothing about incidents before those who answer for them have spoken.
guidelines-rule-tag-camel = Hashtags of several words have inner capitals; from so many letters on, a small one is taken for several words.
guidelines-rule-tag-count = So many hashtags at most.
guidelines-rule-emoji-count = So many emoji at most.
guidelines-rule-emoji-run = No emoji twice in a row.
guidelines-rule-emoji-place = Emoji stand at the end of a line.
guidelines-rule-caps = So many words in capitals in a row at most.
guidelines-rule-fancy = Letters are letters.
guidelines-rule-art = No drawings made of signs.
guidelines-rule-plain-sentence = So many words in a sentence at most.
guidelines-rule-plain-lix = The text is easy to read: LIX at most.
guidelines-rule-plain-jargon = Plain words instead of office language.
guidelines-rule-plain-abbreviation = Abbreviations are explained.
guidelines-rule-plain-here = Links say where they lead.
guidelines-rule-dup-text = Not the same text again: so much in a hundred at most.
guidelines-rule-dup-link = Not the same conversation again within so many days.

# What can be wrong with a rule of house style.
problem-on-line = Line { $on_line }: { $sentence }
problem-style-yaml = The file cannot be read: { $why }
problem-style-yaml-line = Line { $line } cannot be read: { $why }
problem-style-too-many = There are more than { $most } of them.
problem-style-id = A rule's name is made of small letters, digits, dots and dashes, such as voice.chorus.
problem-style-id-twice = Two rules are called { $id }.
problem-style-id-built-in = { $id } is the name of a built-in rule. Choose another, or change the built-in rule.
problem-style-no-such-kind = A rule is of kind existence, substitution, occurrence, conditional or metric, not “{ $kind }”.
problem-style-no-such-level = A level is error, warning or suggestion, not “{ $level }”.
problem-style-no-such-measure = “{ $measure }” cannot be measured. Choose words, sentences, characters, words_per_sentence, letters_per_word or lix.
problem-style-no-such-per = Occurrences are counted per text or per sentence, not per “{ $per }”.
problem-style-no-such-rule = There is no built-in rule called { $id }.
problem-style-no-number = The built-in rule { $id } works without a number.
problem-style-law = { $id } guards a promise to members. It can be neither weakened nor switched off.
problem-style-words-or-patterns = The rule needs words or patterns to look for.
problem-style-word-empty = One of the words is empty.
problem-style-swap-empty = Say what is better for each of the words, as in: utilise = use.
problem-style-most-or-least = Say how many there may be at most, or must be at least.
problem-style-number = Choose a number from 0 to a million.
problem-style-pattern = The pattern “{ $pattern }” cannot be used: { $why }.
problem-style-pattern-empty = The pattern “{ $pattern }” finds nothing at all in every place. Let it ask for at least one letter.

# House style.
guidelines-style-title = House style
guidelines-style-of = Part of the messaging guidelines, version { $label }
guidelines-style-draft = The draft of the next version; nobody is held to it yet
guidelines-style-none = No messaging guidelines are in force; the built-in rules hold alone
guidelines-style-write = Write the rules
guidelines-style-see-draft = See the draft
guidelines-style-see-current = See what is in force
guidelines-style-export = Take it as YAML
guidelines-style-own = Our own rules
guidelines-style-own-none = There are none yet.
guidelines-style-built-in = Built-in rules
guidelines-style-beside = Beside it
guidelines-style-mentions = Mentions and addresses that may stand in a text
guidelines-style-disclosure = Where somebody who works for us is quoted, one of these is said
guidelines-style-disclosure-hint = One per line, such as: works at the museum. Leave it empty if this need not be said.
guidelines-column-rule = Rule
guidelines-column-level = Level
guidelines-column-says = What it says
guidelines-level-error = Error
guidelines-level-warning = Warning
guidelines-level-suggestion = Suggestion
guidelines-level-off = Off
guidelines-level-usual = as it comes
guidelines-level-more-error = The text does not go out like this.
guidelines-level-more-warning = It goes out with a reason, which is kept.
guidelines-level-more-suggestion = It could be better.
guidelines-law = law
guidelines-changed-here = changed here
guidelines-better = Better:
guidelines-cites = Rests on rule { $number }: { $title }
guidelines-kind-existence = Words to avoid
guidelines-kind-substitution = Words to replace
guidelines-kind-occurrence = Words to count
guidelines-kind-conditional = Words that need others
guidelines-kind-metric = A measure of the text
guidelines-kind-more-existence = The words must not stand there.
guidelines-kind-more-substitution = There is a better word for each.
guidelines-kind-more-occurrence = They may stand there so often, or must.
guidelines-kind-more-conditional = Whoever says the one has to say the other.
guidelines-kind-more-metric = Words, sentences, how hard it is to read.
guidelines-measure-words = words
guidelines-measure-sentences = sentences
guidelines-measure-characters = characters
guidelines-measure-words_per_sentence = words in a sentence, on average
guidelines-measure-lix = LIX: how hard it is to read
guidelines-measure-letters_per_word = letters in a word, on average
guidelines-try-title = Try it on a text
guidelines-try-words = Text
guidelines-try-hint = Nothing is kept of it. Words in quotation marks count as somebody else's.
guidelines-try-rule-hint = The rule as it stands above is held against it; nothing is kept.
guidelines-try = Try
guidelines-tried-title = What the rules say
guidelines-tried-fine = Nothing to find fault with
guidelines-tried-length = { $length ->
    [one] one character
   *[other] { $length } characters
}
guidelines-style-edit-title = Write house style
guidelines-style-edit-intro = What you change here goes into the draft of the messaging guidelines and holds from the day on which that is published.
guidelines-style-edit-publish = Publish it there
guidelines-style-new = A new rule
guidelines-style-built-in-intro = Rules that guard a promise to members are not in this list: nobody can change them.
guidelines-style-set = Set
guidelines-style-lists = Mentions and disclosure
guidelines-style-import = From another house
guidelines-style-yaml = Rules as YAML
guidelines-style-yaml-hint = They replace all rules of the draft. To see how such a file looks:
guidelines-style-import-do = Take these rules
guidelines-style-rule-title = Rule
guidelines-style-keep = Keep the rule
guidelines-style-remove = Take the rule out
guidelines-style-remove-sure = Take this rule out of the draft?
guidelines-one-per-line = One per line.
guidelines-field-allow = Words that pass, one per line
guidelines-field-id = Name
guidelines-field-id-hint = Small letters, digits, dots and dashes: voice.chorus
guidelines-field-words = Words and phrases
guidelines-field-patterns = Regular expressions
guidelines-field-patterns-hint = For those who know them; one per line.
guidelines-field-swap = What to say instead of what
guidelines-field-swap-hint = One per line: utilise = use
guidelines-field-if = Where this stands
guidelines-field-if-hint = A regular expression. What its first group finds is what needs the other.
guidelines-field-then = … this has to stand, too
guidelines-field-then-hint = A regular expression. If it has a group, that has to find the same words.
guidelines-field-measure = What is measured
guidelines-field-most = At most
guidelines-field-least = At least
guidelines-field-per = Counted in
guidelines-per-text = the whole text
guidelines-per-sentence = each sentence
guidelines-field-message = What the writer is told
guidelines-field-message-hint = { "{found}" } stands for the words that were found.
guidelines-field-better = A better wording
guidelines-field-better-hint = As it could stand in the text.
guidelines-field-cites = The rule of the messaging guidelines that it rests on
guidelines-cites-none = none in particular
guidelines-field-case = Large and small letters differ
guidelines-field-quotes = Hold it against quoted words, too
flash-guidelines-style-saved = Saved in the draft of the messaging guidelines.
problem-style-stale = Somebody saved other rules while you were writing. Look at the list, then save again.

# Paper, the slide, comparing.
guidelines-print = Print view
guidelines-slide = As one slide
guidelines-slide-title = The charter on one slide
guidelines-slide-back = Read the whole charter
guidelines-slide-hint = Printed, it fills one page in landscape.
guidelines-compare-with = Compare with
guidelines-compare = Compare
guidelines-changed-since = What is different since version { $version }, which you acknowledged
guidelines-examples = Examples
guidelines-problems-title = What members come here to do

# Rules that reports and decisions refer to.
moderation-report-rule = Which rule do you have in mind?
moderation-rule = Rests on the rule
moderation-rule-none = none in particular
problem-no-such-rule = The community guidelines have no rule with this number now.

# Acknowledgements, reminders.
guidelines-tab-done = Acknowledged
guidelines-tab-missing = Not yet
guidelines-csv = As a file for spreadsheets
guidelines-remind = Remind them
guidelines-remind-intro = Everybody on this list gets a notice and a letter, at most { $most } times for one version and not twice in a week.
guidelines-column-known = Acknowledged last
guidelines-column-reminded = Reminded
guidelines-column-version = Version
guidelines-known-major = version { $major }
guidelines-known-none = nothing yet
guidelines-never = not yet
guidelines-times = { $count ->
    [one] once
   *[other] { $count } times
}
guidelines-more = More of them
guidelines-all-done-title = Nobody is missing
guidelines-all-done = Everybody who is asked has acknowledged it.
flash-guidelines-reminded = They are being reminded.
notice-acknowledge-community = Please read the community guidelines, version { $version }, before you write again.
mail-acknowledge-community-subject = The community guidelines have changed: version { $version }
notice-acknowledge-messaging = Please read the messaging guidelines, version { $version }. Until you have acknowledged them, you can neither approve nor send.
mail-acknowledge-messaging-subject = The messaging guidelines have changed: version { $version }

# What members come here to do.
guidelines-problems-intro = A text that speaks to one of these is worth writing. Each is a sentence that a member could say.
guidelines-problems-none-title = Nothing written down yet
guidelines-problems-none = What do members come here to do, in their own words? Those who keep the messaging guidelines write it down here.
guidelines-problems-add = Write one down
guidelines-problems-change = Change
guidelines-problems-save = Keep it
guidelines-problems-remove = Take it out
guidelines-problems-words = What somebody comes here to do
guidelines-problems-words-hint = As a member would say it: “I found a shoe box of letters and cannot read them.” No real person's words.
guidelines-problems-who = Who would say so
guidelines-problems-who-hint = Such as: a grandson, a model builder, a teacher.
flash-guidelines-problems-saved = Saved.
