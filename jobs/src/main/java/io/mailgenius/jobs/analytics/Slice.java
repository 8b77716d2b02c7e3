package io.mailgenius.jobs.analytics;

import java.time.Instant;

/** A part of an hour of a campaign: small enough to be settled in one transaction. */
record Slice(long campaignId, Instant from, Instant to) {}
