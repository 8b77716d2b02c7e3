package io.mailgenius.engine.launching;

import java.time.Duration;

/**
 * Something that one node of the cluster does at a time, again and again. A bean of the product.
 *
 * @param pause between the end of one run and the next
 */
public record Recurring(String name, Duration pause, Runnable work) {}
