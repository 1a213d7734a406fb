DROP TABLE reading_marks;
DROP TABLE tag_follows;
DROP TABLE category_follows;
DROP TABLE thread_reads;
