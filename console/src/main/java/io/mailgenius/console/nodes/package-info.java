/** Pages of nodes, and the actions on them. */
@NullMarked
package io.mailgenius.console.nodes;

import org.jspecify.annotations.NullMarked;
