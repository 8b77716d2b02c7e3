/** People over HTTP: contacts, the lists they are on, and addresses that are not mailed. */
@NullMarked
package io.mailgenius.api.contacts;

import org.jspecify.annotations.NullMarked;
