-- Takes what this step added away again; the files stay in the data folder.
ALTER TABLE consents DROP COLUMN pictures;
DROP TABLE uploads;
