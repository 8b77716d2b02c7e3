package io.mailgenius.api.chaos;

/**
 * Several campaigns instead of one.
 *
 * @param campaigns how many, of the workspaces in turn
 * @param workspaces how many
 * @param mails of each campaign
 */
public record Crowd(int campaigns, int workspaces, int mails) {}
