package io.mailgenius.schema;

/** The life of a campaign. */
public enum CampaignStatus {
    DRAFT,
    SCHEDULED,
    SENDING,
    PAUSED,
    SENT,
    CANCELLED,
    FAILED
}
