/** The nodes of the installation, over HTTP and in the console. */
@NullMarked
package io.mailgenius.api.nodes;

import org.jspecify.annotations.NullMarked;
