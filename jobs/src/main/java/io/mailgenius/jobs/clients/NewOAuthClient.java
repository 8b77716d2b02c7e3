package io.mailgenius.jobs.clients;

/**
 * @param secret of the client, shown this once
 */
public record NewOAuthClient(String secret, OAuthClientView client) {}
