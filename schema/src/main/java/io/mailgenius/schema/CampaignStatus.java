package io.mailgenius.schema;

/** The states of a campaign. */
public enum CampaignStatus {
    DRAFT,
    SCHEDULED,
    SENDING,
    PAUSED,
    SENT,
    CANCELLED,
    FAILED
}
