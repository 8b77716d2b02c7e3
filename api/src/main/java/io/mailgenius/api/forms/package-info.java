/** The endpoints of forms: for operators, and the public one that websites post to. */
@NullMarked
package io.mailgenius.api.forms;

import org.jspecify.annotations.NullMarked;
