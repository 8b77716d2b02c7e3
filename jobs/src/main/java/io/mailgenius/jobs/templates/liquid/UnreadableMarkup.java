package io.mailgenius.jobs.templates.liquid;

import java.io.Serial;

/** The markup of a tag is no Liquid; who knows the tag says where it stands. */
final class UnreadableMarkup extends RuntimeException {

    @Serial private static final long serialVersionUID = 1L;

    UnreadableMarkup() {
        super("cannot be read", null, false, false);
    }
}
