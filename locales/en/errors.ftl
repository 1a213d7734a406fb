# What happened, and a way on. Refusals first; every key of kit::Refusal has its sentence.
refused-not-found = There is nothing at this address, or it is not for you to see. It may have been moved or taken back.
refused-sign-in-first = Please sign in first.
refused-confirm-email-first = Please confirm your e-mail address first. We sent you a letter with a link; you can have it sent again in your settings.
refused-acknowledge-first = Please read and acknowledge the current guidelines first.
refused-not-yours = This belongs to somebody else.
refused-own-words = These are your own words. Reacting to them is for others.
refused-role-needed = { $detail ->
    [moderator] Only community managers can do this.
    [publisher] Only publishers can do this.
    [lead_publisher] Only the lead publisher can do this.
    [champion] Only champions and publishers can do this.
    [admin] Only an administrator can do this.
   *[other] You do not have the role that this needs.
}
refused-established-only = Only established members can do this: after 14 days and 10 posts it opens by itself.
refused-four-eyes = Somebody else has to do this: whoever nominated it, wrote the words or approved it does not also decide.
refused-locked = This thread is locked and takes no more replies.
refused-category-closed = This category takes no new threads or replies from you.
refused-silenced = You can read but not write at the moment, because the community managers have silenced your account.
refused-suspended = Your account is suspended.
refused-stale = Somebody else changed this while you were looking at it. Please look at it again.
refused-wrong-state = This cannot be done any more, or not yet.
refused-not-public = Only what everybody can read may be carried outside.
refused-not-nominable = This category is closed to nomination.
refused-declined-before = The author has said no to carrying these words outside. That stands.
refused-too-many = That was too often. Please try again in { $detail } seconds.
refused-busy = There is too much to do right now. Nothing was lost; please try again in a moment.
refused-no-room = The disk of this server is full, so nothing could be saved and nothing was changed. Whoever runs it has been told by its log; please try again later.
refused-gone = This was here and has been taken back.
refused-link-dead = This link has expired, has been used, or was never ours.
refused-wrong-password = The name or address and the password do not belong together.
refused-bad-token = The token is not, or no longer, one of ours.
refused-forged = The form was too old, or did not come from this site. Nothing was changed. Please open the page again and try once more.
refused-too-large = That was too large: { $detail } KiB is the most.
refused-too-slow = The request came too slowly and was cut off.
refused-unreadable = The request could not be read.
refused-wrong-type = This address does not take that kind of content.
refused-wrong-method = This address does not take that kind of request.
refused-wrong-host = This community has another address.
refused-key-reused = The same idempotency key came with other words before.
refused-key-running = A request with the same idempotency key is being worked on right now.
refused-channel-closed = This channel is not open.
refused-no-consent = The consent that was given does not cover this.
refused-last-one = That would leave nobody who can do this.
refused-set-up-already = This community has been set up already.
refused-fault = Something went wrong on our side. It has been written down and nothing of yours was lost; going back usually brings your words with it.
refused-invalid = Something in what was sent is not right yet.

error-title-400 = That could not be read
error-title-401 = Please sign in
error-title-403 = That is not possible
error-title-404 = Nothing here
error-title-405 = Not like that
error-title-408 = Too slow
error-title-409 = Changed in the meantime
error-title-410 = Taken back
error-title-413 = Too large
error-title-415 = Another kind of content
error-title-421 = Another address
error-title-422 = Not quite right yet
error-title-429 = A short pause
error-title-500 = Our mistake
error-title-503 = Very busy
error-reference = Reference
error-until = Until
error-written = What you wrote
error-written-text = Nothing of it was saved. Copy it, so that it is not lost.
error-way-sign-in = Sign in
error-way-home = To the front page
error-way-latest = See what is being talked about
error-way-settings = To your settings
error-way-guidelines = Read the guidelines
error-way-right-host = To the right address
error-way-again = Back, and try again
error-way-new-link = Ask for a new link
error-way-announcements = To the announcements
error-way-charter = What this community is for

