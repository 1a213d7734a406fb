-- Takes the tables of this step away again, with everything in them.
DROP TABLE group_members;
DROP TABLE groups;
DROP TABLE invitations;
DROP TABLE api_tokens;
DROP TABLE mail_links;
DROP TABLE sessions;
DROP TABLE required_acknowledgements;
DROP TABLE standings;
DROP TABLE member_names;
DROP TABLE members;
