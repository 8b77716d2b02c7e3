package io.mailgenius.jobs.templates.liquid;

import java.time.Duration;

/** The limits of one rendering: loop iterations, characters of any text or list, and time. */
record RenderLimits(int rounds, int chars, Duration time) {}
