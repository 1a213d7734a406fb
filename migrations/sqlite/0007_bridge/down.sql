-- Takes the tables of this step away again, with everything in them.
DROP TABLE clicks;
DROP TABLE link_codes;
DROP TABLE page_entries;
DROP TABLE attempts;
DROP TABLE deliveries;
DROP TABLE channels;
