/** What all pages share: the frame, times and texts, live regions and what was last known. */
@NullMarked
package io.mailgenius.console.pages;

import org.jspecify.annotations.NullMarked;
