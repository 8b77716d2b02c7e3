/**
 * Opens and clicks of our own: a request is answered as soon as it is on this node's disk, and
 * becomes an event a few seconds later, when it can be told whether a person was behind it.
 */
@NullMarked
package io.mailgenius.jobs.events.tracking;

import org.jspecify.annotations.NullMarked;
