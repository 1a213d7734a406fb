-- Takes the bulletin away; its subscribers are gone with it.
DROP TABLE bulletin_keys;
DROP TABLE bulletin_letters;
DROP TABLE bulletin_subscribers;
