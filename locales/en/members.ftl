# People: joining, signing in, profiles, settings, and what admins do with accounts.
members-sign-in-title = Sign in
members-sign-in = Sign in
members-login = Name or e-mail address
members-login-hint = An address counts once you have confirmed it.
members-password = Password
members-forgot-link = Forgotten your password?
members-no-account = No account yet?
members-sign-up-link = Join
members-sign-up-title = Join the community
members-sign-up = Join
members-name = Name
members-name-hint = Others mention you by it, as in @ruth: 2 to 30 letters, digits, and - _ . between them.
members-display = Display name
members-display-hint = What others read above your posts. Left empty, it is your name.
members-email = E-mail address
members-email-hint = Nobody else sees it. We send a letter there, to be sure that it is yours.
members-password-hint = At least 8 characters; a short sentence is best. Any characters will do.
members-have-account = You have an account already?
members-closed = New members join by invitation. If you have been sent one, open the link in that letter.
members-closed-home = To the front page
members-invited-title = You are invited
members-invited = You have been invited to join.
members-invited-by = { $name } invites you to join.
members-set-up-title = The first administrator
members-set-up-intro = Nobody runs this community yet. Whoever fills in this form does: settings, categories, guidelines and invitations come next.
members-set-up = Begin
members-confirm-title = Is this address yours?
members-confirm-intro = With one press of the button your address counts at { $site }.
members-confirm = Yes, confirm it
members-forgot-title = A new password
members-forgot-intro = Tell us your confirmed e-mail address and we send you a link, good for one hour.
members-forgot = Send me a link
members-forgot-sent = If somebody here has confirmed that address, a letter with a link is on its way. It works once, for one hour.
members-reset-title = Choose a new password
members-password-new = New password
members-reset = Keep this password
members-reset-ends = Everything you are signed in to ends with it, tokens for the API too.
members-role = { $role ->
    [champion] Champion
    [moderator] Community manager
    [publisher] Publisher
    [lead_publisher] Lead publisher
    [admin] Administrator
   *[other] { $role }
}
members-badge-staff = Staff
members-badge-champion = Champion
members-badge-new = New here
members-erased = Former member

flash-signed-out = You are signed out.
flash-signed-up = Welcome! We have sent you a letter: open its link to confirm your address, then you can write here.
flash-set-up = Welcome. This community is yours to set up.
flash-email-confirmed = Thank you, your address is confirmed.
flash-password-changed = Your password is changed. Please sign in with it.

members-joined = here since
members-post-count = { $count ->
    [one] one post
   *[other] { $count } posts
}
members-silenced = May read, not write
members-suspended = Suspended
members-profile-edit = Change your profile
members-profile-manage = Manage this account
members-recent = Lately said
members-recent-started = started
members-recent-replied = replied
members-recent-none = Nothing here that you can read yet.

# Settings.
members-details-title = About me
members-details-intro = A few lines beside what you say of yourself. Everybody can read them.
members-pronouns = Pronouns
members-place = Place
members-links = Links
members-links-hint = Up to five web addresses, one a line.
members-ignore = Ignore
members-unignore = Hear them again
members-ignored = Members you ignore
members-ignored-text = Their posts are folded for you, and you are told of nothing they do. They are not told. What staff say is always shown.
members-ignored-none = You ignore nobody.
members-people-title = Members
members-people-search = The beginning of a name
members-people-none = Nobody is called that.
members-badges = Badges
members-badges-title = Badges
members-badges-intro = Marks that members wear on their profile. Some are given by a rule, once a day; the others by you.
members-badge-create = Make a badge
members-badge-name = What it is called
members-badge-description = What it is for
members-badge-rule = How it is earned
members-badge-rule-hand = Given by hand
members-badge-rule-first-post = By the first post
members-badge-rule-hundred-posts = By a hundred posts
members-badge-rule-ten-threads = By ten threads
members-badge-rule-year = By a year here
members-badge-rule-name-hand = Badge
members-badge-rule-name-first-post = First post
members-badge-rule-name-hundred-posts = A hundred posts
members-badge-rule-name-ten-threads = Ten threads
members-badge-rule-name-year = A year here
members-badge-make = Make it
members-badge-give = Give it
members-badge-take = Take it away
members-badge-remove = Remove this badge from everybody
members-badge-member = Name of a member
members-figure-posts = posts
members-figure-threads = threads
members-figure-received = reactions received
members-figure-given = reactions given
members-tab-posts = Posts
members-tab-threads = Threads
flash-ignored = Their posts are folded for you from now on.
flash-unignored = You hear them again.
flash-badge-made = The badge can be given.
flash-badge-removed = The badge is gone.
flash-badge-given = The badges were changed.
problem-no-web-address = Please give web addresses that begin with https://, one a line.
problem-links-many = At most { $most } links, please.
problem-ignore-not-this = You cannot ignore yourself or people who speak for the community.
problem-ignore-full = You ignore as many members as one can.
problem-badges-full = There are { $most } badges already.
problem-member-unknown = There is no member of that name.

