# Notices: the sentence of each kind is notice-{kind}. A room that tells of something adds its own in its own file.
notice-role-self = { $actor } took the role “{ $role }” for their own account.
mail-role-self-subject = { $actor } took a role at { $site }
