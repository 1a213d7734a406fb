DELETE FROM notices WHERE by_mail;
ALTER TABLE notices DROP COLUMN by_mail;
