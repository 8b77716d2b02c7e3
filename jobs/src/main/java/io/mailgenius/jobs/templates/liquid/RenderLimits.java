package io.mailgenius.jobs.templates.liquid;

import java.time.Duration;

/** What one rendering may cost: rounds of loops, characters of any text or list, and time. */
record RenderLimits(int rounds, int chars, Duration time) {}
