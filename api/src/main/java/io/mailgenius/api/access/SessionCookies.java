package io.mailgenius.api.access;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.web.csrf.CookieCsrfTokenRepository;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.security.web.csrf.CsrfTokenRepository;
import org.springframework.session.web.http.CookieSerializer;
import org.springframework.session.web.http.DefaultCookieSerializer;

/**
 * The cookies of the console. Over HTTPS their names begin with {@code __Host-}, so that browsers
 * take them from this host alone and never over HTTP.
 */
@Configuration(proxyBeanMethods = false)
class SessionCookies {

    private static final String NAME = "mailgenius";
    private static final String TOKEN = "mailgenius-form";
    private static final String PREFIX = "__Host-";

    @Bean
    CookieSerializer cookieSerializer() {
        return new BySchemeSerializer(serializer(NAME, false), serializer(PREFIX + NAME, true));
    }

    private static DefaultCookieSerializer serializer(String name, boolean secure) {
        DefaultCookieSerializer serializer = new DefaultCookieSerializer();
        serializer.setCookieName(name);
        serializer.setCookiePath("/");
        serializer.setUseHttpOnlyCookie(true);
        serializer.setSameSite("Lax");
        serializer.setUseSecureCookie(secure);
        return serializer;
    }

    private record BySchemeSerializer(CookieSerializer plain, CookieSerializer secure)
            implements CookieSerializer {

        @Override
        public void writeCookieValue(CookieValue value) {
            of(value.getRequest()).writeCookieValue(value);
        }

        @Override
        public List<String> readCookieValues(HttpServletRequest request) {
            return of(request).readCookieValues(request);
        }

        private CookieSerializer of(HttpServletRequest request) {
            return request.isSecure() ? secure : plain;
        }
    }

    /** The token of forms is in a cookie too, so that a page with a form needs no session. */
    static CsrfTokenRepository formTokens() {
        return new BySchemeTokens(tokens(TOKEN, false), tokens(PREFIX + TOKEN, true));
    }

    private static CookieCsrfTokenRepository tokens(String name, boolean secure) {
        CookieCsrfTokenRepository tokens = new CookieCsrfTokenRepository();
        tokens.setCookieName(name);
        tokens.setCookiePath("/");
        tokens.setCookieCustomizer(cookie -> cookie.httpOnly(true).secure(secure).sameSite("Lax"));
        return tokens;
    }

    private record BySchemeTokens(CsrfTokenRepository plain, CsrfTokenRepository secure)
            implements CsrfTokenRepository {

        @Override
        public CsrfToken generateToken(HttpServletRequest request) {
            return of(request).generateToken(request);
        }

        @Override
        public void saveToken(
                @Nullable CsrfToken token,
                HttpServletRequest request,
                HttpServletResponse response) {
            of(request).saveToken(token, request, response);
        }

        @Override
        public @Nullable CsrfToken loadToken(HttpServletRequest request) {
            return of(request).loadToken(request);
        }

        private CsrfTokenRepository of(HttpServletRequest request) {
            return request.isSecure() ? secure : plain;
        }
    }
}
