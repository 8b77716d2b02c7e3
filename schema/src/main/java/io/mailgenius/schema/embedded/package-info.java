/** The embedded PostgreSQL. An installation with its own server does not need this package. */
@NullMarked
package io.mailgenius.schema.embedded;

import org.jspecify.annotations.NullMarked;
