-- Measures go along when the words move that they were taken for.
CREATE INDEX decisions_measures_by_item ON decisions (item_id) WHERE sanction_id IS NOT NULL;
