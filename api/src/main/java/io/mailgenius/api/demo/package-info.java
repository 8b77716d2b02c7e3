/** The demo: starts a node and uses it through the public API like any client. */
@NullMarked
package io.mailgenius.api.demo;

import org.jspecify.annotations.NullMarked;
