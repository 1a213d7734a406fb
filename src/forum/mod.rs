//! Floor 7. The places to talk, the conversations in them, and what was said.
//!
//! Nouns are plain structs, verbs are files of five beats (find, may, change, record, tell), reads are functions that
//! answer exactly what one page needs. Which rows a reader may see is decided by [`sight`]; what an actor may do with
//! one thing by `actor.may(..)` over [`thread_facts`] and [`post_facts`].
//!
//! A post's number comes from a counter that never falls, so page *k* of a thread holds the numbers 20(k−1)+1 … 20k,
//! gaps and all, and no address ever shifts.

mod answer;
mod bookmark;
mod bookmarks;
mod category;
mod category_draft;
mod counters;
mod digest;
mod draft;
mod facts;
mod follow;
mod index;
mod joints;
mod limits;
mod pace;
mod path;
mod places;
mod poll;
mod reaction;
mod read_marks;
mod reading;
mod runoff;
mod said;
mod seen;
mod state_post;
mod state_thread;
mod summary;
mod tag_list;
mod tags;
mod title;
mod told;
mod words;
mod write_post;

mod delete_post;
mod desk;
mod edit_post;
mod edit_thread;
mod hide_post;
mod hide_thread;
mod keep_thread;
mod lock_thread;
mod manage_category;
mod move_thread;
mod open_post;
mod put_poll;
mod react;
mod remind;
mod remove_picture;
mod reply;
mod rerender;
mod restricted;
mod split_thread;
mod start;
mod vote;

mod colours;
mod feed;
mod history;
mod list;
mod lively;
mod news;
mod overview;
mod post_view;
mod quote;
mod recent;
mod search;
mod thread_page;
mod thread_view;

pub use answer::{mark_answer, unmark_answer};
pub use bookmark::{bookmark, unbookmark};
pub use bookmarks::{Saved, bookmarks_of};
pub use category::{Category, Grant, Who};
pub use category_draft::CategoryDraft;
pub use colours::colours;
pub use delete_post::{HiddenBefore, delete_post, hide_deleted_post, restore_post};
pub use desk::{
    HELD, explain_hidden, moderated_among, nothing_left, nth_post, public_among, said_source,
    taken_by_author, visible_posts_of,
};
pub use digest::send_digests;
pub use draft::{Draft, DraftWords, discard_draft, draft_for, drafts_of, save_draft};
pub use edit_post::edit_post;
pub use edit_thread::{Heading, HeadingBefore, edit_thread, put_heading_back};
pub use facts::{
    facts_of_posts, facts_of_threads, others_speak, post_facts, thread_facts, worded_at,
};
pub use feed::{
    FeedEntry, feed_of_posts, feed_of_tag, feed_of_threads, sitemap_file, sitemap_files,
};
pub use follow::{Level, category_level, follow_category, follow_tag, follow_thread, tag_level};
pub use hide_post::{hide_post, unhide_post};
pub use hide_thread::{
    delete_thread, hide_deleted_thread, hide_thread, restore_thread, unhide_thread,
};
pub use history::{Line, Revision, revisions};
pub use index::{fill_index_if_needed, index_some};
pub use joints::on_event;
pub use keep_thread::{
    SLOWEST, archive_thread, list_thread, slow_thread, unarchive_thread, unlist_thread,
};
pub use limits::{BODY_BYTES, PER_PAGE, TAGS, TITLE_GRAPHEMES};
pub use list::{
    CategoryTag, Listing, PER_LIST, TagLink, ThreadItem, ThreadList, find_tag, list, seen_tag,
};
pub use lively::{
    Lively, Neighbour, PostLine, ThreadLine, Totals, lively, neighbours, nth_thread, participants,
    post_lines, recent_authors, seek_post, thread_lines, totals,
};
pub use lock_thread::{lock_thread, pin_thread, unlock_thread, unpin_thread};
pub use manage_category::{Direction, change_category, create_category, order_category};
pub use move_thread::move_thread;
pub use news::{News, last_numbers, news_of};
pub use open_post::{set_official, set_wiki};
pub use overview::{CategoryCard, LatestThread, overview};
pub use path::{
    category_path, page_of, post_anchor_path, post_path, tag_path, thread_page_path, thread_path,
};
pub use places::{Places, categories, category_facts, places, sight};
pub use poll::{Ballot, OptionView, PollKind, PollView, Rank, RoundView, ballots_of, poll_words};
pub use post_view::{Announced, PostView, ReplyTo};
pub use put_poll::{PollDraft, close_poll, put_poll, remove_poll};
pub use quote::quote;
pub use react::{Reacted, react, reactions_of, unreact};
pub use reaction::{Reaction, Tally};
pub use read_marks::{
    Pile, mark_all_read, on_event as forget_reading, read_to, undo_all_read, unread_from,
};
pub use reading::{COUNTED, Standing, mark_new, standing};
pub use recent::{Figures, RecentPost, figures, recent_posts, recent_threads};
pub use remind::{remind, send_reminders};
pub use remove_picture::{bring_picture_back, copies_to_treat, remove_picture};
pub use reply::{Replied, answered_since, reply};
pub use rerender::{Older, RERENDER, older_renderings, rerender_if_needed, rerendered};
pub use restricted::restricted_names;
pub use said::{Said, Spoken, ThreadHeading, said, said_at, spoken_of, thread_line};
pub use search::{Asked, FoundPost, Note, SearchPage, alike_threads, search};
pub use split_thread::{merge_threads, merged_into, send_posts_home, split_thread};
pub use start::{NewThread, Started, start};
pub use summary::{Kept, Related, Summary, Voice, summary};
pub use tag_list::{TagCount, tag_list};
pub use tags::{Tag, Tags, tags_of};
pub use thread_page::{Spot, ThreadPage, address, post, posts_after, spot, thread_page};
pub use thread_view::{AnswerLine, Mark, ThreadView, thread_view};
pub use title::Title;
pub use told::{TELL, may_be_told, may_be_told_of, tell_of};
pub use vote::{unvote, vote};
pub use words::Words;
