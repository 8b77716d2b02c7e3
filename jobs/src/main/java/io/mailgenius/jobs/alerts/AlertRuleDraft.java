package io.mailgenius.jobs.alerts;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A rule as somebody asks for it.
 *
 * @param threshold null for the usual one of the kind
 * @param durationSeconds for how long the threshold is reached before the alert opens; null for the
 *     usual time of the kind
 * @param enabled null for true
 * @param emails who is notified by mail; null for nobody
 * @param webhookUrl which program is notified; null for none
 */
public record AlertRuleDraft(
        String name,
        String kind,
        @Nullable Double threshold,
        @Nullable Integer durationSeconds,
        @Nullable Boolean enabled,
        @Nullable List<String> emails,
        @Nullable String webhookUrl) {}