# What is wrong with a field.
problem-needed = Please fill this in.
problem-too-long = Please keep this to { $most } characters.
problem-too-short = Please write at least { $least } characters.
problem-no-zone = This is not a time zone such as Europe/Berlin.
problem-no-language = This is not a language such as en or de.
problem-json-shape = The JSON is not what this address takes: { $detail }
problem-bad-key = An Idempotency-Key has 1 to 255 characters.

flash-sign-in-first = Please sign in to go on.
flash-acknowledge-first = Please read this and acknowledge it at the end; then you can go on.

appearance-title = Light or dark
appearance-intro = Choose how the pages look on this device. Members can also set this in their settings.
appearance-auto = As my device says
appearance-light = Light
appearance-size = Text size
appearance-size-small = Small
appearance-size-usual = As usual
appearance-size-large = Large
appearance-size-larger = Larger
offline-title = No connection
offline-text = This device has no connection to the community right now. What you were writing is kept in this browser.
offline-again = Try again
appearance-dark = Dark

# Accounts.
problem-wrong-password = The name or address and the password do not belong together.
problem-name-too-short = A name has at least 2 characters.
problem-name-too-long = A name has at most 30 characters.
problem-name-character = A name consists of letters, digits, and - _ . between them.
problem-name-punctuation = - _ and . stand between letters or digits, one at a time.
problem-name-scripts = The letters of a name belong to one script.
problem-name-reserved = This name is kept for the site itself. Please choose another.
problem-name-taken = Somebody carries this name, or carried it before. Please choose another.
problem-display-too-long = Please keep the display name to { $most } characters.
problem-display-missing = Please enter the name that others are to read.
problem-email-missing = Please enter an e-mail address.
problem-email-too-long = This e-mail address is too long.
problem-email-syntax = This is not one e-mail address.
problem-email-taken = This e-mail address belongs to another account.
problem-password-too-short = A password has at least { $least } characters.
problem-password-too-long = A password has at most { $most } bytes.
problem-password-common = This password is among those that are tried first. A short sentence of your own is better.
problem-password-near = This password is too near to your name, your address or the name of this community.
problem-invitation-needed = New members join by invitation here.
problem-bio-too-long = Please keep this to { $most } characters.
problem-hue = A colour is a number from 0 to 359.
problem-lang = This is not a language such as en or de.
problem-zone = This is not a time zone such as Europe/Berlin.
problem-theme = Please choose one of the three.
problem-consent-preference = Please choose one of the answers.
problem-token-label = Please give the token a name of 1 to { $most } characters.
problem-token-days = A token holds for 1 to { $most } days.
problem-note-too-long = Please keep the note to { $most } characters.
problem-group-name-missing = Please give the group a name.
problem-group-name-too-long = Please keep the name to { $most } characters.
problem-group-name-taken = There is a group of this name already.
problem-groups-too-many = There are too many groups already.
problem-description-too-long = Please keep the description to { $most } characters.
problem-no-such-member = Nobody here carries this name.
problem-role-unknown = There is no such role.

# Channels and deliveries.
problem-unknown-kind = There is no channel of this kind.
problem-no-address = This is not an address such as https://example.org/hook.
problem-out-of-range = Please choose a number from { $least } to { $most }.
problem-no-choice = Choose one of the words on offer.
problem-no-number = This is not a number.
problem-too-many = { $most } are the most there can be.
problem-unknown-word = This word is not known here.
problem-too-long-for-channel = This is too long for the channel.
problem-no-webhook = This is not the address of a Discord webhook. It looks like https://discord.com/api/webhooks/… with a number and a long key.
problem-no-chat = Give the name of the channel with its @, or its number (which begins with -100).
problem-no-bot-token = This is not the token of a Telegram bot. It looks like 123456789:AA… and comes from @BotFather.
problem-no-slack-secret = This is neither a bot token (it begins with xoxb-) nor the address of an incoming webhook (https://hooks.slack.com/services/…).
problem-no-handle = This is no handle. It looks like a domain name, such as museum.bsky.social.
