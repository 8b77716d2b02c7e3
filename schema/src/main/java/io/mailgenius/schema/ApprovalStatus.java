package io.mailgenius.schema;

/** The state of a request to approve a campaign. */
public enum ApprovalStatus {
    PENDING,
    APPROVED,
    DECLINED,
    /** The campaign was changed, and another request has taken its place. */
    OVERTAKEN
}
