package io.mailgenius.bench.chaos;

/**
 * Several campaigns instead of one.
 *
 * @param campaigns the number of campaigns, distributed over the workspaces in turn
 * @param workspaces the number of workspaces
 * @param mails per campaign
 */
public record BusyWorkspaces(int campaigns, int workspaces, int mails) {}
