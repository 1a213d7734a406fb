-- Takes the tables of this step away again, with everything in them.
DROP TABLE sanctions;
DROP TABLE reports;
DROP TABLE review_items;
