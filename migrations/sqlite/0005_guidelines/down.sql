-- Takes the tables of this step away again, with everything in them.
DROP TABLE acknowledgements;
DROP TABLE document_versions;
