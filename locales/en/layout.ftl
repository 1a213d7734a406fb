# Words of the frame around every page: header, footer, band, pager, error summary.
layout-skip = Skip to the content
layout-search = Search
layout-sign-in = Sign in
layout-join = Join
layout-sign-out = Sign out
layout-nav = Main
layout-nav-latest = Latest
layout-nav-categories = Categories
layout-nav-announcements = Announcements
layout-nav-desk = Desk
layout-nav-outreach = Outreach
layout-nav-insights = Insights
layout-nav-admin = Admin
layout-notices = { $count ->
    [0] Notices, nothing new
    [one] Notices, one new
   *[other] Notices, { $count } new
}
layout-my-menu = Your menu:
layout-my-profile = Your profile
layout-my-consents = Your words outside
layout-my-settings = Settings
layout-band-label = Outreach
layout-band = What you do here leaves the community.
layout-band-rules = How we speak about it out there:
layout-band-link = the messaging guidelines
layout-footer-place = About this place
layout-footer-house = About this site
layout-charter = The charter: what this place is and is not
layout-guidelines-community = Community guidelines: how we speak in here
layout-guidelines-messaging = Messaging guidelines: how we speak out there
layout-privacy = Privacy
layout-imprint = Imprint
layout-accessibility = Accessibility
layout-theme = Light or dark
layout-theme-auto = As my device
layout-theme-light = Light
layout-theme-dark = Dark
layout-pager-prev = Previous
layout-pager-next = Next
layout-pager-page = Page
layout-errors = Something needs another look
layout-optional = (optional)
# Words that scripts need.
layout-js-ok = Yes
layout-js-cancel = Cancel
layout-js-close = Close
layout-js-copied = Copied
layout-js-copied-not = It could not be copied
layout-js-draft = We kept what you had begun to write.
layout-js-draft-here = You are not signed in any more. What you write is kept in this browser only.
layout-js-draft-newer = There is a newer draft from your other device.
layout-js-draft-other = You have a draft for this already.
layout-js-draft-open = Open it
layout-js-keys-open = open it
layout-js-keys-reply = reply
layout-js-keys-quote = quote
layout-js-keys-react = react
layout-js-keys-save = save
layout-js-keys-up = back up
layout-js-keys-go = then h, l, n, u, c, i, b, d or m: home, latest, new, unread, categories, notices, saved, drafts, members
layout-js-keys-title = Keys
layout-js-keys-next = Next in the list
layout-js-keys-prev = Previous in the list
layout-js-keys-search = Search
layout-js-keys-answers = to the three answers: report, content, author; arrows choose
layout-js-keys-take = take the entry, or put it back
layout-js-keys-undo = undo a decision that has not taken effect
layout-js-keys-help = Show these keys
layout-js-keys-on = Use single keys

# A time that something took.
span-minutes = { $count ->
    [one] one minute
   *[other] { $count } minutes
}
span-hours = { $count ->
    [one] one hour
   *[other] { $count } hours
}
span-days = { $count ->
    [one] one day
   *[other] { $count } days
}
