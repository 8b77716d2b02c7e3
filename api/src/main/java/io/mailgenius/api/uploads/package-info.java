/** Large files in pieces that may break off and go on: the tus protocol. */
@NullMarked
package io.mailgenius.api.uploads;

import org.jspecify.annotations.NullMarked;
