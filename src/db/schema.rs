//! Every table of both databases, once. Written from the migrations (`diesel print-schema` order); each table is written to by one room only.

diesel::table! {
    jobs (id) {
        id -> BigInt,
        kind -> Text,
        payload -> Text,
        unique_key -> Nullable<Text>,
        state -> Text,
        run_at -> BigInt,
        attempts -> BigInt,
        max_attempts -> BigInt,
        fence -> BigInt,
        leased_until -> Nullable<BigInt>,
        last_error -> Nullable<Text>,
        created_at -> BigInt,
    }
}

diesel::table! {
    leases (name) {
        name -> Text,
        holder -> Text,
        epoch -> BigInt,
        until -> BigInt,
    }
}

diesel::table! {
    idempotency_keys (id) {
        id -> BigInt,
        owner -> Text,
        route -> Text,
        key -> Text,
        body_hash -> Binary,
        answer -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    rate_limits (bucket, window_start) {
        bucket -> Text,
        window_start -> BigInt,
        count -> BigInt,
    }
}

diesel::table! {
    settings (key) {
        key -> Text,
        value -> Text,
        updated_at -> BigInt,
    }
}

diesel::table! {
    pages (slug) {
        slug -> Text,
        title -> Text,
        body_source -> Text,
        body_html -> Text,
        revision -> BigInt,
        updated_at -> BigInt,
    }
}

diesel::table! {
    audit_entries (id) {
        id -> BigInt,
        at -> BigInt,
        actor_kind -> Text,
        actor_id -> Nullable<BigInt>,
        kind -> Text,
        subject_kind -> Text,
        subject_id -> Nullable<BigInt>,
        details -> Text,
        reason -> Nullable<Text>,
        reason_hash -> Nullable<Binary>,
        prev_hash -> Binary,
        hash -> Binary,
    }
}

diesel::table! {
    members (id) {
        id -> BigInt,
        name -> Text,
        name_key -> Text,
        display_name -> Text,
        email -> Nullable<Text>,
        email_key -> Nullable<Text>,
        email_confirmed_at -> Nullable<BigInt>,
        password_hash -> Nullable<Text>,
        bio_source -> Text,
        bio_html -> Text,
        avatar_hue -> BigInt,
        lang -> Text,
        zone -> Text,
        theme -> Text,
        consent_preference -> Text,
        joined_at -> BigInt,
        joined_via -> Nullable<Text>,
        erased_at -> Nullable<BigInt>,
        tokens_not_before -> BigInt,
        thread_count -> BigInt,
        post_count -> BigInt,
        hidden_count -> BigInt,
        last_post_at -> Nullable<BigInt>,
        named_champion -> Bool,
        pronouns -> Text,
        place -> Text,
        links -> Text,
        single_keys -> Bool,
    }
}

diesel::table! {
    badges (id) {
        id -> BigInt,
        name -> Text,
        description -> Text,
        rule -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    member_badges (member_id, badge_id) {
        member_id -> BigInt,
        badge_id -> BigInt,
        given_at -> BigInt,
    }
}

diesel::table! {
    ignores (member_id, ignored_id) {
        member_id -> BigInt,
        ignored_id -> BigInt,
        created_at -> BigInt,
    }
}

diesel::table! {
    member_names (name_key) {
        name_key -> Text,
        name -> Text,
        member_id -> Nullable<BigInt>,
        reserved_at -> BigInt,
    }
}

diesel::table! {
    standings (member_id) {
        member_id -> BigInt,
        roles -> BigInt,
        group_ids -> Text,
        trust -> Text,
        silenced_until -> Nullable<BigInt>,
        suspended_until -> Nullable<BigInt>,
        community_ack -> BigInt,
        messaging_ack -> BigInt,
        updated_at -> BigInt,
        trust_locked -> Bool,
    }
}

diesel::table! {
    required_acknowledgements (id) {
        id -> BigInt,
        community_major -> BigInt,
        messaging_major -> BigInt,
    }
}

diesel::table! {
    sessions (id) {
        id -> BigInt,
        token_hash -> Binary,
        member_id -> BigInt,
        created_at -> BigInt,
        seen_at -> BigInt,
        expires_at -> BigInt,
        agent -> Text,
    }
}

diesel::table! {
    mail_links (id) {
        id -> BigInt,
        token_hash -> Binary,
        purpose -> Text,
        member_id -> Nullable<BigInt>,
        email_key -> Nullable<Text>,
        data -> Text,
        created_at -> BigInt,
        expires_at -> BigInt,
        used_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    api_tokens (id) {
        id -> BigInt,
        token_hash -> Binary,
        member_id -> BigInt,
        label -> Text,
        created_at -> BigInt,
        expires_at -> BigInt,
        revoked_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    invitations (id) {
        id -> BigInt,
        token_hash -> Binary,
        email -> Nullable<Text>,
        roles -> BigInt,
        note -> Text,
        created_by -> Nullable<BigInt>,
        created_at -> BigInt,
        expires_at -> BigInt,
        used_by -> Nullable<BigInt>,
        used_at -> Nullable<BigInt>,
        revoked_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    groups (id) {
        id -> BigInt,
        name -> Text,
        name_key -> Text,
        description -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    group_members (group_id, member_id) {
        group_id -> BigInt,
        member_id -> BigInt,
        added_at -> BigInt,
    }
}

diesel::table! {
    notices (id) {
        id -> BigInt,
        member_id -> BigInt,
        kind -> Text,
        subject_kind -> Text,
        subject_id -> BigInt,
        actor_id -> Nullable<BigInt>,
        data -> Text,
        created_at -> BigInt,
        read_at -> Nullable<BigInt>,
        by_mail -> Bool,
    }
}

diesel::table! {
    document_versions (id) {
        id -> BigInt,
        kind -> Text,
        number -> BigInt,
        major -> BigInt,
        minor -> BigInt,
        state -> Text,
        body_source -> Text,
        body_html -> Text,
        text_hash -> Binary,
        change_note -> Text,
        created_by -> Nullable<BigInt>,
        created_at -> BigInt,
        published_at -> Nullable<BigInt>,
        effective_at -> Nullable<BigInt>,
        rules -> Text,
    }
}

diesel::table! {
    problem_statements (id) {
        id -> BigInt,
        words -> Text,
        who -> Text,
        position -> BigInt,
        created_by -> Nullable<BigInt>,
        created_at -> BigInt,
        updated_at -> BigInt,
    }
}

diesel::table! {
    acknowledgement_reminders (member_id, kind) {
        member_id -> BigInt,
        kind -> Text,
        major -> BigInt,
        times -> BigInt,
        last_at -> BigInt,
    }
}

diesel::table! {
    acknowledgements (id) {
        id -> BigInt,
        member_id -> BigInt,
        kind -> Text,
        version_id -> BigInt,
        major -> BigInt,
        text_hash -> Binary,
        at -> BigInt,
    }
}

diesel::table! {
    categories (id) {
        id -> BigInt,
        parent_id -> Nullable<BigInt>,
        slug -> Text,
        name -> Text,
        description -> Text,
        colour -> Text,
        position -> BigInt,
        lang -> Text,
        nominable -> Bool,
        closed -> Bool,
        thread_count -> BigInt,
        post_count -> BigInt,
        last_post_at -> Nullable<BigInt>,
        revision -> BigInt,
        created_at -> BigInt,
        tag_limit -> BigInt,
        allowed_tags -> Text,
    }
}

diesel::table! {
    category_grants (id) {
        id -> BigInt,
        category_id -> BigInt,
        who -> Text,
        group_id -> Nullable<BigInt>,
        may_see -> Bool,
        may_reply -> Bool,
        may_start -> Bool,
        may_moderate -> Bool,
    }
}

diesel::table! {
    threads (id) {
        id -> BigInt,
        category_id -> Nullable<BigInt>,
        author_id -> Nullable<BigInt>,
        title -> Text,
        slug -> Text,
        lang -> Text,
        summary -> Text,
        state -> Text,
        locked -> Bool,
        pinned -> Bool,
        revision -> BigInt,
        post_counter -> BigInt,
        post_count -> BigInt,
        first_post_id -> Nullable<BigInt>,
        last_post_id -> Nullable<BigInt>,
        last_post_number -> BigInt,
        last_author_id -> Nullable<BigInt>,
        created_at -> BigInt,
        last_post_at -> BigInt,
        updated_at -> BigInt,
        answer_post_id -> Nullable<BigInt>,
        answered_at -> Nullable<BigInt>,
        archived -> Bool,
        unlisted -> Bool,
        slow_seconds -> BigInt,
        merged_into_id -> Nullable<BigInt>,
    }
}

diesel::table! {
    posts (id) {
        id -> BigInt,
        thread_id -> BigInt,
        number -> BigInt,
        author_id -> Nullable<BigInt>,
        reply_to_id -> Nullable<BigInt>,
        body_source -> Text,
        body_html -> Text,
        body_text -> Text,
        render_version -> BigInt,
        revision -> BigInt,
        state -> Text,
        state_by -> Nullable<BigInt>,
        state_at -> Nullable<BigInt>,
        state_reason -> Nullable<Text>,
        created_at -> BigInt,
        edited_at -> Nullable<BigInt>,
        bookmark_count -> BigInt,
        reactions -> Text,
        reaction_count -> BigInt,
        wiki -> Bool,
        official -> Bool,
    }
}

diesel::table! {
    post_revisions (id) {
        id -> BigInt,
        post_id -> BigInt,
        revision -> BigInt,
        body_source -> Text,
        body_text -> Text,
        edited_by -> Nullable<BigInt>,
        note -> Text,
        at -> BigInt,
        passed -> Bool,
    }
}

diesel::table! {
    post_addresses (thread_id, number) {
        thread_id -> BigInt,
        number -> BigInt,
        post_id -> BigInt,
    }
}

diesel::table! {
    tags (id) {
        id -> BigInt,
        name -> Text,
        name_key -> Text,
        thread_count -> BigInt,
        created_at -> BigInt,
    }
}

diesel::table! {
    thread_tags (thread_id, tag_id) {
        thread_id -> BigInt,
        tag_id -> BigInt,
    }
}

diesel::table! {
    channels (id) {
        id -> BigInt,
        kind -> Text,
        name -> Text,
        config -> Text,
        secret_sealed -> Nullable<Binary>,
        secret_hint -> Text,
        secret_set_at -> Nullable<BigInt>,
        state -> Text,
        state_note -> Text,
        verified_at -> Nullable<BigInt>,
        failures -> BigInt,
        breaker_until -> Nullable<BigInt>,
        min_gap_seconds -> BigInt,
        daily_cap -> BigInt,
        max_lateness_seconds -> BigInt,
        last_sent_at -> Nullable<BigInt>,
        last_success_at -> Nullable<BigInt>,
        lease_token -> BigInt,
        leased_until -> Nullable<BigInt>,
        position -> BigInt,
        revision -> BigInt,
        created_at -> BigInt,
        facts -> Text,
        token_expires_at -> Nullable<BigInt>,
        looked_at -> Nullable<BigInt>,
        token_told_for -> Nullable<BigInt>,
        token_told_days -> BigInt,
        held_note -> Nullable<Text>,
    }
}

diesel::table! {
    channel_grants (id) {
        id -> BigInt,
        channel_id -> BigInt,
        state_hash -> Binary,
        holder_hash -> Binary,
        expires_at -> BigInt,
    }
}

diesel::table! {
    deliveries (id) {
        id -> BigInt,
        channel_id -> BigInt,
        origin_kind -> Text,
        origin_id -> BigInt,
        operation -> Text,
        revision -> BigInt,
        state -> Text,
        state_reason -> Text,
        recalled -> Bool,
        payload -> Text,
        payload_hash -> Binary,
        idempotency_key -> Text,
        code -> Text,
        planned_at -> BigInt,
        next_at -> BigInt,
        expires_at -> BigInt,
        tries -> BigInt,
        checks -> BigInt,
        lease_token -> BigInt,
        leased_until -> Nullable<BigInt>,
        first_sent_at -> Nullable<BigInt>,
        remote_id -> Nullable<Text>,
        remote_url -> Nullable<Text>,
        created_at -> BigInt,
        updated_at -> BigInt,
        settled_at -> Nullable<BigInt>,
        looked_at -> Nullable<BigInt>,
        looks -> Text,
        words -> Text,
        seen_at -> Nullable<BigInt>,
        looks_noted_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    attempts (id) {
        id -> BigInt,
        delivery_id -> BigInt,
        number -> BigInt,
        kind -> Text,
        fence -> BigInt,
        payload_hash -> Binary,
        started_at -> BigInt,
        finished_at -> Nullable<BigInt>,
        outcome -> Text,
        status -> Nullable<BigInt>,
        detail -> Text,
        by_member -> Nullable<BigInt>,
    }
}

diesel::table! {
    page_entries (id) {
        id -> BigInt,
        channel_id -> BigInt,
        origin_kind -> Text,
        origin_id -> BigInt,
        revision -> BigInt,
        code -> Text,
        title -> Text,
        text -> Text,
        lang -> Text,
        link -> Text,
        said -> Text,
        published_at -> BigInt,
        updated_at -> BigInt,
        withdrawn_at -> Nullable<BigInt>,
        picture -> Text,
    }
}

diesel::table! {
    link_codes (code) {
        code -> Text,
        origin_kind -> Text,
        origin_id -> BigInt,
        channel_id -> Nullable<BigInt>,
        path -> Text,
        withdrawn_at -> Nullable<BigInt>,
        created_at -> BigInt,
    }
}

diesel::table! {
    clicks (day, code) {
        day -> BigInt,
        code -> Text,
        people -> BigInt,
        previews -> BigInt,
        sign_ups -> BigInt,
        first_posts -> BigInt,
    }
}

diesel::table! {
    review_events (id) {
        id -> BigInt,
        item_id -> BigInt,
        at -> BigInt,
        by_id -> Nullable<BigInt>,
        kind -> Text,
        words -> Nullable<Text>,
    }
}

diesel::table! {
    report_reasons (id) {
        id -> BigInt,
        word -> Text,
        title -> Text,
        more -> Text,
        rule_number -> Nullable<BigInt>,
        needs_words -> Bool,
        legal -> Bool,
        counts -> Bool,
        position -> BigInt,
        retired_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    guest_reports (id) {
        id -> BigInt,
        subject_id -> BigInt,
        email -> Nullable<Text>,
        message -> Nullable<Text>,
        lang -> Text,
        token_hash -> Nullable<Binary>,
        asked_at -> BigInt,
        expires_at -> BigInt,
        confirmed_at -> Nullable<BigInt>,
        subject_kind -> Text,
    }
}

diesel::table! {
    decisions (id) {
        id -> BigInt,
        member_id -> BigInt,
        what -> Text,
        post_id -> Nullable<BigInt>,
        thread_id -> Nullable<BigInt>,
        sanction_id -> Nullable<BigInt>,
        item_id -> Nullable<BigInt>,
        category_id -> Nullable<BigInt>,
        title -> Nullable<Text>,
        original -> Nullable<Text>,
        reason -> Nullable<Text>,
        rule_version -> Nullable<BigInt>,
        rule_number -> Nullable<BigInt>,
        by_id -> Nullable<BigInt>,
        at -> BigInt,
        undone_at -> Nullable<BigInt>,
        media_id -> Nullable<BigInt>,
    }
}

diesel::table! {
    appeals (id) {
        id -> BigInt,
        decision_id -> BigInt,
        member_id -> BigInt,
        words -> Nullable<Text>,
        state -> Text,
        at -> BigInt,
        answer -> Nullable<Text>,
        decided_at -> Nullable<BigInt>,
        decided_by -> Nullable<BigInt>,
    }
}

diesel::table! {
    member_notes (id) {
        id -> BigInt,
        member_id -> BigInt,
        by_id -> Nullable<BigInt>,
        words -> Nullable<Text>,
        at -> BigInt,
    }
}

diesel::table! {
    watched_words (id) {
        id -> BigInt,
        pattern -> Text,
        is_regex -> Bool,
        action -> Text,
        note -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    desk_settings (name) {
        name -> Text,
        value -> Text,
    }
}

diesel::table! {
    spam_words (word) {
        word -> Text,
        spam -> BigInt,
        ham -> BigInt,
    }
}

diesel::table! {
    spam_lessons (post_id) {
        post_id -> BigInt,
        spam -> Bool,
        at -> BigInt,
        signs -> Text,
    }
}

diesel::table! {
    review_items (id) {
        id -> BigInt,
        kind -> Text,
        subject_kind -> Text,
        subject_id -> BigInt,
        subject_author_id -> Nullable<BigInt>,
        category_id -> Nullable<BigInt>,
        state -> Text,
        assignee_id -> Nullable<BigInt>,
        version -> BigInt,
        snapshot -> Nullable<Text>,
        snapshot_hash -> Nullable<Binary>,
        report_count -> BigInt,
        created_at -> BigInt,
        updated_at -> BigInt,
        decided_at -> Nullable<BigInt>,
        decided_by -> Nullable<BigInt>,
        decision -> Text,
        waits -> Bool,
        priority -> BigInt,
        since -> BigInt,
        thread_id -> Nullable<BigInt>,
        held_for -> Nullable<Text>,
        hint -> Nullable<Text>,
        pending -> Nullable<Text>,
        pending_by -> Nullable<BigInt>,
        pending_until -> Nullable<BigInt>,
        first_decided_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    reports (id) {
        id -> BigInt,
        item_id -> BigInt,
        reporter_id -> Nullable<BigInt>,
        reason -> Text,
        message -> Nullable<Text>,
        state -> Text,
        created_at -> BigInt,
        rule_version -> Nullable<BigInt>,
        rule_number -> Nullable<BigInt>,
        guest_id -> Nullable<BigInt>,
    }
}

diesel::table! {
    sanctions (id) {
        id -> BigInt,
        member_id -> BigInt,
        kind -> Text,
        reason -> Nullable<Text>,
        reason_hash -> Nullable<Binary>,
        item_id -> Nullable<BigInt>,
        by_id -> Nullable<BigInt>,
        from_at -> BigInt,
        until_at -> Nullable<BigInt>,
        lifted_at -> Nullable<BigInt>,
        lifted_by -> Nullable<BigInt>,
    }
}

diesel::table! {
    highlights (id) {
        id -> BigInt,
        kind -> Text,
        title -> Text,
        reason -> Text,
        audience -> Text,
        thread_id -> Nullable<BigInt>,
        state -> Text,
        state_note -> Text,
        nominated_by -> Nullable<BigInt>,
        lang -> Text,
        version -> BigInt,
        change_seq -> BigInt,
        content_hash -> Binary,
        consent_deadline -> Nullable<BigInt>,
        reminded_at -> Nullable<BigInt>,
        embargo_until -> Nullable<BigInt>,
        approved_by -> Nullable<BigInt>,
        approved_at -> Nullable<BigInt>,
        created_at -> BigInt,
        updated_at -> BigInt,
        category_id -> Nullable<BigInt>,
        evergreen -> Bool,
        expires_at -> Nullable<BigInt>,
        pictured -> Bool,
        find_text -> Text,
    }
}

diesel::table! {
    highlight_changes (seq) {
        seq -> BigInt,
        highlight_id -> BigInt,
        at -> BigInt,
    }
}

diesel::table! {
    highlight_quotes (id) {
        id -> BigInt,
        highlight_id -> BigInt,
        position -> BigInt,
        post_id -> BigInt,
        author_id -> Nullable<BigInt>,
        post_revision -> BigInt,
        excerpt -> Nullable<Text>,
        start_char -> BigInt,
        end_char -> BigInt,
        sha256 -> Binary,
    }
}

diesel::table! {
    consents (id) {
        id -> BigInt,
        highlight_id -> BigInt,
        member_id -> BigInt,
        state -> Text,
        attribution -> Text,
        attributed_as -> Nullable<Text>,
        trimming -> Bool,
        by_hand -> Bool,
        channel_kinds -> Text,
        words_hash -> Binary,
        wording -> Text,
        asked_at -> BigInt,
        decided_at -> Nullable<BigInt>,
        withdrawn_at -> Nullable<BigInt>,
        pictures -> Bool,
    }
}

diesel::table! {
    consent_events (id) {
        id -> BigInt,
        consent_id -> BigInt,
        event -> Text,
        scope -> Text,
        words_hash -> Binary,
        at -> BigInt,
    }
}

diesel::table! {
    declined_words (id) {
        id -> BigInt,
        post_id -> BigInt,
        sha256 -> Binary,
        start_char -> BigInt,
        end_char -> BigInt,
        revision -> BigInt,
        at -> BigInt,
    }
}

diesel::table! {
    highlight_decisions (id) {
        id -> BigInt,
        highlight_id -> BigInt,
        by_id -> Nullable<BigInt>,
        decision -> Text,
        note -> Text,
        content_hash -> Binary,
        at -> BigInt,
    }
}

diesel::table! {
    highlight_revisers (highlight_id, member_id) {
        highlight_id -> BigInt,
        member_id -> BigInt,
    }
}

diesel::table! {
    waiting_corrections (announcement_id) {
        announcement_id -> BigInt,
        text -> Text,
        reasons -> Text,
        picture_alt -> Nullable<Text>,
        without_picture -> Bool,
        written_by -> Nullable<BigInt>,
        written_at -> BigInt,
    }
}

diesel::table! {
    pulls (id) {
        id -> BigInt,
        highlight_id -> BigInt,
        member_id -> Nullable<BigInt>,
        how -> Text,
        purpose -> Text,
        at -> BigInt,
        batch -> Nullable<BigInt>,
        recipient -> Text,
        code -> Text,
        feed_id -> Nullable<BigInt>,
        recalled_at -> Nullable<BigInt>,
        recall_reason -> Text,
        done_at -> Nullable<BigInt>,
        done_by -> Nullable<BigInt>,
    }
}

diesel::table! {
    pull_pictures (pull_id, upload_id) {
        pull_id -> BigInt,
        upload_id -> BigInt,
    }
}

diesel::table! {
    highlight_topics (highlight_id, name_key) {
        highlight_id -> BigInt,
        name_key -> Text,
        name -> Text,
    }
}

diesel::table! {
    collections (id) {
        id -> BigInt,
        name -> Text,
        note -> Text,
        created_by -> Nullable<BigInt>,
        created_at -> BigInt,
    }
}

diesel::table! {
    collection_items (collection_id, highlight_id) {
        collection_id -> BigInt,
        highlight_id -> BigInt,
        added_by -> Nullable<BigInt>,
        added_at -> BigInt,
    }
}

diesel::table! {
    pull_feeds (id) {
        id -> BigInt,
        member_id -> BigInt,
        label -> Text,
        token_hash -> Binary,
        collection_id -> Nullable<BigInt>,
        created_at -> BigInt,
        read_at -> Nullable<BigInt>,
        revoked_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    library_letters (member_id) {
        member_id -> BigInt,
        wanted -> Bool,
        sent_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    announcements (id) {
        id -> BigInt,
        highlight_id -> BigInt,
        channel_id -> BigInt,
        revision -> BigInt,
        state -> Text,
        text -> Text,
        text_hash -> Binary,
        check_report -> Text,
        code -> Text,
        messaging_version -> Nullable<BigInt>,
        content_hash -> Binary,
        planned_at -> BigInt,
        zone -> Text,
        wall_time -> Text,
        remote_url -> Nullable<Text>,
        created_by -> Nullable<BigInt>,
        created_at -> BigInt,
        updated_at -> BigInt,
        sent_at -> Nullable<BigInt>,
        withdrawn_at -> Nullable<BigInt>,
        withdrawn_by -> Nullable<BigInt>,
        lang -> Text,
        hashtags -> Text,
        check_reasons -> Text,
        released_by -> Nullable<BigInt>,
        picture_id -> Nullable<BigInt>,
        picture_alt -> Text,
        suggestion_id -> Nullable<BigInt>,
    }
}

diesel::table! {
    compositions (highlight_id) {
        highlight_id -> BigInt,
        master -> Text,
        lang -> Text,
        hashtags -> Text,
        picture_id -> Nullable<BigInt>,
        picture_alt -> Text,
        revision -> BigInt,
        saved_by -> Nullable<BigInt>,
        saved_at -> BigInt,
        suggestion_id -> Nullable<BigInt>,
    }
}

diesel::table! {
    composition_texts (id) {
        id -> BigInt,
        highlight_id -> BigInt,
        channel_id -> BigInt,
        text -> Text,
        own -> Bool,
        plan -> Text,
        wall_time -> Text,
        hour -> Text,
        reasons -> Text,
        note -> Text,
    }
}

diesel::table! {
    queue_slots (id) {
        id -> BigInt,
        channel_id -> BigInt,
        weekday -> BigInt,
        minute -> BigInt,
        created_at -> BigInt,
    }
}

diesel::table! {
    voice_requests (id) {
        id -> BigInt,
        title -> Text,
        wish -> Text,
        voices -> BigInt,
        category_id -> Nullable<BigInt>,
        state -> Text,
        due_at -> BigInt,
        zone -> Text,
        wall_time -> Text,
        asked_by -> Nullable<BigInt>,
        taken_by -> Nullable<BigInt>,
        revision -> BigInt,
        reminded_at -> Nullable<BigInt>,
        created_at -> BigInt,
        updated_at -> BigInt,
    }
}

diesel::table! {
    voice_answers (id) {
        id -> BigInt,
        request_id -> BigInt,
        by_id -> Nullable<BigInt>,
        answer -> Text,
        note -> Text,
        charter_version -> Nullable<BigInt>,
        charter_sentence -> Text,
        at -> BigInt,
    }
}

diesel::table! {
    voice_offers (id) {
        id -> BigInt,
        request_id -> BigInt,
        highlight_id -> BigInt,
        by_id -> Nullable<BigInt>,
        at -> BigInt,
    }
}

diesel::table! {
    bookmarks (id) {
        id -> BigInt,
        member_id -> BigInt,
        post_id -> BigInt,
        created_at -> BigInt,
        remind_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    link_cards (id) {
        id -> BigInt,
        url -> Text,
        state -> Text,
        title -> Text,
        description -> Text,
        site -> Text,
        picture -> Text,
        at -> BigInt,
    }
}

diesel::table! {
    drafts (id) {
        id -> BigInt,
        member_id -> BigInt,
        thread_id -> BigInt,
        title -> Text,
        category -> Text,
        tags -> Text,
        body -> Text,
        reply_to -> Text,
        revision -> BigInt,
        saved_at -> BigInt,
        poll -> Text,
    }
}

diesel::table! {
    reactions (id) {
        id -> BigInt,
        member_id -> BigInt,
        post_id -> BigInt,
        kind -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    polls (id) {
        id -> BigInt,
        post_id -> BigInt,
        kind -> Text,
        secret -> Bool,
        question -> Text,
        options -> Text,
        closes_at -> Nullable<BigInt>,
        tally -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    poll_votes (id) {
        id -> BigInt,
        poll_id -> BigInt,
        member_id -> BigInt,
        choice -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    thread_reads (member_id, thread_id) {
        member_id -> BigInt,
        thread_id -> BigInt,
        last_read -> BigInt,
        undo_read -> Nullable<BigInt>,
        level -> Text,
        chosen -> Bool,
        read_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    category_follows (member_id, category_id) {
        member_id -> BigInt,
        category_id -> BigInt,
        level -> Text,
    }
}

diesel::table! {
    tag_follows (member_id, tag_id) {
        member_id -> BigInt,
        tag_id -> BigInt,
        level -> Text,
    }
}

diesel::table! {
    reading_marks (member_id) {
        member_id -> BigInt,
        new_since -> BigInt,
        undo_since -> Nullable<BigInt>,
        unread_marked_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    notice_ways (member_id, kind) {
        member_id -> BigInt,
        kind -> Text,
        way -> Text,
    }
}

diesel::table! {
    digests (member_id) {
        member_id -> BigInt,
        pace -> Text,
        sent_at -> BigInt,
    }
}

diesel::table! {
    mail_suppressions (mailbox) {
        mailbox -> Text,
        reason -> Text,
        at -> BigInt,
    }
}

diesel::table! {
    milestones (id) {
        id -> BigInt,
        kind -> Text,
        number -> BigInt,
        member_id -> BigInt,
        thread_id -> Nullable<BigInt>,
        highlight_id -> Nullable<BigInt>,
        reached_at -> BigInt,
    }
}

diesel::table! {
    candidates (thread_id) {
        thread_id -> BigInt,
        category_id -> BigInt,
        post_id -> BigInt,
        participants -> BigInt,
        saved -> BigInt,
        solved -> Bool,
        first_voices -> BigInt,
        place -> BigInt,
        score -> BigInt,
        dismissed_at -> Nullable<BigInt>,
        dismissed_by -> Nullable<BigInt>,
        weighed_at -> BigInt,
    }
}

diesel::table! {
    uploads (id) {
        id -> BigInt,
        member_id -> Nullable<BigInt>,
        post_id -> Nullable<BigInt>,
        name -> Text,
        media_type -> Text,
        width -> BigInt,
        height -> BigInt,
        bytes -> BigInt,
        alt -> Text,
        sha256 -> Binary,
        created_at -> BigInt,
        claimed_at -> Nullable<BigInt>,
        doomed_at -> Nullable<BigInt>,
        removed_at -> Nullable<BigInt>,
        loose_since -> Nullable<BigInt>,
    }
}

diesel::table! {
    announcement_notes (id) {
        id -> BigInt,
        announcement_id -> BigInt,
        author_id -> Nullable<BigInt>,
        kind -> Text,
        words -> Text,
        rule_version -> Nullable<BigInt>,
        rule_number -> Nullable<BigInt>,
        named -> Bool,
        said -> Text,
        rather -> Text,
        picked_at -> Nullable<BigInt>,
        picked_by -> Nullable<BigInt>,
        created_at -> BigInt,
        because -> Text,
    }
}

diesel::table! {
    text_suggestions (id) {
        id -> BigInt,
        highlight_id -> BigInt,
        author_id -> Nullable<BigInt>,
        words -> Text,
        note -> Text,
        state -> Text,
        answer -> Text,
        answered_by -> Nullable<BigInt>,
        answered_at -> Nullable<BigInt>,
        created_at -> BigInt,
    }
}

diesel::table! {
    bulletin_subscribers (id) {
        id -> BigInt,
        channel_id -> BigInt,
        address -> Nullable<Text>,
        address_hash -> Binary,
        member_id -> Nullable<BigInt>,
        lang -> Text,
        state -> Text,
        token_hash -> Nullable<Binary>,
        token_expires_at -> Nullable<BigInt>,
        failures -> BigInt,
        note -> Text,
        asked_at -> BigInt,
        confirmed_at -> Nullable<BigInt>,
        ended_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    bulletin_letters (id) {
        id -> BigInt,
        channel_id -> BigInt,
        delivery_id -> BigInt,
        origin_kind -> Text,
        origin_id -> BigInt,
        subscriber_id -> Nullable<BigInt>,
        address_hash -> Binary,
        state -> Text,
        tries -> BigInt,
        next_at -> BigInt,
        fence -> BigInt,
        leased_until -> Nullable<BigInt>,
        begun_at -> Nullable<BigInt>,
        status -> Nullable<BigInt>,
        note -> Text,
        created_at -> BigInt,
        settled_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    bulletin_keys (id) {
        id -> BigInt,
        channel_id -> BigInt,
        selector -> Text,
        sealed -> Binary,
        public_key -> Text,
        made_at -> BigInt,
        in_use_at -> Nullable<BigInt>,
    }
}

diesel::joinable!(member_names -> members (member_id));
diesel::joinable!(member_badges -> badges (badge_id));
diesel::joinable!(standings -> members (member_id));
diesel::joinable!(sessions -> members (member_id));
diesel::joinable!(mail_links -> members (member_id));
diesel::joinable!(api_tokens -> members (member_id));
diesel::joinable!(group_members -> groups (group_id));
diesel::joinable!(group_members -> members (member_id));
diesel::joinable!(document_versions -> members (created_by));
diesel::joinable!(acknowledgements -> members (member_id));
diesel::joinable!(acknowledgements -> document_versions (version_id));
diesel::joinable!(category_grants -> categories (category_id));
diesel::joinable!(category_grants -> groups (group_id));
diesel::joinable!(threads -> categories (category_id));
diesel::joinable!(posts -> threads (thread_id));
diesel::joinable!(post_revisions -> posts (post_id));
diesel::joinable!(post_revisions -> members (edited_by));
diesel::joinable!(post_addresses -> posts (post_id));
diesel::joinable!(thread_tags -> threads (thread_id));
diesel::joinable!(thread_tags -> tags (tag_id));
diesel::joinable!(channel_grants -> channels (channel_id));
diesel::joinable!(deliveries -> channels (channel_id));
diesel::joinable!(attempts -> deliveries (delivery_id));
diesel::joinable!(attempts -> members (by_member));
diesel::joinable!(page_entries -> channels (channel_id));
diesel::joinable!(bulletin_letters -> bulletin_subscribers (subscriber_id));
diesel::joinable!(link_codes -> channels (channel_id));
diesel::joinable!(reports -> review_items (item_id));
diesel::joinable!(appeals -> decisions (decision_id));
diesel::joinable!(reports -> members (reporter_id));
diesel::joinable!(sanctions -> review_items (item_id));
diesel::joinable!(highlights -> threads (thread_id));
diesel::joinable!(highlight_changes -> highlights (highlight_id));
diesel::joinable!(highlight_quotes -> highlights (highlight_id));
diesel::joinable!(highlight_quotes -> posts (post_id));
diesel::joinable!(highlight_quotes -> members (author_id));
diesel::joinable!(consents -> highlights (highlight_id));
diesel::joinable!(consents -> members (member_id));
diesel::joinable!(consent_events -> consents (consent_id));
diesel::joinable!(declined_words -> posts (post_id));
diesel::joinable!(highlight_decisions -> highlights (highlight_id));
diesel::joinable!(highlight_decisions -> members (by_id));
diesel::joinable!(highlight_revisers -> highlights (highlight_id));
diesel::joinable!(highlight_revisers -> members (member_id));
diesel::joinable!(waiting_corrections -> announcements (announcement_id));
diesel::joinable!(pulls -> highlights (highlight_id));
diesel::joinable!(pull_pictures -> pulls (pull_id));
diesel::joinable!(highlight_topics -> highlights (highlight_id));
diesel::joinable!(collection_items -> highlights (highlight_id));
diesel::joinable!(collection_items -> collections (collection_id));
diesel::joinable!(pulls -> pull_feeds (feed_id));
diesel::joinable!(announcements -> highlights (highlight_id));
diesel::joinable!(announcements -> channels (channel_id));
diesel::joinable!(announcements -> document_versions (messaging_version));
diesel::joinable!(compositions -> highlights (highlight_id));
diesel::joinable!(compositions -> members (saved_by));
diesel::joinable!(composition_texts -> compositions (highlight_id));
diesel::joinable!(composition_texts -> channels (channel_id));
diesel::joinable!(queue_slots -> channels (channel_id));
diesel::joinable!(voice_requests -> categories (category_id));
diesel::joinable!(voice_answers -> voice_requests (request_id));
diesel::joinable!(voice_answers -> members (by_id));
diesel::joinable!(voice_answers -> document_versions (charter_version));
diesel::joinable!(voice_offers -> voice_requests (request_id));
diesel::joinable!(voice_offers -> highlights (highlight_id));
diesel::joinable!(voice_offers -> members (by_id));

diesel::joinable!(bookmarks -> posts (post_id));
diesel::joinable!(announcement_notes -> announcements (announcement_id));
diesel::joinable!(text_suggestions -> highlights (highlight_id));

diesel::table! {
    search_threads (thread_id) {
        thread_id -> BigInt,
        category_id -> Nullable<BigInt>,
        author_id -> Nullable<BigInt>,
        state -> Text,
        solved -> Bool,
    }
}

diesel::table! {
    search_tags (thread_id, tag_id) {
        thread_id -> BigInt,
        tag_id -> BigInt,
    }
}

diesel::table! {
    search_posts (post_id) {
        post_id -> BigInt,
        thread_id -> BigInt,
        number -> BigInt,
        author_id -> Nullable<BigInt>,
        state -> Text,
        at -> BigInt,
    }
}

diesel::table! {
    search_progress (id) {
        id -> BigInt,
        version -> BigInt,
        done -> Bool,
        last_post_id -> BigInt,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    jobs,
    leases,
    idempotency_keys,
    rate_limits,
    settings,
    pages,
    audit_entries,
    members,
    badges,
    member_badges,
    ignores,
    member_names,
    standings,
    required_acknowledgements,
    sessions,
    mail_links,
    api_tokens,
    invitations,
    groups,
    group_members,
    notices,
    document_versions,
    acknowledgements,
    acknowledgement_reminders,
    problem_statements,
    categories,
    category_grants,
    threads,
    posts,
    post_revisions,
    post_addresses,
    tags,
    thread_tags,
    channels,
    channel_grants,
    deliveries,
    attempts,
    page_entries,
    link_codes,
    clicks,
    review_items,
    review_events,
    report_reasons,
    guest_reports,
    decisions,
    appeals,
    member_notes,
    watched_words,
    desk_settings,
    spam_words,
    spam_lessons,
    reports,
    sanctions,
    highlights,
    highlight_changes,
    highlight_quotes,
    consents,
    consent_events,
    declined_words,
    highlight_decisions,
    highlight_revisers,
    waiting_corrections,
    pulls,
    pull_pictures,
    announcements,
    compositions,
    composition_texts,
    queue_slots,
    voice_requests,
    voice_answers,
    voice_offers,
    bookmarks,
    link_cards,
    drafts,
    reactions,
    polls,
    poll_votes,
    thread_reads,
    category_follows,
    tag_follows,
    reading_marks,
    notice_ways,
    digests,
    mail_suppressions,
    milestones,
    candidates,
    uploads,
    announcement_notes,
    text_suggestions,
    highlight_topics,
    collections,
    collection_items,
    pull_feeds,
    library_letters,
    search_threads,
    search_tags,
    search_posts,
    search_progress,
    bulletin_subscribers,
    bulletin_letters,
    bulletin_keys,
);
