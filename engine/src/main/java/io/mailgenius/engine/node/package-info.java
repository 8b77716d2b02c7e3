/** The nodes of an installation: who is there, what they do, and who has fallen silent. */
@NullMarked
package io.mailgenius.engine.node;

import org.jspecify.annotations.NullMarked;
