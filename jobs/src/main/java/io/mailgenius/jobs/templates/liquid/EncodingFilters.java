package io.mailgenius.jobs.templates.liquid;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.net.URLEncoder;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;

/** Filters that encode or decode HTML, URLs and Base64. */
final class EncodingFilters {

    static final List<FilterDefinition> ALL =
            List.of(
                    orNothing("escape", text -> new SafeHtml(Html.escape(text))),
                    orNothing("h", text -> new SafeHtml(Html.escape(text))),
                    text("escape_once", text -> new SafeHtml(Html.escapeOnce(text))),
                    text("newline_to_br", EncodingFilters::withBreaks),
                    orNothing("url_encode", EncodingFilters::urlEncoded),
                    orNothing("url_decode", EncodingFilters::urlDecoded),
                    text("base64_encode", text -> encoded(text, Base64.getEncoder())),
                    text("base64_url_safe_encode", text -> encoded(text, Base64.getUrlEncoder())),
                    text("base64_decode", text -> decoded(text, Base64.getDecoder())),
                    text("base64_url_safe_decode", text -> decoded(text, Base64.getUrlDecoder())));

    private EncodingFilters() {}

    private static FilterDefinition text(String name, Function<String, Object> work) {
        return new FilterDefinition(
                name, 0, 0, (input, _, _) -> work.apply(LiquidValues.text(input)));
    }

    private static FilterDefinition orNothing(String name, Function<String, Object> work) {
        return new FilterDefinition(
                name,
                0,
                0,
                (input, _, _) -> input == null ? null : work.apply(LiquidValues.text(input)));
    }

    /** Escapes the text too, because the result is HTML. */
    private static SafeHtml withBreaks(String text) {
        return new SafeHtml(Html.escape(text).replace("\r\n", "\n").replace("\n", "<br />\n"));
    }

    private static String urlEncoded(String text) {
        return URLEncoder.encode(text, UTF_8).replace("*", "%2A").replace("%7E", "~");
    }

    /** Leaves invalid percent-encodings as they are. */
    private static String urlDecoded(String text) {
        if (text.indexOf('%') < 0) {
            return text.replace('+', ' ');
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
        byte[] all = text.getBytes(UTF_8);
        for (int i = 0; i < all.length; i++) {
            int high = all[i] == '%' && i + 2 < all.length ? Character.digit(all[i + 1], 16) : -1;
            int low = high >= 0 ? Character.digit(all[i + 2], 16) : -1;
            bytes.write(low >= 0 ? high * 16 + low : all[i] == '+' ? ' ' : all[i]);
            i += low >= 0 ? 2 : 0;
        }
        return bytes.toString(UTF_8);
    }

    private static String encoded(String text, Base64.Encoder encoder) {
        return encoder.encodeToString(text.getBytes(UTF_8));
    }

    private static String decoded(String text, Base64.Decoder decoder) {
        try {
            return new String(decoder.decode(text.getBytes(UTF_8)), UTF_8);
        } catch (IllegalArgumentException e) {
            throw new LiquidRenderException("the text is not valid Base64");
        }
    }
}
