package io.mailgenius.bench.chaos;

/**
 * Several campaigns instead of one.
 *
 * @param campaigns how many, of the workspaces in turn
 * @param workspaces how many
 * @param mails of each campaign
 */
public record BusyWorkspaces(int campaigns, int workspaces, int mails) {}
