/**
 * Rules about figures of the installation and of what it does, evaluated by one node at a time, and
 * whoever is notified when one is broken.
 */
@NullMarked
package io.mailgenius.engine.alerts;

import org.jspecify.annotations.NullMarked;
