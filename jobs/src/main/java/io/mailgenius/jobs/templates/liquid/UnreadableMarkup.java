package io.mailgenius.jobs.templates.liquid;

import java.io.Serial;

/** Invalid markup of a tag. The tag parser catches it and adds the position. */
final class UnreadableMarkup extends RuntimeException {

    @Serial private static final long serialVersionUID = 1L;

    UnreadableMarkup() {
        super("cannot be read", null, false, false);
    }
}
