DROP TABLE mail_suppressions;
DROP TABLE digests;
DROP TABLE notice_ways;
