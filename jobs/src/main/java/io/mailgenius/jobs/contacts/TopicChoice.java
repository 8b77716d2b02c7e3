package io.mailgenius.jobs.contacts;

/**
 * Whether a contact gets what is about a topic.
 *
 * @param chosen false if that is only so because nothing else was said
 */
public record TopicChoice(TopicView topic, boolean wanted, boolean chosen) {}
