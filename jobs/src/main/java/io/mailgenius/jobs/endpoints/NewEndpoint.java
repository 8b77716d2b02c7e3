package io.mailgenius.jobs.endpoints;

/**
 * @param secret {@code whsec_…}, with which its messages are signed; shown this once
 */
public record NewEndpoint(EndpointView endpoint, String secret) {}
