package io.mailgenius.jobs.workspaces;

/**
 * @param secret the key itself, shown this once
 */
public record NewApiKey(String secret, ApiKeyView key) {}
