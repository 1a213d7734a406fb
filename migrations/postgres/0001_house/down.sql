-- Takes the tables of this step away again, with everything in them.
DROP TABLE pages;
DROP TABLE settings;
DROP TABLE rate_limits;
DROP TABLE idempotency_keys;
DROP TABLE leases;
DROP TABLE jobs;
