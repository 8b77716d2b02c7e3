package io.mailgenius.jobs.endpoints;

import java.time.Instant;

/**
 * @param secret {@code whsec_…}; shown this once
 * @param othersExpireAt until then messages are signed with the earlier secrets as well
 */
public record NewSecret(String secret, Instant othersExpireAt) {}
