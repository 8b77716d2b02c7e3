/** The settings with which a node takes part in the engine. */
@NullMarked
package io.mailgenius.engine.settings;

import org.jspecify.annotations.NullMarked;
