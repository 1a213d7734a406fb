# The bulletin: letters to people who asked for them.

bulletin-title = The bulletin by e-mail
bulletin-follow = By e-mail
bulletin-intro = What { $site } says of itself to the world, as a letter. You can leave with one click at any time.
bulletin-which = Which one?
bulletin-email-hint = We write there once, so that you can confirm that the address is yours.
bulletin-subscribe = Send me the confirmation
bulletin-sent = Look into your mailbox: a letter is on its way, with a link to confirm the address.
bulletin-sent-more = Nothing there after some minutes? Look into the folder for unwanted mail, or ask once more in an hour.
bulletin-promise = Your address is used for these letters only, and is deleted at once when you leave. The letters hold nothing that tells us whether you read them.
bulletin-none = There is no bulletin
bulletin-none-text = What is announced can be read here, and followed by feed.
bulletin-member-on = You get it at the address of your account.
bulletin-member-off = One click, and it comes to the address of your account.
bulletin-confirm-title = Confirm the bulletin
bulletin-confirm-text = With this button you get the bulletin at the address to which the letter came.
bulletin-confirm-button = Yes, send it to me
bulletin-leave-title = Leave the bulletin
bulletin-leave-ask = Shall we stop sending it to you?
bulletin-leave-button = Stop it
bulletin-leave-done = You do not get it any more, and your address is deleted.

bulletin-settings = Bulletin
bulletin-settings-text = Letters with what this community says of itself outside, to the address of your account.
bulletin-mine-on = You get it
bulletin-mine-join = Send it to me
bulletin-mine-leave = Stop it

bulletin-admin-text = Who gets it, and the keys that sign its letters.
bulletin-subscribers-title = Subscribers
bulletin-subscribers-intro =
    { $count ->
        [one] One address gets this bulletin.
       *[other] { $count } addresses get this bulletin.
    }
bulletin-export = Download as a table
bulletin-address = Address
bulletin-no-address = not kept
bulletin-member = Member
bulletin-asked = Asked
bulletin-confirmed = Confirmed
bulletin-remove = Remove
bulletin-subscribers-none = Nobody here
bulletin-subscribers-none-text = People subscribe on this page; the announcements page leads there.
bulletin-state-pending = Not confirmed yet
bulletin-state-confirmed = Gets it
bulletin-state-left = Left
bulletin-state-suppressed = Mailbox dead
bulletin-note-removed = taken off by an administrator
bulletin-note-moved = goes by another address
bulletin-note-refused = the mail server knows no such mailbox
bulletin-note-bounced = letters came back
bulletin-note-failures = several letters in a row did not arrive

bulletin-letters-title = Letters
bulletin-letters-intro =
    { $count ->
        [one] One letter, to one address.
       *[other] { $count } letters, one to each address.
    }
bulletin-letters-none = No letters
bulletin-letters-none-text = Letters are written when the announcement goes out.
bulletin-letters-unknown = Where nobody knows whether a letter arrived, it is not sent again by itself: nobody is to get it twice.
bulletin-letter = Letter
bulletin-answer = The mail server’s answer
bulletin-again = Send once more
bulletin-letters-of-this = Its letters, one by one
bulletin-letter-queued = Waits
bulletin-letter-sending = On its way
bulletin-letter-sent = Sent
bulletin-letter-later = Tried again later
bulletin-letter-failed = Given up
bulletin-letter-refused = Refused
bulletin-letter-bounced = Came back
bulletin-letter-unknown = Unknown
bulletin-letter-dropped = Stopped in time

bulletin-keys-title = Signing keys
bulletin-keys-intro = Letters that are signed (DKIM) can be told from forged ones. Big mail services ask for it.
bulletin-keys-none = Nothing signs the letters of this bulletin. Your mail server may do it by itself; if not, make a key.
bulletin-key-signs = This key signs
bulletin-key-before = Signed before
bulletin-key-waits = Waits for its record
bulletin-key-made = Made
bulletin-key-type = Type of record
bulletin-key-host = Name
bulletin-key-record = Text
bulletin-key-check = To see whether it is there
bulletin-key-check-text = Type this on any computer; some name servers cut the text into pieces in quotation marks, which is all right. We do not look it up ourselves.
bulletin-key-use = The record is published: sign with this key
bulletin-key-use-text = Publish the record where the DNS of the domain is kept. It can take an hour until everybody sees it.
bulletin-key-make = Make a key
bulletin-key-make-text = A new key signs nothing before you say that its record is published; until then the one before goes on.

flash-bulletin-joined = You get the bulletin.
flash-bulletin-left = You do not get the bulletin any more.
flash-bulletin-removed = The address was taken off the list.
flash-bulletin-again = The letter is sent once more.
flash-bulletin-key-made = The key is made. Publish its record next.
flash-bulletin-key-used = This key signs from now on.

mail-bulletin-subject = { $title }
mail-bulletin-action = Read the conversation
mail-bulletin-foot = You get “{ $name }” of { $site } because you asked for it.
mail-bulletin-leave = Leave with one click:
mail-bulletin-confirm-subject = Confirm the bulletin of { $site }
mail-bulletin-confirm-lead = Somebody, most likely you, has asked to get “{ $name }” of { $site } at this address. Please confirm it.
mail-bulletin-confirm-action = Yes, send it to me
mail-bulletin-confirm-after = The link works once, for one day. If it was not you, leave it alone: nothing more comes, and the address is forgotten.
mail-bulletin-known-subject = You already get the bulletin of { $site }
mail-bulletin-known-lead = Somebody, most likely you, has asked to get “{ $name }” of { $site } at this address. You get it already.
mail-bulletin-known-action = Leave it
mail-bulletin-known-after = If you want to go on getting it, nothing needs to be done.
