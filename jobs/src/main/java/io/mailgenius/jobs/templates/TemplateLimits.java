package io.mailgenius.jobs.templates;

import java.time.Duration;

/**
 * The limits of one part of one mail, so that no template can block a worker.
 *
 * @param iterations of all loops together
 * @param chars of any text, list or number made while rendering
 * @param time checked in loops and filters only; a plain mail ends before the first check
 */
record TemplateLimits(int iterations, int chars, Duration time) {

    static final TemplateLimits DEFAULT =
            new TemplateLimits(10_000, 512 * 1024, Duration.ofSeconds(1));
}
