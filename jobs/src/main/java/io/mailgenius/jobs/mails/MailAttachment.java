package io.mailgenius.jobs.mails;

import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/**
 * A file in a mail.
 *
 * @param name of the file, without folders
 * @param mediaType such as {@code application/pdf}; by the name if null
 * @param content in base64
 */
public record MailAttachment(
        @Size(min = 1, max = 200) String name,
        @Size(max = 100) @Nullable String mediaType,
        String content) {}
