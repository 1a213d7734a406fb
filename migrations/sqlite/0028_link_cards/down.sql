DROP TABLE link_cards;
