package io.mailgenius.jobs.templates;

import java.time.Duration;

/**
 * What one part of one mail may cost, so that no template holds a worker up.
 *
 * @param iterations of all its loops together
 * @param chars of any text, list or number that it makes on its way
 * @param time looked at while it loops and filters; a plain mail is done long before the first look
 */
record TemplateLimits(int iterations, int chars, Duration time) {

    static final TemplateLimits DEFAULT =
            new TemplateLimits(10_000, 512 * 1024, Duration.ofSeconds(1));
}
