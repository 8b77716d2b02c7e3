/** Reports of what contacts did in other systems. */
@NullMarked
package io.mailgenius.api.activities;

import org.jspecify.annotations.NullMarked;
