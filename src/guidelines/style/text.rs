//! What is held against the rules: the words, and what the rules need to know of where they go.

/// A text on its way out. Everything but `words` may be left out: what is not known is not judged.
#[derive(Debug, Clone, Copy, Default)]
pub struct Text<'t> {
    /// The words as they were typed; `{link}` says where the link stands, if not at the end.
    pub words: &'t str,
    /// The one link that may stand in the words besides the mark; empty where there is none yet.
    pub link: &'t str,
    /// The language (BCP 47) that the channel is told; `None` where the channel takes none.
    pub lang: Option<&'t str>,
    /// How long the finished text is, as the channel counts.
    pub length: Option<Length>,
    /// Who may be quoted and named, and how. Without a voice, nothing may stand in quotation marks.
    pub voices: &'t [Voice],
    /// Names of people who were not asked and may not be named.
    pub unasked: &'t [String],
    /// Are quotations judged at all? Not in a text that is only tried out against the house's rules.
    pub free_quotes: bool,
    /// The pictures that go with it.
    pub pictures: &'t [Picture<'t>],
    /// Names and titles that not everybody may see: closed categories, threads in them.
    pub restricted: &'t [String],
    /// What was said before and could be the same.
    pub earlier: &'t [Earlier<'t>],
}

/// A length by a channel's own rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Length {
    /// How long it is, link included.
    pub is: usize,
    /// The most that the channel takes; `None` where it takes any.
    pub most: Option<usize>,
}

/// One person whose words may be said, or who is named, with what that person agreed to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Voice {
    /// The consented words; `None` for somebody who is only named.
    pub excerpt: Option<String>,
    /// The name that was agreed to; `None` for a member without a name.
    pub named: Option<String>,
    /// Names of this person that would say more than was agreed to.
    pub unsaid: Vec<String>,
    /// May parts be left out (marked with `[…]`)?
    pub trimming: bool,
    /// Works for the house or is paid by it: where the house asks for it, the text must say so.
    pub affiliated: bool,
}

/// A picture that goes with a text.
#[derive(Debug, Clone, Copy, Default)]
pub struct Picture<'t> {
    /// What it shows, for those who cannot see it.
    pub alt: &'t str,
    /// The name of its file, which is no description.
    pub file_name: &'t str,
    /// The longest description that the channel takes, in characters.
    pub most: Option<usize>,
}

/// Something that was said before.
#[derive(Debug, Clone, Copy)]
pub struct Earlier<'t> {
    /// The words.
    pub words: &'t str,
    /// How many days ago.
    pub days_ago: i64,
    /// Did it lead to the same conversation?
    pub same_source: bool,
}
