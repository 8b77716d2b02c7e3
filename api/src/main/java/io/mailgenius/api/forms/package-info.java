/** Forms over HTTP: what operators make of them, and what anybody sends to them. */
@NullMarked
package io.mailgenius.api.forms;

import org.jspecify.annotations.NullMarked;
