package io.mailgenius.jobs.providers.resend;

import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.resend.services.emails.model.Attachment;
import com.resend.services.emails.model.CreateEmailOptions;
import com.resend.services.emails.model.Tag;
import io.mailgenius.jobs.providers.Mail;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import okhttp3.MediaType;
import okhttp3.RequestBody;
import okio.BufferedSink;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The JSON of requests and responses. Requests are resend-java's models, written as its own mapper
 * does, but directly to bytes: the mapper makes a string first, which takes four times the memory
 * of the request. Responses are read with our own mapper, because resend-java's prints what it
 * cannot read and continues with null.
 */
final class Payload {

    private static final MediaType JSON = MediaType.get("application/json");
    private static final int BATCH_BYTES = 256 * 1024;
    private static final int KEPT_BYTES = 2 * 1024 * 1024;

    private final ThreadLocal<Bytes> buffers = ThreadLocal.withInitial(Bytes::new);

    private final ObjectWriter writer =
            new ObjectMapper()
                    .setSerializationInclusion(Include.NON_NULL)
                    .writer()
                    .with(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8);
    private final JsonMapper reader = JsonMapper.shared();

    /** Valid until the next call on the same thread, whose buffer it uses. */
    RequestBody of(List<Mail> mails) {
        List<CreateEmailOptions> options = new ArrayList<>(mails.size());
        for (Mail mail : mails) {
            options.add(options(mail));
        }
        return written(options);
    }

    /** The same for a single mail, which may have attachments. */
    RequestBody of(Mail mail) {
        return written(options(mail));
    }

    private RequestBody written(Object options) {
        Bytes bytes = buffers.get();
        bytes.reset();
        try {
            writer.writeValue(bytes, options);
        } catch (IOException e) {
            throw new UncheckedIOException("Texts can always be written as JSON", e);
        }
        if (bytes.size() > KEPT_BYTES) {
            buffers.remove();
        }
        return bytes.body();
    }

    private static CreateEmailOptions options(Mail mail) {
        CreateEmailOptions.Builder options =
                CreateEmailOptions.builder()
                        .from(mail.from())
                        .to(mail.to())
                        .subject(mail.subject());
        if (mail.html() != null) {
            options.html(mail.html());
        }
        if (mail.text() != null) {
            options.text(mail.text());
        }
        if (mail.replyTo() != null) {
            options.replyTo(mail.replyTo());
        }
        if (!mail.headers().isEmpty()) {
            options.headers(mail.headers());
        }
        if (!mail.tags().isEmpty()) {
            options.tags(tags(mail.tags()));
        }
        for (Mail.Attachment attachment : mail.attachments()) {
            Attachment.Builder file =
                    Attachment.builder().fileName(attachment.name()).content(attachment.content());
            if (attachment.mediaType() != null) {
                file.contentType(attachment.mediaType());
            }
            options.addAttachment(file.build());
        }
        return options.build();
    }

    private static List<Tag> tags(Map<String, String> map) {
        List<Tag> tags = new ArrayList<>(map.size());
        map.forEach((name, value) -> tags.add(Tag.builder().name(name).value(value).build()));
        return tags;
    }

    /**
     * The ids in {@code {"data":[{"id":…},…]}}, or of a single mail in {@code {"id":…}}; none if
     * the answer is anything else.
     */
    List<String> ids(byte[] answer) {
        try {
            List<String> ids = new ArrayList<>();
            JsonNode json = reader.readTree(answer);
            if (json.path("id").isString()) {
                return List.of(json.path("id").stringValue());
            }
            for (JsonNode mail : json.path("data")) {
                if (!mail.path("id").isString()) {
                    return List.of();
                }
                ids.add(mail.path("id").stringValue());
            }
            return ids;
        } catch (JacksonException notJson) {
            return List.of();
        }
    }

    private static final class Bytes extends ByteArrayOutputStream {

        Bytes() {
            super(BATCH_BYTES);
        }

        /** The part of the buffer that was written. */
        RequestBody body() {
            return new Lying(buf, count);
        }
    }

    /**
     * Written in pieces that fit the buffers that OkHttp reuses, so that it allocates no others.
     */
    private static final class Lying extends RequestBody {

        private static final int PIECE = 32 * 1024;

        private final byte[] bytes;
        private final int length;

        private Lying(byte[] bytes, int length) {
            this.bytes = bytes;
            this.length = length;
        }

        @Override
        public MediaType contentType() {
            return JSON;
        }

        @Override
        public long contentLength() {
            return length;
        }

        @Override
        public void writeTo(BufferedSink sink) throws IOException {
            for (int from = 0; from < length; from += PIECE) {
                sink.write(bytes, from, Math.min(PIECE, length - from));
            }
        }
    }
}
