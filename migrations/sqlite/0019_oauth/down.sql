DROP TABLE channel_grants;
