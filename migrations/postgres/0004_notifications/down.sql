-- Takes the tables of this step away again, with everything in them.
DROP TABLE notices;
