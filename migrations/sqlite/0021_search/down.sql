DROP TABLE search_words;
DROP TABLE search_progress;
DROP TABLE search_posts;
DROP TABLE search_tags;
DROP TABLE search_threads;
