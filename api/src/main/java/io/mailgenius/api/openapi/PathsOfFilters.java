package io.mailgenius.api.openapi;

import io.swagger.v3.oas.models.Paths;

/**
 * Paths that a filter answers, so that no controller is there to be read. They are in the document
 * before it is made exact: springdoc itself applies its customizers in no order that can be named.
 */
@FunctionalInterface
public interface PathsOfFilters {

    void addTo(Paths paths);
}