members-settings-title = Settings
members-silenced-note = While you are silenced, what everybody reads of you stays as it is: your names, what you say of yourself, pronouns, place and links. Your picture’s colour, language, notices, password, sessions and your answers to requests for consent are yours to change as ever.
problem-profile-silenced = You are silenced: names, what you say of yourself, pronouns, place and links stay as they are until that is over. What you typed stands below. Colour, language, notices, password and sessions can be changed.
members-settings-intro = What others read of you, and how you like to read.
members-settings-see = See your page as others do
members-settings-profile = What others read
members-settings-save-profile = Save profile
members-settings-reading = How you like to read
members-settings-save-reading = Save preferences
members-settings-name = Your name
members-settings-email = Your e-mail address
members-settings-password = Your password
members-settings-sessions = Where you are signed in
members-settings-tokens = Tokens for programs
members-bio = About you
members-bio-hint = A few sentences; Markdown works.
members-hue = Colour of your portrait
members-hue-hint = A number from 0 to 359, around the colour wheel: 0 is red, 120 green, 240 blue.
members-lang = Language
members-zone = Time zone
members-zone-hint = Such as Europe/Berlin. Left empty, times are shown as the community has them.
members-theme = Light or dark
members-theme-word = { $theme ->
    [light] Light
    [dark] Dark
   *[other] As my device
}
members-keys = Single keys do something: j and k walk, r replies, / searches
members-keys-hint = Press ? on a page to see them all. Switch them off if you speak to your device or press keys by accident.
members-consent = When somebody wants to carry my words outside
members-consent-hint = Nothing of yours ever leaves without your yes. This says whether you want to be asked.
members-consent-word = { $answer ->
    [never] Do not ask me: the answer is no
   *[other] Ask me each time
}
members-rename = Take this name
members-rename-hint = Your old name leads to the new one and is kept for you. Three times a month at most.
members-email-confirmed = confirmed
members-email-unconfirmed = waits for your confirmation
members-email-none = You have not given one.
members-resend = Send the letter again
members-email-new = New address
members-email-new-hint = We send a letter there; it counts once you have opened its link.
members-email-change = Change address
members-password-present = Present password
members-password-change = Change password
members-session-browser = { $system ->
    [none] { $browser }
   *[other] { $browser } on { $system }
}
members-session-unknown = A browser that does not say what it is
members-session-present = this one
members-session-since = since
members-session-seen = last used
members-session-end = Sign it out
members-sessions-end = Sign out everywhere else
members-tokens-intro = With a token a program speaks to the API in your name. It is shown once.
members-token-label = What is it for?
members-token-hint = So that you recognise it later.
members-token-days = Days it holds
members-token-make = Make a token
members-token-made = Made
members-token-ends = Ends
members-token-revoke = Revoke
members-secret-title = Shown once
members-secret-once = Keep it now: it is not shown again.
members-secret-token = Your new token. A program sends it as “Authorization: Bearer …”.
members-secret-invitation = The link of the invitation. Whoever opens it can join, once.
members-secret-copy = Copy
members-secret-back = Back

flash-profile-saved = Your profile is saved.
flash-settings-saved = Your preferences are saved.
flash-renamed = You go by your new name now.
flash-password-kept = Your password is changed. Everything else was signed out.
flash-email-letter-sent = A letter is on its way, if one was not sent a moment ago. Open its link to confirm the address.
flash-token-revoked = The token is revoked.
flash-session-ended = That browser is signed out.
flash-sessions-ended = You are signed out everywhere else.

# What admins do.
members-crumbs = You are here
members-directory-title = Members
members-directory-search = Name or address
members-directory-search-hint = The beginning of a name, or a whole e-mail address.
members-directory-role = Role
members-directory-any = Any
members-directory-find = Find
members-directory-invite = Invite somebody
members-directory-who = Member
members-directory-roles = Roles
members-directory-joined = Joined
members-directory-posts = Posts
members-directory-unconfirmed = address not confirmed
members-directory-none = Nobody is found by that. Try the first letters of a name, or look for everybody.
members-member-account = Account
members-member-no-email = No address was given.
members-member-roles = Roles
members-member-roles-intro = Roles add up. Every change is written into the log.
members-member-own = This is your own account: a role that you give yourself is told to all staff.
members-member-role = Role
members-member-may = May
members-member-change = Change
members-member-groups = Groups
members-member-no-groups = There are no groups yet.
members-role-may = { $role ->
    [champion] Nominate highlights from the first day, and suggest texts for them.
    [moderator] Work the review queue, sanction, hide and move, and approve highlights.
    [publisher] See the library, write and send announcements.
    [lead_publisher] All that a publisher may, and keep the messaging guidelines.
    [admin] Settings, categories, groups, roles and channels. Does not speak outward.
   *[other] { $role }
}
members-role-give = Give
members-role-take = Take
members-trust = { $trust ->
    [new] new here
    [member] a member
    [established] established
   *[other] { $trust }
}
members-groups-title = Groups
members-groups-intro = A category can be opened to a group: to see it, reply, start threads or moderate.
members-groups-none = There are no groups yet. The first is often called Staff.
members-group-new = A new group
members-group-name = Group name
members-group-description = What it is for
members-group-size = Members
members-group-create = Make the group
members-group-members = Who is in it
members-group-empty = Nobody yet.
members-group-add = Put somebody in
members-group-add-hint = The name, as in @ruth.
members-group-join = Put in
members-group-leave = Take out
members-group-change = Name and purpose
members-group-save = Save
members-invitations-title = Invitations
members-invite-title = Invite somebody
members-invite-email = Send it to
members-invite-email-hint = Left empty, you get a link to hand over yourself.
members-invite-note = A word from you
members-invite-roles = Roles that come with it
members-invite = Invite
members-invite-for = For
members-invite-anybody = Whoever holds the link
members-invite-state = State
members-invite-state-word = { $state ->
    [open] open
    [used] taken by
    [revoked] taken back
   *[expired] expired
}
members-invite-until = until
members-invite-revoke = Take back

flash-role-given = The role is given.
flash-role-taken = The role is taken.
flash-groups-changed = The groups are changed.
flash-group-created = The group is made. Now put somebody in.
flash-group-changed = The group is saved.
flash-invitation-revoked = The invitation is taken back.
members-sign-out-hint = Somebody else may be using this account? This ends every browser that is signed in and every token of a program. The password stays; its owner signs in again.
members-sign-out-everywhere = Sign out everywhere
flash-member-signed-out = Signed out everywhere.
