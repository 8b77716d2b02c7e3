package io.mailgenius.api.problems;

import java.io.IOException;
import java.io.Serial;

/** More was sent than is read into memory. */
final class BodyTooLarge extends IOException {

    @Serial private static final long serialVersionUID = 1L;
}
