/**
 * Everything once, from outside: a node of its own, driven through the public API as any client
 * would.
 */
@NullMarked
package io.mailgenius.api.demo;

import org.jspecify.annotations.NullMarked;
