package io.mailgenius.jobs.delivery;

import java.time.Instant;
import java.util.Map;

/**
 * Whom a chunk mails, written down before the first call: every attempt makes the same batches of
 * the same people, so that the provider knows a repetition by its key.
 *
 * @param since when the first batch may have gone out; the provider forgets keys a day later
 * @param skipped contacts that get no mail, with the reason
 */
record Plan(Instant since, Map<Long, String> skipped) {}
