//! The saved queries that ship with the tool: one row for each file in `queries/`.

/// Name and text, by name.
pub(super) const SHIPPED: &[(&str, &str)] = &[
    ("audiences", include_str!("../../queries/audiences.dixit")),
    ("changes-of-position", include_str!("../../queries/changes-of-position.dixit")),
    ("cited-not-read", include_str!("../../queries/cited-not-read.dixit")),
    ("claims-by-topic", include_str!("../../queries/claims-by-topic.dixit")),
    ("contested-claims", include_str!("../../queries/contested-claims.dixit")),
    ("corroboration", include_str!("../../queries/corroboration.dixit")),
    ("direct-quotes", include_str!("../../queries/direct-quotes.dixit")),
    ("disputed-accounts", include_str!("../../queries/disputed-accounts.dixit")),
    ("known-only-by-relay", include_str!("../../queries/known-only-by-relay.dixit")),
    ("nested-attribution", include_str!("../../queries/nested-attribution.dixit")),
    ("offices", include_str!("../../queries/offices.dixit")),
    ("said-at", include_str!("../../queries/said-at.dixit")),
    ("self-contradictions", include_str!("../../queries/self-contradictions.dixit")),
    ("sides", include_str!("../../queries/sides.dixit")),
    ("taken-from", include_str!("../../queries/taken-from.dixit")),
    ("unnamed-only", include_str!("../../queries/unnamed-only.dixit")),
    ("unnamed-speakers", include_str!("../../queries/unnamed-speakers.dixit")),
    ("venues-within", include_str!("../../queries/venues-within.dixit")),
    ("what-did-they-say", include_str!("../../queries/what-did-they-say.dixit")),
    ("who-spoke-at", include_str!("../../queries/who-spoke-at.dixit")),
];
