package io.mailgenius.jobs.contacts;

/**
 * Whether a contact gets mails about a topic.
 *
 * @param chosen false if this is the default and not a choice of the contact
 */
public record TopicChoice(TopicView topic, boolean wanted, boolean chosen) {}
