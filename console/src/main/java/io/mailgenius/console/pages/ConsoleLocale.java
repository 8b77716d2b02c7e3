package io.mailgenius.console.pages;

import io.mailgenius.console.host.ConsoleHost;
import io.mailgenius.console.host.Viewer;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.web.servlet.LocaleResolver;

/**
 * The language of pages: what the person chose in this browser, else what the application knows of
 * them, else what the browser asks for, else English.
 */
public final class ConsoleLocale implements LocaleResolver {

    public static final List<Locale> LANGUAGES =
            List.of(Locale.ENGLISH, Locale.forLanguageTag("pt-BR"));

    private final ConsoleHost host;

    public ConsoleLocale(ConsoleHost host) {
        this.host = host;
    }

    @Override
    public Locale resolveLocale(HttpServletRequest request) {
        return BrowserChoice.language(request).orElseGet(() -> ofPerson(request));
    }

    private Locale ofPerson(HttpServletRequest request) {
        Viewer viewer = host.viewer(request);
        Locale known = viewer == null ? null : viewer.language();
        if (known != null && LANGUAGES.contains(known)) {
            return known;
        }
        return asked(request.getHeader(HttpHeaders.ACCEPT_LANGUAGE));
    }

    /** Another Portuguese is nearer to ours than English is. */
    private static Locale asked(@Nullable String header) {
        if (header == null) {
            return Locale.ENGLISH;
        }
        try {
            List<Locale.LanguageRange> ranges = Locale.LanguageRange.parse(header);
            for (Locale.LanguageRange range : ranges) {
                for (Locale ours : LANGUAGES) {
                    if (range.getRange().split("-", 2)[0].equals(ours.getLanguage())) {
                        return ours;
                    }
                }
            }
            return Locale.ENGLISH;
        } catch (IllegalArgumentException unreadable) {
            return Locale.ENGLISH;
        }
    }

    /** The browser keeps the choice. */
    @Override
    public void setLocale(
            HttpServletRequest request,
            @Nullable HttpServletResponse response,
            @Nullable Locale locale) {
        throw new UnsupportedOperationException("The browser keeps the language");
    }
}
