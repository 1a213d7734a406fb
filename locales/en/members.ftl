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
members-name-hint = Others mention you by it, as in @ruth: 3 to 30 letters, digits, and - _ . between them.
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
members-thread-count = { $count ->
    [one] one thread
   *[other] { $count } threads
}
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
