# Letters. Every kind has a subject, a first paragraph (lead), a button (action) and a last paragraph (after).
mail-foot = Sent by { $site }, where this address is written down.

mail-confirm-email-subject = Confirm your address for { $site }
mail-confirm-email-lead = Welcome to { $site }, { $name }. Please confirm that this address is yours, then you can write there.
mail-confirm-email-action = Confirm this address
mail-confirm-email-after = The link works once, for one hour. If you did not sign up, leave it alone: without your confirmation nobody there can write in the name of this address.

mail-known-address-subject = You already have an account at { $site }
mail-known-address-lead = Somebody, most likely you, has just tried to use this address for a new account at { $site }. There is one already.
mail-known-address-action = Sign in, or ask for a new password
mail-known-address-after = If it was not you, nothing needs to be done: nothing has changed.

mail-reset-password-subject = A new password for { $site }
mail-reset-password-lead = Hello { $name }, with this link you choose a new password at { $site }.
mail-reset-password-action = Choose a new password
mail-reset-password-after = The link works once, for one hour, and only the newest one works. If you did not ask for it, leave it alone: your password stays as it is.

mail-password-changed-subject = Your password at { $site } was changed
mail-password-changed-lead = Hello { $name }, the password of your account at { $site } has just been changed. All other sessions were ended.
mail-password-changed-action = It was not me: choose another password
mail-password-changed-after = If it was you, nothing needs to be done.

mail-email-change-subject = Confirm your new address for { $site }
mail-email-change-lead = Hello { $name }, you have entered this address for your account at { $site }. It counts once you confirm it.
mail-email-change-action = Confirm this address
mail-email-change-after = The link works once, for one hour. If it was not you, leave it alone.

mail-email-changed-subject = Your address at { $site } was changed
mail-email-changed-lead = Hello { $name }, your account at { $site } goes by another e-mail address now. Letters no longer come to this one.
mail-email-changed-action = It was not me: whom to ask
mail-email-changed-after = If it was you, nothing needs to be done.

mail-invitation-subject = { $by } invites you to { $site }
mail-invitation-lead = { $by } invites you to { $site }.
mail-invitation-action = Look at the invitation
mail-invitation-after = The link works once. If you do not want to join, leave it alone.

mail-notice-subject = News for you at { $site }
mail-notice-action = Go there
mail-notice-after = You choose in your settings what comes by mail:

mail-test-subject = A letter from { $site }
mail-test-lead = This is the letter you asked for. If you can read it, { $site } can send mail.
mail-test-after = Nothing needs to be done.
