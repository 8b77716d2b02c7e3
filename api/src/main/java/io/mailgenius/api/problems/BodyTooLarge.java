package io.mailgenius.api.problems;

import java.io.IOException;
import java.io.Serial;

/** The body exceeds its limit. */
final class BodyTooLarge extends IOException {

    @Serial private static final long serialVersionUID = 1L;
}
