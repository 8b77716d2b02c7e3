/**
 * The OpenAPI document: what springdoc reads off the controllers, made exact. What records, types
 * and annotations say is carried over; nothing is written down twice.
 */
@NullMarked
package io.mailgenius.api.openapi;

import org.jspecify.annotations.NullMarked;
