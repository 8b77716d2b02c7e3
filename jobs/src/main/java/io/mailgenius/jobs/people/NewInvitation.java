package io.mailgenius.jobs.people;

/**
 * @param link where it is accepted, shown this once
 */
public record NewInvitation(String link, InvitationView invitation) {}
