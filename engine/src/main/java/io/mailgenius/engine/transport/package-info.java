/**
 * Wake-ups over Redis: a stream per living job tells workers which chunks wait, a channel tells
 * managers which chunks were answered. All of it may be lost at any moment: that costs time, never
 * work.
 */
@NullMarked
package io.mailgenius.engine.transport;

import org.jspecify.annotations.NullMarked;
