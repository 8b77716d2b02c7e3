/** Activities: what contacts did in other systems, as these report it. */
@NullMarked
package io.mailgenius.jobs.activities;

import org.jspecify.annotations.NullMarked;
