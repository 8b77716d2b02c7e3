/** What an application says about itself and about who looks at its console. */
@NullMarked
package io.mailgenius.console.host;

import org.jspecify.annotations.NullMarked;
