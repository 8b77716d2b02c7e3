package io.mailgenius.console.pages;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.Locale;
import java.util.Optional;
import org.springframework.web.util.WebUtils;

/** What a person chose in this browser, in cookies that console.js writes. */
final class BrowserChoice {

    private static final int LONGEST = 60;

    private BrowserChoice() {}

    /** The zone that the browser is in. */
    static Optional<ZoneId> zone(HttpServletRequest request) {
        return cookie(request, "console-zone")
                .flatMap(
                        name -> {
                            try {
                                return Optional.of(ZoneId.of(name));
                            } catch (DateTimeException unknown) {
                                return Optional.empty();
                            }
                        });
    }

    static Optional<Locale> language(HttpServletRequest request) {
        return cookie(request, "console-language")
                .map(Locale::forLanguageTag)
                .filter(ConsoleLocale.LANGUAGES::contains);
    }

    private static Optional<String> cookie(HttpServletRequest request, String name) {
        Cookie cookie = WebUtils.getCookie(request, name);
        return Optional.ofNullable(cookie)
                .map(Cookie::getValue)
                .filter(it -> it.length() <= LONGEST);
    }
}
